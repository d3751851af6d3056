"""系列案: many cases alike, registered from a table, each once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask

from app.domain.errors import InvalidFileError, NotAllowedError, NotFoundError

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

        def upload(table: str | bytes, by: str = REPORTER):  # type: ignore[no-untyped-def]
            content = table.encode() if isinstance(table, str) else table
            return series.open_series(sample.proceeding_id, table=content, actor=actor_of(by), now=NOW)

        yield SimpleNamespace(upload=upload, sample=sample, document=published["legal_document"])


TABLE = "案号/文号,收到日期\n（2026）皖1524行初31号,2026-03-02\n（2026）皖1524行初32号,2026年3月3日\n"


def facts_of(number: str) -> dict[str, object]:
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Case, Proceeding  # noqa: PLC0415

    query = select(Case).join(Proceeding, Proceeding.id == Case.proceeding_id).where(Proceeding.number == number)
    case = db.session.scalars(query).one()
    return {"doc_no": case.doc_no, "served": str(case.served_date), "type": case.case_type, "series": case.series_id}


def test_every_row_becomes_a_case_like_the_sample_with_what_the_row_says(office: SimpleNamespace) -> None:
    result = office.upload(TABLE)

    second = facts_of(result.rows[1].number)
    assert result.opened == 2
    assert (second["doc_no"], second["served"]) == ("（2026）皖1524行初32号", "2026-03-03")
    assert second["type"] == office.document["case_type"]


def test_the_sample_and_the_rows_are_one_series(office: SimpleNamespace) -> None:
    from app.queries.open_steps import proceeding_of  # noqa: PLC0415

    result = office.upload(TABLE)

    sample = proceeding_of(office.sample.proceeding_id).number
    assert {facts_of(number)["series"] for number in (sample, *(row.number for row in result.rows))} == {sample}


def test_the_same_table_again_opens_nothing_twice(office: SimpleNamespace) -> None:
    first = office.upload(TABLE)
    again = office.upload(TABLE + "（2026）皖1524行初33号,2026-03-04\n")

    assert [row.number for row in again.rows[:2]] == [row.number for row in first.rows]
    assert [row.replayed for row in again.rows] == [True, True, False]


def test_a_wrong_row_is_told_and_does_not_hold_the_others(office: SimpleNamespace) -> None:
    result = office.upload(TABLE + "（2026）皖1524行初34号,三月四日\n")

    assert [bool(row.number) for row in result.rows] == [True, True, False]
    assert list(result.rows[2].errors or {}) == ["served_date"]


def test_two_cases_cannot_share_a_number_of_the_judgment(office: SimpleNamespace) -> None:
    own = office.document["doc_no"]

    result = office.upload(f"案号/文号\n{own}\n")

    assert list(result.rows[0].errors or {}) == ["doc_no"]


@pytest.mark.parametrize(
    "table",
    [
        b"",
        "案号/文号\n",
        "案号/文号,颜色\n1,红\n",
        b"\xff\xfe\x00\x01",
        "文书扫描件\n某文件\n",
        "案号/文号\n" + "号\n" * 501,
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_a_sentence(office: SimpleNamespace, table: str | bytes) -> None:
    with pytest.raises(InvalidFileError):
        office.upload(table)


def test_a_table_from_an_office_program_may_be_in_its_own_encoding(office: SimpleNamespace) -> None:
    assert office.upload(TABLE.encode("gb18030")).opened == 2
    assert office.upload(TABLE.replace(",", "\t").encode("utf-8-sig")).opened == 2


def test_only_the_organs_own_reporter_registers_a_series(office: SimpleNamespace) -> None:
    with pytest.raises(NotAllowedError):
        office.upload(TABLE, by="jinzhai.jmo.officer")
    with pytest.raises(NotFoundError):
        office.upload(TABLE, by="jinzhai.organ.reporter.mzj")
