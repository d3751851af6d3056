"""The pages of a series and of a person's status, read in the real county as a careful reader would."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.scenarios.demo import Stage
from config import ROOT
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
