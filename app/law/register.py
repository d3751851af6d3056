"""The clause register of a regulation: its names, numbers, stages, switches, and every clause."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeVar

import yaml

from app import yamlfiles
from app.domain.errors import N_, InvalidFileError
from app.domain.numbering import is_format, shape_of
from app.domain.proceedings import ProceedingKind
from app.domain.switches import Switch
from app.law.assessment_plan import AssessmentTables, assessment_tables
from app.law.clauses import Clause, clauses_of, day_of
from app.law.papers import PaperKind, papers_of
from app.law.reports import Report, reports_of

Entry = TypeVar("Entry")

REPORTERS, OFFICE = ("organ.reporter",), ("jmo.officer",)
"""Who opens cases where a register does not say."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One point of the stepper; reached when one of its steps (`process/step`) opens."""

    key: str
    zh: str
    en: str
    steps: tuple[str, ...]


class About(StrEnum):
    """What a further procedure is about."""

    SUBJECT = "SUBJECT"
    """A responsible subject of a case."""
    CASE = "CASE"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class ProcedureKind:
    """A further procedure that people open themselves: its diagram, its numbers, and who may open it."""

    key: str
    process: str
    zh: str
    en: str
    number: str
    """Kind of number in `number_formats`."""
    about: About
    openers: tuple[str, ...]
    """Roles."""
    served: bool
    """Only about a subject whose decision has been served."""
    single: bool
    """Not while another one on the same matter runs."""
    outcomes: str
    """Name of the option list that has the words for its outcomes."""


