"""The pages of a series and of a person's status, read in the real county as a careful reader would."""

import io
import json
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app.scenarios.demo import Stage
from config import ROOT
from tests.services.series_stage import workbook
from tests.web.pages import Browser

PASSWORD = "only-For-Tests-1"


@pytest.mark.slow
def test_the_meeting_shows_the_list_behind_a_series_and_the_case_page_records_what_became_of_a_person(
    county: Flask,
) -> None:
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.storage.models import CaseSubject  # noqa: PLC0415

    begins = datetime(2026, 2, 10, 1, tzinfo=UTC)
    with county.app_context():
        stage = Stage(ROOT / "demo", county="jinzhai", begins=begins, ends=datetime(2027, 6, 1, tzinfo=UTC))
        document = stage.cases["C13"]["legal_document"]
        document["series_id"] = "S-1"
        stage.perform({"open": "C13"})
        stage.cases["C14"] = {**stage.cases["C13"], "legal_document": {**document, "doc_no": "（2026）皖1524行初77号"}}
        stage.perform({"open": "C14"})
        stage.perform({"meet": "M1", "cases": ["C13"]})
        stage.perform({"play": "C13", "until": "accountability/T_prior_notice"})
        ids = dict(stage.world.proceedings)
        lead, follower = stage.players["C13"].number, stage.players["C14"].number
        person = db.session.query(CaseSubject).filter_by(proceeding_id=ids["C13"], kind="PERSON").first()
        assert person is not None
        status_page = f"/cases/{ids['C13']}/subjects/{person.id}/status"

    office, head = Browser(county.test_client()), Browser(county.test_client())
    office.sign_in("jinzhai.jmo.director", PASSWORD)
    head.sign_in("jinzhai.sup.head", PASSWORD)

    meeting = office.get(f"/meetings/{ids['M1']}")
    assert "系列案 2 件" in meeting.text
    assert follower in meeting.text
    series = office.get(f"/cases/{ids['C14']}/series")
    assert lead in series.text
    assert "另案办理" in series.text
    assert lead in office.get(f"/cases/{ids['C14']}?story=all").text
    assert "变更状态" in head.get(f"/cases/{ids['C13']}").text
    assert "政务处分法" in head.get(status_page).text


@pytest.mark.slow
def test_a_spreadsheet_is_uploaded_its_progress_is_shown_and_a_step_is_done_for_all_its_cases(county: Flask) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.queries import open_steps  # noqa: PLC0415
    from app.scenarios.filling import fill  # noqa: PLC0415
    from app.scenarios.player import Player  # noqa: PLC0415
    from app.storage.models import Task  # noqa: PLC0415
    from tests.services.series_stage import REPORTER, stage_of  # noqa: PLC0415

    with county.app_context():
        stage = stage_of(4)
        sample = Player(stage.world, "0", answers=stage.answers).open_case(REPORTER)
        sample.do_step("jinzhai-intake/T_register")
        proceeding_id = sample.proceeding_id
        step = sample.find("jinzhai-intake/T_scope")
        scope, officer = step.task_id, stage.world.actor("jinzhai.jmo.officer")
        scene = stage.world.scene(officer, step=step, names=sample.names)
        answers = fill(open_steps.form_of(step), {"scope_decision": "DIRECT"}, scene)
    organ, office = Browser(county.test_client()), Browser(county.test_client())
    organ.sign_in(REPORTER, PASSWORD)
    office.sign_in("jinzhai.jmo.officer", PASSWORD)
    rows = [[f"（2026）皖1524行初{number}号", date(2026, 3, 2)] for number in (61, 62)]
    table = workbook(["案号/文号", "收到日期"], *rows, ["（2026）皖1524行初63号", "三月四日"])

    waiting = organ.post(f"/cases/{proceeding_id}/series", {"table": (io.BytesIO(table), "系列案.xlsx")})
    work(county)
    done = organ.get(f"/cases/{proceeding_id}/series")

    assert "正在办理 0 / 3" in waiting.text
    assert ("meta", {"http-equiv": "refresh", "content": "2"}) in waiting.tags
    assert "已办 2 件" in done.text
    run = next(a["href"] for tag, a in done.tags if tag == "a" and "/series-runs/" in a.get("href", ""))
    told = organ.get(run)
    assert "1 件须单独办理" in told.text
    assert ("meta", {"http-equiv": "refresh", "content": "2"}) not in told.tags

    taken = office.post(f"/tasks/{scope}/claim")
    assert "系列案另有 2 件在同一环节" in taken.text
    together = {"data": json.dumps(answers), "with_series": "1", "key": "scope-1"}
    progress = office.post(f"/tasks/{scope}", together)
    work(county)

    assert "正在办理 0 / 2" in progress.text
    with county.app_context():
        steps = db.session.query(Task).filter(Task.step_id == "T_scope")
        assert [task.status for task in steps] == ["COMPLETED"] * 3
        follower = next(task.proceeding_id for task in steps if task.proceeding_id != proceeding_id)
    assert "一并办理" in office.get(f"/cases/{follower}").text


def work(app: Flask) -> None:
    from app.services.clockwork import tick  # noqa: PLC0415

    with app.app_context():
        while tick(datetime.now(UTC)):
            pass
