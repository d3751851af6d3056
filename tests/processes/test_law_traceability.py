"""Every clause is carried by something that exists, and whatever cites a clause is listed there."""

import json
from importlib import import_module

import pytest
from flask import Flask

from app.law.carriers import CHECKS, PAGES, REPORTS
from app.law.clauses import Carrier, CarrierKind, Modality
from app.scenarios import catalogue
from config import ROOT
from tests.processes.law_carriers import (
    DRAWN,
    Cited,
    citing_rows,
    citing_steps,
    places,
    registers,
    rows_of,
    steps_of,
)
from tests.processes.offices import FOLDER

REGULATIONS = sorted(path.name.removesuffix(".law.yml") for path in (ROOT / "processes").glob("*.law.yml"))
MATRIX = json.loads((ROOT / "tests" / "data" / "clauses.json").read_text("utf-8"))
MODALITIES = {
    "D": Modality.DECLARATION,
    "C": Modality.CONDITION,
    "O": Modality.OBLIGATION,
    "P": Modality.PERMISSION,
    "X": Modality.PROHIBITION,
}
UNCITED_SOURCES = {"higher_law", "internal"}
"""Sources of a human step that no clause of the regulation stands behind."""


def test_the_registers_hold_all_132_clauses_and_no_others() -> None:
    wanted = [clause["id"] for clause in MATRIX]

    registered = [clause for register in registers().values() for clause in register.clauses]

    assert sorted(registered) == sorted(wanted)
    assert len(registered) == 132


def test_every_clause_says_what_it_does_as_the_matrix_does() -> None:
    known = {clause.id: clause for register in registers().values() for clause in register.clauses.values()}

    different = {
        entry["id"]: known[entry["id"]].modality
        for entry in MATRIX
        if known[entry["id"]].modality not in {MODALITIES[mark] for mark in entry["modal"].split(" ")[0].split("/")}
    }

    assert different == {}


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_every_clause_has_an_actor_a_reading_a_source_and_dates(regulation: str) -> None:
    register = registers()[regulation]

    incomplete = [
        clause.id
        for clause in register.clauses.values()
        if not (clause.actor and clause.reading and clause.source)
        or clause.in_force_from < register.in_force_from
        or clause.in_force_to != register.in_force_to
    ]

    assert incomplete == []


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_what_must_happen_says_upon_what(regulation: str) -> None:
    """Save for clauses that lay down a standing division of work."""
    standing = {entry["id"] for entry in MATRIX if entry["trigger"] in ("", "—")}

    silent = [
        clause.id
        for clause in registers()[regulation].clauses.values()
        if not clause.trigger and clause.id not in standing
    ]

    assert silent == []


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_a_reading_is_our_own_line_and_never_long(regulation: str) -> None:
    long = [clause.id for clause in registers()[regulation].clauses.values() if len(clause.reading) > 70]

    assert long == []


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_every_clause_is_carried_or_declaratory_with_its_reason(regulation: str) -> None:
    loose = [
        clause.id
        for clause in registers()[regulation].clauses.values()
        if not clause.carriers and not clause.declaratory
    ]

    assert loose == []


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_every_carrier_exists(regulation: str, app: Flask) -> None:
    register, drawn = registers()[regulation], places(regulation)

    def exists(carrier: Carrier) -> bool:
        if carrier.kind in DRAWN:
            return str(carrier) in drawn
        known = {
            CarrierKind.CHECK: CHECKS,
            CarrierKind.REPORT: REPORTS,
            CarrierKind.SWITCH: register.switches,
            CarrierKind.PAGE: {name for name in PAGES if name in app.view_functions},
        }
        return carrier.name in known[carrier.kind]

    missing = {
        clause.id: absent
        for clause in register.clauses.values()
        if (absent := [str(carrier) for carrier in clause.carriers if not exists(carrier)])
    }

    assert missing == {}


def test_every_registered_check_and_report_is_a_function_in_the_code() -> None:
    missing = []
    for name, duty in {**CHECKS, **REPORTS}.items():
        module, _, function = duty.where.partition(":")
        if not callable(getattr(import_module(module), function, None)):
            missing.append(name)

    assert missing == []


def test_every_registered_check_and_report_carries_a_clause() -> None:
    carried = {str(c) for register in registers().values() for cl in register.clauses.values() for c in cl.carriers}
    registered = {f"check:{name}" for name in CHECKS} | {f"report:{name}" for name in REPORTS}

    assert sorted(registered - carried) == []


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_steps_and_rows_cite_only_registered_clauses(regulation: str) -> None:
    """Of any county: a diagram that two share cites both their regulations."""
    known = {clause for register in registers().values() for clause in register.clauses}

    unknown = {
        cited.carrier: strange
        for cited in (*citing_steps(regulation), *citing_rows(regulation))
        if (strange := [clause for clause in cited.clauses if clause not in known])
    }

    assert unknown == {}


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_a_clause_that_a_step_cites_lists_that_step(regulation: str) -> None:
    assert unlisted(regulation, list(citing_steps(regulation))) == {}


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_a_clause_that_a_row_cites_lists_that_row_or_its_table(regulation: str) -> None:
    assert unlisted(regulation, list(citing_rows(regulation))) == {}


def unlisted(regulation: str, citing: list[Cited]) -> dict[str, list[str]]:
    """Citing steps and rows by the clause that does not know of them."""
    found: dict[str, list[str]] = {}
    clauses = registers()[regulation].clauses
    for cited in citing:
        for key in cited.clauses:
            clause = clauses.get(key)
            if clause and not {cited.carrier, cited.carrier.partition("#")[0]} & set(clause.carried_by):
                found.setdefault(key, []).append(cited.carrier)
    return found


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_every_row_cites_a_clause(regulation: str) -> None:
    silent = [f"{table}#{row}" for table, row, annotations in rows_of(regulation) if not any(annotations)]

    assert silent == []


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_every_human_step_has_a_clause_or_says_where_it_comes_from(regulation: str) -> None:
    loose = [
        carrier
        for carrier, kind, properties in steps_of(regulation)
        if kind == "userTask" and not properties.get("clauses") and properties.get("source") not in UNCITED_SOURCES
    ]

    assert loose == []


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_every_carried_clause_is_shown_or_reached_by_a_scenario(regulation: str) -> None:
    scenarios = catalogue.known(FOLDER / "scenarios")

    unplayed = [
        clause.id
        for clause in registers()[regulation].clauses.values()
        if clause.carriers and not scenarios.of_clause(clause.id, carried_by=clause.carried_by)
    ]

    assert unplayed == []


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_switches_and_stages_name_what_exists(regulation: str) -> None:
    register = registers()[regulation]
    drawn = places(regulation)

    strange = {name: bad for name, rule in register.rules.items() if (bad := set(rule.clauses) - set(register.clauses))}
    steps = [step for stage in register.stages for step in stage.steps if step not in drawn]

    assert strange == {}
    assert steps == []
