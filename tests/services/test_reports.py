"""Reports on what people did through the procedure itself: a case filed late, a court's list, another county."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask

from tests.services.conftest import Office

NOW = datetime(2026, 6, 9, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 30, 1, 0, tzinfo=UTC)
ZH = "zh_Hans_CN"


@pytest.fixture
def late(county: Flask) -> Iterator[SimpleNamespace]:
    """A case of the county whose organ filed it two weeks after the last day; it waits for a meeting."""
    from app.scenarios.demo import answers_of  # noqa: PLC0415  (see tests.conftest)
    from app.scenarios.player import Player  # noqa: PLC0415
    from app.scenarios.world import World, read_yaml  # noqa: PLC0415
    from app.storage.accounts import actor_of  # noqa: PLC0415
    from config import ROOT  # noqa: PLC0415

    with county.app_context():
        world = World(county="jinzhai", now=NOW, usual=read_yaml(ROOT / "demo" / "answers.yml"))
        cases = read_yaml(ROOT / "demo" / "cases.yml")["cases"]
        published = next(case for case in cases if case["lead_organ"] == "zjj")
        player = Player(world, "case", answers=answers_of(published)).open_case("jinzhai.organ.reporter.zjj")
        player.play(until="filing-report/T_file")
        from app.extensions import db  # noqa: PLC0415
        from app.storage.models import Case  # noqa: PLC0415

        due = db.session.get_one(Case, player.proceeding_id).filing_due
        filed = due + timedelta(days=14)
        world.now = datetime(filed.year, filed.month, filed.day, 2, tzinfo=UTC)
        player.play(until="screening/T_collate")
        yield SimpleNamespace(actor_of=actor_of, number=player.number, due=due, year=due.year)


def test_a_case_filed_late_through_the_procedure_is_late_in_ledger_sheet_and_bulletin(late: SimpleNamespace) -> None:
    from app.queries.bulletins import bulletin  # noqa: PLC0415
    from app.queries.ledger import LedgerFilters, ledger  # noqa: PLC0415
    from app.queries.sheets import assessment_sheet  # noqa: PLC0415

    assessor = late.actor_of("jinzhai.assessor")
    (entry,) = ledger(assessor, LedgerFilters(), now=LATER, locale=ZH).rows
    sheet = assessment_sheet(assessor, late.year, now=LATER)
    told = bulletin(assessor, late.year, now=LATER, locale=ZH)

    figures = {item.key: tally for item, tally in zip(sheet.indicators, sheet.rows[0].tallies, strict=True)}
    assert (entry.number, entry.due, entry.filing.days_late) == (late.number, late.due, 14)
    assert [row.organ_id for row in sheet.rows] == ["jinzhai.zjj"]
    assert (figures["filed_on_time"].part, figures["filed_on_time"].whole) == (0, 1)
    assert figures["filed_late"].part == 1
    assert [(line.late, line.missing) for line in told.organs] == [(1, 0)]


def test_another_county_counts_losses_and_no_filings_and_sees_nothing_of_the_case(late: SimpleNamespace) -> None:
    from app.queries.ledger import LedgerFilters, ledger  # noqa: PLC0415
    from app.queries.sheets import assessment_sheet  # noqa: PLC0415

    officer = late.actor_of("yiyuan.registry.officer")
    sheet = assessment_sheet(officer, late.year, now=LATER)

    assert ledger(officer, LedgerFilters(), now=LATER, locale=ZH).rows == ()
    assert not sheet.report.counts_filing
    assert sheet.rows == ()


def test_a_listed_document_that_nobody_registered_counts_against_its_organ(late: SimpleNamespace) -> None:
    from app.queries.bulletins import bulletin  # noqa: PLC0415
    from app.queries.sheets import assessment_sheet  # noqa: PLC0415
    from app.services.exchange import import_list  # noqa: PLC0415
    from app.storage.organisation import organ_names  # noqa: PLC0415

    organ = organ_names(["jinzhai.gaj"])["jinzhai.gaj"]
    line = f"（2026）皖1524行初88号,法院,2026-04-01,{organ},撤销"
    import_list(
        f"案号,作出机关,作出日期,行政机关,裁判结果\n{line}", actor=late.actor_of("jinzhai.jmo.officer"), now=NOW
    )

    sheet = assessment_sheet(late.actor_of("jinzhai.manager"), 2026, now=LATER)
    told = bulletin(late.actor_of("jinzhai.manager"), 2026, quarter=2, now=LATER, locale=ZH)
    listed = [item.key for item in sheet.indicators].index("listed")
    assert next(row for row in sheet.rows if row.organ_id == "jinzhai.gaj").tallies[listed].part == 1
    assert (told.exchange.listed, told.exchange.unfiled) == (1, 1)


def test_ledger_sheet_and_bulletin_are_the_same_on_both_databases(office: Office) -> None:
    from app.queries.bulletins import bulletin  # noqa: PLC0415
    from app.queries.ledger import LedgerFilters, ledger  # noqa: PLC0415
    from app.queries.sheets import assessment_sheet  # noqa: PLC0415
    from app.services.handling import ending  # noqa: PLC0415

    case = office.open_case()
    actor, now = office.actor("officer1"), office.now

    found = ledger(actor, LedgerFilters(year=now.year, text="违法"), now=now, locale=ZH)

    assert [row.id for row in found.rows] == [case]
    assert assessment_sheet(actor, now.year, now=now).pending == 1
    assert bulletin(actor, now.year, quarter=1, now=now, locale=ZH).pending == 1

    ending.revoke(case, reason="重复立卷", basis="内部规程", actor=office.actor("director"), now=now)

    assert [row.id for row in ledger(actor, LedgerFilters(year=now.year), now=now, locale=ZH).rows] == [case]
    assert assessment_sheet(actor, now.year, now=now).pending == 0, "a revoked case counts nowhere"
    assert bulletin(actor, now.year, quarter=1, now=now, locale=ZH).pending == 0


def test_what_the_sheets_ask_for_exists_in_the_procedures() -> None:
    """Steps are drawn, facts are asked by forms, kinds of procedure are listed."""
    import json  # noqa: PLC0415

    from app.law.register import parse  # noqa: PLC0415
    from app.queries.labels import components_in  # noqa: PLC0415
    from config import ROOT  # noqa: PLC0415

    forms = [json.loads(path.read_text("utf-8")) for path in (ROOT / "forms").rglob("*.form")]
    asked = {part.get("key") for form in forms for part in components_in(form["components"])}
    missing = []
    for path in (ROOT / "processes").glob("*.law.yml"):
        register = parse(path.read_bytes())
        for one in (item for report in register.reports.values() for item in report.indicators):
            named = {one.fact, one.since, one.due, one.extended_to, one.organ, *one.where} - {""}
            missing += sorted(named - asked)
            missing += [step for step in one.steps if not _drawn(ROOT / "processes", step)]
            missing += [one.procedure] if one.procedure and register.procedure(one.procedure) is None else []
            missing += [one.switch] if one.switch and one.switch not in register.rules else []
            missing += [clause for clause in one.clauses if clause not in register.clauses]

    assert missing == []


def _drawn(folder, step: str) -> bool:  # type: ignore[no-untyped-def]
    process, _, key = step.partition("/")
    return f'id="{key}"' in (folder / f"{process}.bpmn").read_text("utf-8")
