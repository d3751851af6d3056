"""Every scenario goes as its file says, together they reach everything, and the kept coverage tells the truth."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app import yamlfiles
from app.domain.subjects import SERVED_ON
from app.extensions import db
from app.queries.cases import case_page
from app.queries.open_steps import actor_of_username
from app.queries.procedures import procedure_register
from app.scenarios import catalogue, coverage, player
from app.scenarios.coverage import Coverage
from app.storage import attachments
from app.storage.models import CaseFact, Procedure
from tests.e2e.statements import MOST_STATEMENTS
from tests.processes.mutations import definitions_in_database, mutations_of
from tests.processes.places import differences, overseer, running_proceedings
from tests.processes.theatre import SCENARIOS, Season, names, season

HUMAN = {"userTask", "manualTask"}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    with season(tmp_path_factory.mktemp("theatre")) as season_of_tests:
        yield season_of_tests


@pytest.fixture(scope="module")
def reached(played: Season) -> Coverage:
    return coverage.of(played.all(), played.theatre.outlines)


def exceptions() -> dict[str, str]:
    return yamlfiles.read((SCENARIOS / catalogue.EXCEPTIONS_FILE).read_text("utf-8")) or {}


@pytest.mark.parametrize("name", names())
def test_it_goes_as_its_file_says(name: str, played: Season) -> None:
    report = played.report(name)

    assert report.went_well, report.failure


def test_every_step_flow_and_row_is_reached_or_excused(reached: Coverage) -> None:
    missing = sorted(set(reached.missing()) - set(exceptions()))

    assert missing == []


def test_an_excuse_is_for_something_that_exists_and_is_not_reached(reached: Coverage) -> None:
    idle = sorted(set(exceptions()) - set(reached.missing()))

    assert idle == []
    assert all(exceptions().values()), "an excuse gives its reason"


def test_the_kept_coverage_is_what_the_scenarios_reach(reached: Coverage) -> None:
    kept = coverage.read((SCENARIOS / catalogue.COVERAGE_FILE).read_text("utf-8"))

    assert kept == reached.reached, "run `wenze scenarios coverage --write`"


def test_every_human_step_was_completed_over_http(played: Season) -> None:
    played.all()
    outlines = played.theatre.outlines.items()
    human = {f"{process}/{step}" for process, o in outlines for step, kind in o.steps.items() if kind in HUMAN}

    assert sorted(human - played.most.keys() - exceptions().keys()) == []


def test_every_completed_step_is_one_commit_and_few_statements(played: Season) -> None:
    played.all()
    counts = sorted(played.most.values(), key=lambda count: -len(count.statements))
    told = ", ".join(f"{count.act} {len(count.statements)}" for count in counts[:3])
    median = len(counts[len(counts) // 2].statements)
    sys.stdout.write(f"\n{len(counts)} steps, most statements: {told}; median {median}\n")

    excess = [c for c in counts if c.commits != 1 or len(c.statements) > MOST_STATEMENTS]

    assert excess == [], "\n\n".join("\n".join([f"{c.act}: {c.commits} commits", *c.statements]) for c in excess)


def test_words_and_drawing_tell_the_same_and_the_calls_are_those_of_the_procedure(played: Season) -> None:
    told, looked_at = [], 0

    for name in (report.scenario for report in played.all() if report.went_well):
        played.at_end_of(name)
        for proceeding in running_proceedings():
            actor = overseer(proceeding.county_id)
            told += [f"{name}: {line}" for line in differences(actor, proceeding)]
            looked_at += 1

    assert looked_at > len(names()) / 4
    assert told == []


def test_what_opens_after_a_step_of_a_process_with_several_callers_was_named_before(played: Season) -> None:
    played.all()

    assert played.hands.foreseen > 100
    assert sorted(played.hands.surprises) == []


def test_every_clause_that_a_scenario_shows_is_in_a_register() -> None:
    registers = [yamlfiles.read(path.read_text("utf-8")) for path in SCENARIOS.parent.glob("*.law.yml")]
    known = {clause["id"] for register in registers for clause in register["clauses"]}

    unknown = {name: set(entry.shows) - known for name, entry in catalogue.entries(SCENARIOS).items()}

    assert {name: clauses for name, clauses in unknown.items() if clauses} == {}


def test_every_folder_of_scenarios_is_a_process_or_a_table() -> None:
    stems = {path.stem for path in SCENARIOS.parent.glob("*.[bd]*mn")}

    folders = {path.parent.name for path in SCENARIOS.glob("*/*.yml")}

    assert folders - stems == set()


def test_no_two_scenarios_of_a_process_have_the_same_title() -> None:
    titles = [(entry.name.split("/")[0], entry.title) for entry in catalogue.entries(SCENARIOS).values()]

    assert sorted(titles) == sorted(set(titles))


@pytest.mark.slow
def test_a_negated_condition_or_a_missing_boundary_event_fails_some_scenario(
    played: Season, reached: Coverage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player, "LIMIT", 80)  # a mutant may go round in circles
    monkeypatch.setattr(player, "ROUNDS", 5)
    monkeypatch.setattr(played.theatre, "keep_ends", False)
    excused = yamlfiles.read((SCENARIOS / "not-noticed.yml").read_text("utf-8")) or {}

    survivors = [
        mutation.name
        for mutation in mutations_of(definitions_in_database())
        if mutation.name not in excused and not played.notices(mutation, reached.reached.get(mutation.touches, ()))
    ]

    assert survivors == []


def test_a_liaison_sees_what_his_court_handed_in_and_its_state_and_nobody_elses(played: Season) -> None:
    assert played.theatre.play("liaison-lead/taken").went_well
    court, other = (actor_of_username(f"jinzhai.{who}.liaison") for who in ("court", "procuratorate"))
    assert court is not None
    assert other is not None

    seen, hidden = (procedure_register(actor, now=datetime.now(UTC), locale="zh") for actor in (court, other))

    assert [(row.number, row.outcome) for row in seen.rows] == [("金败责线〔2026〕001号", "受理线索，登记案件")]
    assert hidden.rows == ()


def test_who_records_what_became_of_people_sees_whom_it_may_be_about_and_nothing_of_decisions(played: Season) -> None:
    assert played.theatre.play("accountability/concluded").went_well
    director, officer = (actor_of_username(f"jinzhai.jmo.{who}") for who in ("director", "officer"))
    assert director is not None
    assert officer is not None
    now = datetime(2026, 12, 31, tzinfo=UTC)

    page = case_page(director, "金败责〔2026〕0001号", now=now, locale="zh")

    assert page.may_record_status
    assert [subject.name for subject in page.subjects if subject.kind == "PERSON"]
    assert {
        (subject.decision, subject.decision_no, subject.sanctions, subject.status) for subject in page.subjects
    } == {("", "", (), "")}
    assert case_page(officer, "金败责〔2026〕0001号", now=now, locale="zh").subjects == ()


def test_a_subject_reads_the_decision_from_the_day_that_counts_as_service_and_before_it_only_his_notice(
    played: Season,
) -> None:
    assert played.theatre.play("subject-decision/public-notice").went_well
    told = db.session.scalars(select(CaseFact).where(CaseFact.name == SERVED_ON)).one()
    served = date.fromisoformat(str(told.value)[:10])

    before, after = (attachments.served_papers([told.scope], today=day) for day in (served - timedelta(days=1), served))

    assert [paper.name for paper in before[told.scope]] == ["事先告知书"]
    assert {paper.name for paper in after[told.scope]} == {"事先告知书", "问责决定书"}


def test_the_decision_on_a_remedy_waits_for_its_own_service(played: Season) -> None:
    assert played.theatre.play("jinzhai-remedy/upheld").went_well
    told = db.session.scalars(select(CaseFact).where(CaseFact.name == "result_served_on")).one()
    subject = db.session.scalars(select(Procedure.subject_id).where(Procedure.subject_id.is_not(None))).one()
    served = date.fromisoformat(str(told.value)[:10])

    before, after = (attachments.served_papers([subject], today=day) for day in (served - timedelta(days=1), served))

    assert "处理决定书" not in {paper.name for paper in before[subject]}
    assert {"问责决定书", "处理决定书"} <= {paper.name for paper in after[subject]}
