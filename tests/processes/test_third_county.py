"""A third county that is made of files only runs end to end through the services and the API; no program knows it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app import yamlfiles
from app.domain.proceedings import ProceedingKind
from app.law.carriers import REPORTS
from app.law.clauses import Modality
from app.law.register import Register
from app.law.register import parse as parse_register
from app.queries.cases import case_page
from app.queries.heads import get_proceeding
from app.queries.ledger import LedgerFilters, ledger_export
from app.queries.open_steps import actor_of_username
from app.queries.outcomes import revision_label
from app.queries.sheets import assessment_sheet
from app.scenarios import coverage
from app.scenarios.theatre import Theatre
from authoring import geometry
from config import ROOT, Config
from tests.processes.counting import CountingHands

PACK = ROOT / "packs" / "shifan"
SCENARIOS = PACK / "scenarios"
NAMES = sorted(path.relative_to(SCENARIOS).with_suffix("").as_posix() for path in SCENARIOS.glob("*/*.yml"))
SETTLED = datetime(2025, 2, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    from app import create_app  # noqa: PLC0415  (see tests.conftest)
    from app.extensions import db  # noqa: PLC0415

    app = create_app(Config.for_tests("sqlite://", tmp_path_factory.mktemp("third"), WENZE_DEMO=True))
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        db.create_all()
        stage = Theatre(SCENARIOS, SCENARIOS, hands=CountingHands(app, patch))
        stage.settle(processes=PACK / "processes", forms=PACK / "forms", now=SETTLED, password="only-For-Tests-1")
        yield stage
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def register() -> Register:
    return parse_register((PACK / "processes" / "shifan-2025-1.law.yml").read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_it_goes_as_its_file_says(name: str, theatre: Theatre) -> None:
    report = theatre.play(name)

    assert report.went_well, report.failure


def test_the_scenarios_reach_every_step_flow_and_row(theatre: Theatre) -> None:
    reports = [theatre.play(name) for name in NAMES]

    assert coverage.of(reports, theatre.outlines).missing() == []


def test_its_case_has_a_page_with_its_own_stages(theatre: Theatre) -> None:
    assert theatre.play("shifan-case/concluded").went_well
    manager = actor_of_username("shifan.manager")
    assert manager is not None

    page = case_page(manager, "示败诉〔2025〕001号", now=datetime.now(UTC), locale="zh")

    assert [stage.zh for stage in page.head.stages] == ["登记", "审查", "讨论", "决定", "送达", "归档"]
    assert {stage.state.value for stage in page.head.stages} == {page.head.stages[0].state.value}


def test_every_clause_is_carried_by_something_that_exists_or_says_why_not(register: Register, theatre: Theatre) -> None:
    steps = {f"{process}/{step}" for process, outline in theatre.outlines.items() for step in outline.steps}
    rows = {f"{table}#{row}" for o in theatre.outlines.values() for table, ids in o.tables.items() for row in ids}
    known = steps | rows | {f"switch:{name}" for name in register.switches}
    known |= {f"report:{name}" for name in REPORTS}

    for clause in register.clauses.values():
        assert set(clause.carried_by) <= known, clause.id
        assert clause.carried_by or clause.declaratory, clause.id
        assert clause.modality in Modality


@pytest.mark.parametrize("name", sorted(path.stem for path in PACK.glob("processes/*.bpmn")))
def test_its_diagrams_are_legible(name: str) -> None:
    assert geometry.findings_of_file(PACK / "processes" / f"{name}.bpmn") == []


def test_nothing_of_it_stands_in_the_program() -> None:
    words = {"shifan", "示范县", *(clause for clause in ("SF-1", "SF-2"))}
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("app", "processes", "forms", "demo", "migrations")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js", ".yml", ".bpmn", ".dmn", ".form"} and "dist" not in path.parts
        if any(re.search(rf"\b{word}\b", path.read_text("utf-8", errors="ignore")) for word in words)
    ]

    assert found == []
    assert not list(PACK.rglob("*.py"))


def test_its_lists_hold_only_what_its_forms_use() -> None:
    lists = set(yamlfiles.read((PACK / "forms" / "options.yml").read_text("utf-8")))
    forms = "".join(path.read_text("utf-8") for path in PACK.rglob("*.form"))
    register = (PACK / "processes" / "shifan-2025-1.law.yml").read_text("utf-8")

    used = set(re.findall(r'"options": "(\w+)"', forms)) | set(re.findall(r"outcomes: (\w+)", register))

    assert lists == used


def test_its_ledger_says_in_its_own_words_what_came_of_a_review(theatre: Theatre) -> None:
    assert theatre.play("shifan-review/upheld").went_well
    manager = actor_of_username("shifan.manager")
    assert manager is not None

    entries = ledger_export(manager, LedgerFilters(), now=datetime.now(UTC), locale="zh")

    (entry,) = (one for one in entries if one.number == "示败诉〔2025〕001号")
    assert entry.remedies == "示复查〔2025〕001号 维持"
    case = get_proceeding(manager, entry.id, ProceedingKind.CASE, locale="zh").head
    assert revision_label(case.release_id, "UPHELD", "zh") == "维持"


def test_its_yearly_sheet_counts_from_the_day_that_its_own_form_states(theatre: Theatre) -> None:
    assert theatre.play("shifan-case/concluded").went_well
    manager = actor_of_username("shifan.manager")
    assert manager is not None

    sheet = assessment_sheet(manager, 2025, now=datetime.now(UTC))

    assert sheet.pending == 0
    assert [indicator.key for indicator in sheet.indicators] == ["losses", "corrected", "discussed"]
    assert sheet.total.tallies[0].part >= 1