@dataclass(frozen=True, slots=True)
class Register:
    id: str
    county: str
    title: str
    short_title: str
    document_no: str
    issuer: str
    status: str
    in_force_from: date
    in_force_to: date | None
    case_process: str | None
    meeting_process: str | None
    procedures: tuple[ProcedureKind, ...]
    subject_steps: tuple[str, ...]
    """Multi-instance steps that take in a responsible subject found while they run."""
    series_steps: tuple[str, ...]
    """Steps (`process/step`) that may be done for all like cases of a series with one act."""
    case_openers: tuple[str, ...]
    """Roles that open a case of their own organ."""
    office_openers: tuple[str, ...]
    """Roles that open a case of any organ of the county, and find a button for it; else `OFFICE` may, from lists."""
    docketed_stages: tuple[str, ...]
    """Stages in which a responsible person is under a docketed investigation, or was."""
    number_formats: Mapping[str, str]
    """Kind of number -> format with {year} and {serial}."""
    stages: tuple[Stage, ...]
    switches: Mapping[str, Any]
    """Defaults of the rule settings by name."""
    rules: Mapping[str, Switch]
    """The rule settings themselves."""
    clauses: Mapping[str, Clause]
    notices: tuple[str, ...]
    assessment: AssessmentTables | None
    """Decision tables that assess a case under the regulation, apart from any procedure."""
    reports: Mapping[str, Report]
    """What its yearly sheet (`assessment`) and its `bulletin` contain."""
    papers: Mapping[str, PaperKind]
    """Official papers that steps make, by id."""

    @property
    def processes(self) -> tuple[str, ...]:
        """Ids of all processes that proceedings of this regulation run on."""
        named = (self.case_process, self.meeting_process, *(kind.process for kind in self.procedures))
        return tuple(dict.fromkeys(process for process in named if process))

    def kind_of(self, process: str) -> ProceedingKind:
        """Of the proceedings that run on a process of this regulation."""
        beginning = {self.case_process: ProceedingKind.CASE, self.meeting_process: ProceedingKind.MEETING}
        return beginning.get(process, ProceedingKind.PROCEDURE)

    def is_in_force(self, day: date) -> bool:
        """Both its first and its last day included."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def procedure(self, key: str) -> ProcedureKind | None:
        return next((kind for kind in self.procedures if kind.key == key), None)

    def stage_of(self, process_key: str, step_id: str) -> str | None:
        """The stage that a step belongs to, or None when it belongs to no point of the stepper."""
        name = f"{process_key}/{step_id}"
        return next((stage.key for stage in self.stages if name in stage.steps), None)

    def papers_at(self, process_key: str, step_id: str) -> tuple[PaperKind, ...]:
        """The papers that completing a step may make."""
        name = f"{process_key}/{step_id}"
        return tuple(kind for kind in self.papers.values() if name in kind.steps)

    def cited_in(self, annotations: Iterable[str]) -> tuple[str, ...]:
        """Clause ids among the annotations of a table row; an id may hold a space."""
        words = " ".join(annotations).split()
        found = (*words, *(" ".join(pair) for pair in pairwise(words)))
        return tuple(key for key in dict.fromkeys(found) if key in self.clauses)

    def clauses_of(self, ids: tuple[str, ...] | list[str]) -> tuple[Clause, ...]:
        return tuple(self.clauses[clause] for clause in ids if clause in self.clauses)


@lru_cache(maxsize=64)
def parse(content: bytes) -> Register:
    """The register in a file. Raises InvalidFileError with a sentence for its author."""
    try:
        data = yamlfiles.read(content)
        if not isinstance(data, Mapping):
            raise InvalidFileError(N_("条款登记文件是空的，或者不是登记表。"))
        return Register(
            id=_word(data, "id"),
            county=_word(data, "county"),
            title=_word(data, "title"),
            short_title=data.get("short_title", data["title"]),
            document_no=data["document_no"],
            issuer=data.get("issuer", ""),
            status=data["status"],
            in_force_from=_day(data["in_force_from"]),
            in_force_to=day_of(data.get("in_force_to")),
            case_process=data.get("case_process"),
            meeting_process=data.get("meeting_process"),
            procedures=tuple(_part(data, "procedures", _procedure)),
            subject_steps=_texts(data, "subject_steps"),
            series_steps=_texts(data, "series_steps"),
            case_openers=_texts(data, "case_openers") or REPORTERS,
            office_openers=_texts(data, "office_openers"),
            docketed_stages=_texts(data, "docketed_stages"),
            number_formats=_formats(data),
            stages=tuple(_part(data, "stages", _stage)),
            switches=_section(data, "switches", lambda given: _switches(given or {})),
            rules=_section(data, "switches", lambda given: _rules(given or {})),
            clauses=clauses_of(
                data["clauses"],
                regulation=data["id"],
                in_force_from=_day(data["in_force_from"]),
                in_force_to=day_of(data.get("in_force_to")),
            ),
            notices=_texts(data, "notices"),
            assessment=_section(data, "assessment", assessment_tables),
            reports=_section(data, "reports", reports_of),
            papers=_section(data, "papers", papers_of),
        )
    except KeyError as error:
        raise InvalidFileError(N_("条款登记文件没有填写“%(name)s”。"), name=error.args[0]) from error
    except (yaml.YAMLError, TypeError, ValueError, AttributeError) as error:
        raise InvalidFileError(N_("条款登记文件无法读取：%(why)s"), why=str(error)) from error


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _word(data: Mapping[str, Any], name: str) -> str:
    """Raises KeyError, InvalidFileError."""
    if not isinstance(data[name], str) or not data[name].strip():
        raise InvalidFileError(N_("条款登记文件的“%(name)s”应为文字。"), name=name)
    return str(data[name])


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Raises InvalidFileError: a text alone would be taken for a list of its signs."""
    given = data.get(name) or ()
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise InvalidFileError(N_("条款登记文件的“%(name)s”应为文字的列表。"), name=name)
    return tuple(given)


