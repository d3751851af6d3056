"""docs/how-to-write-the-files.md names every word of the files of a regulation, and no operation that is not there."""

import re

import pytest

from app.engine.decisions import Aggregation, HitPolicy
from app.engine.profile.catalogue import STEP_PROPERTIES, VARIABLE_TYPES
from app.forms.parse import COLUMN_TYPES
from app.forms.schema import FIELD_TYPES, SOURCES
from app.law.carriers import CHECKS, PAGES, REPORTS
from app.law.clauses import Modality
from app.law.reports import INDICATOR_WORDS, Measure
from app.queries.ledger_entries import CASE_FACTS, SUBJECT_FACTS
from app.services.linting import CASE_EXTRAS
from app.services.operations import OPERATIONS
from app.services.operations.names import NAMES
from app.services.register_findings import KEYS
from config import ROOT

TEXT = (ROOT / "docs" / "how-to-write-the-files.md").read_text("utf-8")
WORDS = set(re.findall(r"[\w./-]+", TEXT))


@pytest.mark.parametrize(
    "words",
    [
        *(STEP_PROPERTIES, VARIABLE_TYPES, COLUMN_TYPES, FIELD_TYPES, SOURCES, set(Modality), OPERATIONS, KEYS),
        *({word for policy in HitPolicy for word in policy.split()}, set(Aggregation), set(Measure)),
        *(INDICATOR_WORDS, {*REPORTS, *CHECKS, *PAGES}, set(CASE_EXTRAS), {*CASE_FACTS, *SUBJECT_FACTS}),
    ],
    ids=[
        *("properties", "variables", "columns", "fields", "sources", "modalities", "operations", "register"),
        *("hit policies", "aggregations", "measures", "indicators", "carriers", "names that are taken", "ledger"),
    ],
)
def test_every_word_that_a_file_may_hold_is_documented(words: set[str]) -> None:
    assert set(words) - WORDS == set()


def test_no_operation_is_documented_that_is_not_there() -> None:
    rooms = {key.partition("/")[0] for key in OPERATIONS}
    named = {word for word in WORDS if re.fullmatch(rf"({'|'.join(rooms)})/[a-z_]+", word)}

    assert named == set(OPERATIONS)


@pytest.mark.parametrize("key", sorted(key for key, entry in OPERATIONS.items() if entry.parameters))
def test_the_parameters_of_every_operation_are_documented_in_its_line(key: str) -> None:
    (line,) = (line for line in TEXT.splitlines() if line.startswith("|") and f"`{key}`" in line)

    assert set(OPERATIONS[key].parameters) <= set(re.findall(r"`(\w+)`", line))


def test_the_type_of_what_every_operation_gives_is_documented() -> None:
    told = re.findall(r"^\* (list|context|boolean|date): ((?:`[a-z_/]+`[,\s]*)+)", TEXT, re.M)
    types = {key: type_ for type_, keys in told for key in re.findall(r"`([a-z_/]+)`", keys)}

    assert {key: types.get(key, "string") for key in OPERATIONS} == {key: one.result for key, one in OPERATIONS.items()}


def test_every_operation_is_called_something_where_it_is_chosen() -> None:
    assert NAMES.keys() == OPERATIONS.keys()
