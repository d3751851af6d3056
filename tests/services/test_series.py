"""系列案: many cases alike, registered from a table, each once."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.domain.actors import Actor
from app.domain.errors import ConflictError, InvalidFileError, NotAllowedError, NotFoundError
from app.scenarios.hands import ServiceHands
from app.services import tasks
from tests.services.series_stage import workbook

NOW = datetime(2026, 6, 9, 1, 0, tzinfo=UTC)
REPORTER = "jinzhai.organ.reporter.zjj"


@pytest.fixture
def office(county: Flask) -> Iterator[SimpleNamespace]:
    """A registered case, the sample."""
    from app.scenarios.demo import answers_of  # noqa: PLC0415  (see tests.conftest)
    from app.scenarios.player import Player  # noqa: PLC0415
    from app.scenarios.world import World, read_yaml  # noqa: PLC0415
    from app.services import series  # noqa: PLC0415
    from app.storage.accounts import actor_of  # noqa: PLC0415
    from config import ROOT  # noqa: PLC0415

    with county.app_context():
        world = World(county="jinzhai", now=NOW, usual=read_yaml(ROOT / "demo" / "answers.yml"))
        cases = read_yaml(ROOT / "demo" / "cases.yml")["cases"]
        published = next(case for case in cases if case["lead_organ"] == "zjj")
        sample = Player(world, "case", answers=answers_of(published)).open_case(REPORTER)
        sample.do_step("jinzhai-intake/T_register")

        def upload(table: str | bytes, by: str = REPORTER) -> list[SimpleNamespace]:
            """What became of each line, once the worker was there."""
            content = table.encode() if isinstance(table, str) else table
            run_id = series.open_series(sample.proceeding_id, table=content, actor=actor_of(by), now=NOW)
            world.settle()
            return lines_of(run_id)

        def act(step: str) -> Actor:
            """Do a step of the sample for the whole series; who did it. The worker has not been there yet."""
            found = sample.find(step)
            assert sample.refused(found, None) is None
            return world.hands.last

        world.hands = ForAll()
        yield SimpleNamespace(upload=upload, act=act, world=world, sample=sample, document=published["legal_document"])


class ForAll(ServiceHands):
    """Asks of every step that it be done for the whole series."""

    last: Actor

    def complete(self, actor: Actor, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        self.last = actor
        tasks.complete(task_id, answers=answers, actor=actor, now=now, key=uuid4().hex, with_series=True)


def lines_of(run_id: str) -> list[SimpleNamespace]:
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Proceeding, SeriesItem  # noqa: PLC0415

    of_case = (Proceeding, Proceeding.id == SeriesItem.case_id)
    query = select(SeriesItem, Proceeding.number).outerjoin(*of_case).where(SeriesItem.run_id == run_id)
    rows = db.session.execute(query.order_by(SeriesItem.id)).all()
    return [SimpleNamespace(number=number, status=row.status, refusal=row.refusal) for row, number in rows]


TABLE = "案号/文号,收到日期\n（2026）皖1524行初31号,2026-06-02\n（2026）皖1524行初32号,2026年6月3日\n"


def facts_of(number: str) -> dict[str, object]:
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Case, Proceeding  # noqa: PLC0415

    query = select(Case).join(Proceeding, Proceeding.id == Case.proceeding_id).where(Proceeding.number == number)
    case = db.session.scalars(query).one()
    return {"doc_no": case.doc_no, "served": str(case.served_date), "type": case.case_type, "series": case.series_id}


def test_every_row_becomes_a_case_like_the_sample_with_what_the_row_says(office: SimpleNamespace) -> None:
    lines = office.upload(TABLE)

    second = facts_of(lines[1].number)
    assert [line.status for line in lines] == ["DONE", "DONE"]
    assert (second["doc_no"], second["served"]) == ("（2026）皖1524行初32号", "2026-06-03")
    assert second["type"] == office.document["case_type"]


def test_the_sample_and_the_rows_are_one_series(office: SimpleNamespace) -> None:
    from app.queries.open_steps import proceeding_of  # noqa: PLC0415

    lines = office.upload(TABLE)

    sample = proceeding_of(office.sample.proceeding_id).number
    assert {facts_of(number)["series"] for number in (sample, *(line.number for line in lines))} == {sample}


def test_the_same_table_again_opens_nothing_twice(office: SimpleNamespace) -> None:
    first = office.upload(TABLE)
    again = office.upload(TABLE + "（2026）皖1524行初33号,2026-06-04\n")

    assert [line.number for line in again[:2]] == [line.number for line in first]
    assert [line.status for line in again] == ["KNOWN", "KNOWN", "DONE"]


def test_a_wrong_row_is_told_and_does_not_hold_the_others(office: SimpleNamespace) -> None:
    lines = office.upload(TABLE + "（2026）皖1524行初34号,六月四日\n（2026）皖1524行初35号,2026-06-05\n")

    assert [line.status for line in lines] == ["DONE", "DONE", "REFUSED", "DONE"]
    assert list(lines[2].refusal["fields"]) == ["served_date"]


def test_two_cases_cannot_share_a_number_of_the_judgment(office: SimpleNamespace) -> None:
    own = office.document["doc_no"]

    lines = office.upload(f"案号/文号\n{own}\n")

    assert list(lines[0].refusal["fields"]) == ["doc_no"]


@pytest.mark.parametrize(
    "table",
    [
        b"",
        "案号/文号\n",
        "案号/文号,颜色\n1,红\n",
        b"\xff\xfe\x00\x01",
        b"PK\x03\x04 and no more",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "文书扫描件\n某文件\n",
        "案号/文号\n" + "号\n" * 501,
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_a_sentence(office: SimpleNamespace, table: str | bytes) -> None:
    with pytest.raises(InvalidFileError):
        office.upload(table)


def test_a_table_from_an_office_program_may_be_in_its_own_encoding(office: SimpleNamespace) -> None:
    assert [line.status for line in office.upload(TABLE.encode("gb18030"))] == ["DONE", "DONE"]
    assert [line.status for line in office.upload(TABLE.replace(",", "\t").encode("utf-8-sig"))] == ["KNOWN", "KNOWN"]


def test_the_file_of_a_spreadsheet_is_read_with_days_as_days(office: SimpleNamespace) -> None:
    lines = office.upload(
        workbook(
            ["案号/文号", "收到日期"],
            ["（2026）皖1524行初41号", date(2026, 6, 2)],
            ["（2026）皖1524行初42号", "2026年6月3日"],
            [None, None],
            ["（2026）皖1524行初43号", date(2026, 6, 4)],
        )
    )

    assert [line.status for line in lines] == ["DONE"] * 3
    assert [facts_of(line.number)["served"] for line in lines] == ["2026-06-02", "2026-06-03", "2026-06-04"]


def test_a_small_file_that_unfolds_to_a_huge_one_is_refused_unread(office: SimpleNamespace) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)

    with pytest.raises(InvalidFileError, match="过大"):
        office.upload(content.getvalue())


def test_only_the_organs_own_reporter_registers_a_series(office: SimpleNamespace) -> None:
    with pytest.raises(NotAllowedError):
        office.upload(TABLE, by="jinzhai.jmo.officer")
    with pytest.raises(NotFoundError):
        office.upload(TABLE, by="jinzhai.organ.reporter.mzj")


def test_a_step_done_for_the_series_is_done_in_each_case_by_the_same_person_and_says_so(
    office: SimpleNamespace,
) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import HistoryEntry, Task  # noqa: PLC0415

    cases = [id_of(line.number) for line in office.upload(TABLE)]

    office.act("jinzhai-intake/T_scope")
    office.world.settle()
    office.act("filing-report/T_draft")
    office.world.settle()

    for case_id in cases:
        done = db.session.query(HistoryEntry).filter_by(proceeding_id=case_id, step_id="T_draft", act="SUBMITTED").one()
        step = db.session.query(Task).filter_by(proceeding_id=case_id, step_id="T_draft").one()
        assert done.details["with_case"] == office.sample.number
        assert done.person_name == office.world.actor(REPORTER).name
        assert step.completed_by == office.world.actor(REPORTER).person_id
        assert db.session.query(Task).filter_by(proceeding_id=case_id, step_id="T_review", status="OPEN").count() == 1


def test_a_second_step_may_be_done_for_the_series_before_the_first_has_reached_every_case(
    office: SimpleNamespace,
) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Task  # noqa: PLC0415

    cases = [id_of(line.number) for line in office.upload(TABLE)]

    office.act("jinzhai-intake/T_scope")
    office.act("filing-report/T_draft")
    office.world.settle()

    reviews = db.session.query(Task).filter(Task.proceeding_id.in_(cases), Task.step_id == "T_review")
    assert [task.status for task in reviews] == ["OPEN", "OPEN"]


def test_a_case_that_somebody_took_meanwhile_is_left_to_him_and_told(office: SimpleNamespace) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import SeriesItem, Task  # noqa: PLC0415

    one, two = (id_of(line.number) for line in office.upload(TABLE))
    taken = db.session.query(Task).filter_by(proceeding_id=two, step_id="T_scope").one()
    others = {"jinzhai.jmo.officer", "jinzhai.jmo.officer2"}
    actor = office.act("jinzhai-intake/T_scope").username
    tasks.claim(taken.id, actor=office.world.actor((others - {actor}).pop()), now=office.world.now)

    office.world.settle()

    last = {row.case_id: row for row in db.session.query(SeriesItem).order_by(SeriesItem.id)}
    assert last[one].status == "DONE"
    assert (last[two].status, "签收" in last[two].refusal["sentence"]) == ("REFUSED", True)


def test_a_step_that_is_not_named_in_the_register_is_not_done_for_a_series(office: SimpleNamespace) -> None:
    from app.scenarios.player import Player  # noqa: PLC0415

    one = Player(office.world, "one", answers=office.sample.answers).open_case(REPORTER)

    refusal = one.refused(one.find("jinzhai-intake/T_register"), None)

    assert isinstance(refusal, ConflictError)


def test_the_steps_that_a_register_names_are_steps_of_its_diagrams() -> None:
    from app.law import register  # noqa: PLC0415
    from config import ROOT  # noqa: PLC0415

    for path in sorted((ROOT / "processes").glob("*.law.yml")):
        known = register.parse(path.read_bytes())
        named = {step.split("/")[0]: set() for step in known.series_steps}
        for step in known.series_steps:
            named[step.split("/")[0]].add(step.split("/")[1])

        assert named
        for process, steps in named.items():
            diagram = (ROOT / "processes" / f"{process}.bpmn").read_text("utf-8")
            assert {step for step in steps if f'userTask id="{step}"' not in diagram} == set()


def id_of(number: str) -> str:
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Proceeding  # noqa: PLC0415

    return db.session.scalars(select(Proceeding.id).where(Proceeding.number == number)).one()