def _part(data: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], Entry]) -> Iterator[Entry]:
    """Entries of a list, each with names of its own. Raises InvalidFileError."""
    given = data.get(name) or ()
    if not isinstance(given, list | tuple):
        raise InvalidFileError(N_("条款登记文件的“%(name)s”应为列表。"), name=name)
    for number, entry in enumerate(given, 1):
        if not isinstance(entry, Mapping):
            sentence = N_("条款登记文件“%(name)s”的第%(number)s项应逐项写明（名称: 内容）。")
            raise InvalidFileError(sentence, name=name, number=number)
        try:
            yield read(entry)
        except KeyError as error:
            sentence = N_("条款登记文件“%(name)s”的第%(number)s项没有填写“%(what)s”。")
            raise InvalidFileError(sentence, name=name, number=number, what=error.args[0]) from error
        except ValueError as error:
            sentence = N_("条款登记文件“%(name)s”的第%(number)s项有不认识的值：%(why)s")
            raise InvalidFileError(sentence, name=name, number=number, why=str(error)) from error


def _section(data: Mapping[str, Any], name: str, read: Callable[[Any], Entry]) -> Entry:
    """Raises InvalidFileError, KeyError."""
    try:
        return read(data.get(name))
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidFileError(N_("条款登记文件的“%(name)s”写法不对，请对照已有的条款登记。"), name=name) from error


def _formats(data: Mapping[str, Any]) -> dict[str, str]:
    """Raises InvalidFileError: a number would be given twice, or be no number."""
    formats = dict(data.get("number_formats") or {})
    formats.setdefault("CASE", data.get("number_format", "{year}-{serial:04d}"))
    formats.setdefault("MEETING", "{year}-M{serial:02d}")
    shapes: dict[str, str] = {}
    for kind, text in formats.items():
        if not is_format(text):
            sentence = N_("“%(kind)s”的编号格式应有一个{year}和一个{serial}（或者{serial:03d}），不能有别的花括号。")
            raise InvalidFileError(sentence, kind=kind)
        if (other := shapes.setdefault(shape_of(text), kind)) != kind:
            raise InvalidFileError(N_("“%(kind)s”与“%(other)s”的编号格式相同，编号会重复。"), kind=kind, other=other)
    return formats


def _procedure(data: Mapping[str, Any]) -> ProcedureKind:
    return ProcedureKind(
        key=data["key"],
        process=data["process"],
        zh=data["zh"],
        en=data["en"],
        number=data["number"],
        about=About(data["about"]),
        openers=_openers(data),
        served=bool(data.get("served", False)),
        single=bool(data.get("single", False)),
        outcomes=data.get("outcomes", ""),
    )


def _openers(data: Mapping[str, Any]) -> tuple[str, ...]:
    if "openers" not in data:
        raise KeyError("openers")
    return _texts(data, "openers")


def _stage(data: Mapping[str, Any]) -> Stage:
    return Stage(data["key"], data["zh"], data["en"], _texts(data, "steps"))


def _switches(data: Any) -> dict[str, Any]:
    """A switch is written plainly (`dayCount: CALENDAR`) or with its reasons (`dayCount: {default: CALENDAR, …}`)."""
    items = data.items() if isinstance(data, Mapping) else ((switch["id"], switch) for switch in data)
    return {
        name: value.get("default", value.get("value")) if isinstance(value, Mapping) else value for name, value in items
    }


def _rules(data: Any) -> dict[str, Switch]:
    written = data.items() if isinstance(data, Mapping) else ()
    return {name: _rule(name, value) for name, value in written if isinstance(value, Mapping)}


def _rule(name: str, data: Mapping[str, Any]) -> Switch:
    values = data.get("values") or [data["default"]]
    return Switch(
        name=name,
        zh=data.get("zh", name),
        risk=str(data.get("risk", "")),
        default=data["default"],
        values=dict(values) if isinstance(values, Mapping) else {value: value for value in values},
        why=data.get("why", ""),
        clauses=_texts(data, "clauses"),
        locked=bool(data.get("locked")),
        by_organ=bool(data.get("by_organ")),
    )
