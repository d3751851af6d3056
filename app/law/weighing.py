"""Weighing one set of facts: scope, fault, circumstances, and the outcome that a regulation's tables give to them."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.assessment import Hit, Reason, Role

Context = Mapping[str, Any]
Decide = Callable[[str, Context], tuple[Hit, ...]]
"""Evaluate a table by its id on a context: the rows that matched, in table order."""

HUMAN, OUT, AWAIT = "HUMAN_DECISION", "OUT_OF_SCOPE", "AWAIT_EFFECT"
APPLIES = frozenset({"DIRECT", "BY_REFERENCE"})


class Tables:
    """The tables of a regulation by role. Remembers which rows an answer rests on."""

    def __init__(self, names: Mapping[Role, str], short_ids: Mapping[str, str], decide: Decide) -> None:
        self._names = names
        self._short_ids = short_ids
        self._decide = decide
        self._known: dict[tuple[Role, str], tuple[Hit, ...]] = {}
        self._reasons: dict[tuple[str, str], Reason] = {}

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(self._names)

    def ask(self, role: Role, context: Context) -> tuple[Hit, ...]:
        """Rows that match; none where the regulation has no table of this role."""
        if role not in self._names:
            return ()
        key = (role, json.dumps(context, sort_keys=True))  # subjects alike in everything are asked about once
        if key not in self._known:
            self._known[key] = self._decide(self._names[role], context)
        return self._known[key]

    def keep(self, hits: Iterable[Hit], *, about: int | None = None) -> None:
        """Rows that the answer rests on; of a row that speaks to the case and to a subject the case's is kept."""
        for hit in hits:
            self._reasons.setdefault((hit.reason.table, hit.reason.row), replace(hit.reason, subject=about))

    def learn(self, role: Role, context: Context, *, about: int | None = None) -> tuple[Hit, ...]:
        """Ask and keep."""
        hits = self.ask(role, context)
        self.keep(hits, about=about)
        return hits

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """In the order of the roles, then of the rows."""
        order = {name: place for place, role in enumerate(Role) if (name := self._names.get(role))}
        return tuple(sorted(self._reasons.values(), key=lambda reason: (order[reason.table], reason.position)))

    def articles(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Clause ids once each, as answers write them, in the order of the text."""
        return tuple(sorted({self._short(clause) for clause in ids}, key=_natural))

    def _short(self, clause: str) -> str:
        for long, short in self._short_ids.items():
            if clause.startswith(long):
                return short + clause.removeprefix(long)
        return clause


def _natural(clause: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", clause) if part)


@dataclass(frozen=True, slots=True)
class Findings:
    exemptions: tuple[str, ...]
    mitigations: tuple[str, ...]
    aggravations: tuple[str, ...]
    contested: tuple[str, ...]
    contested_mitigations: tuple[str, ...]
    hits: tuple[Hit, ...]

    def as_facts(self) -> dict[str, Any]:
        names = ("exemptions", "mitigations", "aggravations", "contested", "contested_mitigations")
        return {name: list(getattr(self, name)) for name in names}


NOTHING = Findings((), (), (), (), (), ())


@dataclass(frozen=True, slots=True)
class Weighing:
    scope_kind: str
    """DIRECT, BY_REFERENCE, AWAIT_EFFECT or OUT."""
    basis: tuple[str, ...]
    findings: Findings
    outcome: str
    suggested: str | None
    weighed: bool
    """Whether circumstances were weighed at all; not outside the scope, before effect, after expiry."""
    opens_sanctions: bool
    choices: tuple[str, ...]
    """What a person chooses among, in the order of the tables."""

    @property
    def result(self) -> str:
        """The outcome, or what is suggested where a person decides; empty where nothing is."""
        return (self.suggested or "") if self.outcome == HUMAN else self.outcome

    @property
    def in_scope(self) -> bool:
        return self.outcome not in (OUT, AWAIT)


def weigh(tables: Tables, context: Context, *, types: Iterable[str] = (), about: int | None = None) -> Weighing:
    """The outcome for one set of facts. `types` are further kinds of loss whose scope articles apply too."""
    scope = tables.learn(Role.SCOPE, context, about=about)
    kind = str(scope[0].outputs["scope_kind"])
    found = _findings(tables, context)
    known = {**context, "scope_kind": kind, **found.as_facts()}
    order = tables.learn(Role.CONFLICT, known, about=about)
    row = order[0].outputs
    outcome, suggested, opens = str(row["outcome"]), row["suggested"], bool(row["opens_sanctions"])
    findings = found if row["reservable"] else NOTHING
    held: tuple[Hit, ...] = ()
    if row["reservable"]:
        held = tables.learn(Role.RESERVATIONS, known, about=about)
        tables.keep((*tables.ask(Role.MENTAL_STATE, context), *found.hits), about=about)
    if held:
        outcome, suggested, opens = HUMAN, suggested if outcome == HUMAN else outcome, True
    result = (suggested or "") if outcome == HUMAN else outcome
    chosen = tables.learn(
        Role.CHOICES, {**context, **findings.as_facts(), "outcome": outcome, "result": result}, about=about
    )
    choices = [code for hit in chosen for code in hit.outputs["choice"] or ()]
    return Weighing(
        scope_kind="OUT" if outcome == OUT else kind,
        basis=_basis(tables, context, scope, types, about=about) if outcome not in (OUT, AWAIT) else (),
        findings=findings,
        outcome=outcome,
        suggested=suggested,
        weighed=bool(row["reservable"]),
        opens_sanctions=opens,
        choices=tuple(dict.fromkeys([*choices, *(hit.outputs["reservation"] for hit in held)])),
    )


def _basis(
    tables: Tables, context: Context, scope: tuple[Hit, ...], types: Iterable[str], *, about: int | None
) -> tuple[str, ...]:
    """The articles that a case in scope rests on."""
    hits = list(scope)
    for case_type in types:
        own = tables.ask(Role.SCOPE, {**context, "case_type": case_type, "legal_effect": True})
        hits += [hit for hit in own if hit.outputs["scope_kind"] in APPLIES]
    hits += tables.ask(Role.BASIS, context)
    hits += tables.ask(Role.FAULT, context)
    tables.keep(hits, about=about)
    articles = (
        hit.outputs.get("scope_article") or hit.outputs.get("basis_article") or hit.outputs.get("proposed_faults")
        for hit in hits
    )
    return tables.articles(article for article in articles if article)


def _findings(tables: Tables, context: Context) -> Findings:
    """Circumstances that are established, and those whose standing a person must judge."""
    hits = {role: tables.ask(role, context) for role in (Role.EXEMPTION, Role.MITIGATION, Role.AGGRAVATION)}
    plural = {Role.EXEMPTION: "exemptions", Role.MITIGATION: "mitigations", Role.AGGRAVATION: "aggravations"}

    def clauses(role: Role, standing: str) -> set[str]:
        return {value for hit in hits[role] if (value := hit.outputs.get(f"{standing}_{plural[role]}"))}

    found = {role: clauses(role, "proposed") for role in hits}
    open_ = {role: clauses(role, "contested") - found[role] for role in hits}
    return Findings(
        exemptions=tables.articles(found[Role.EXEMPTION]),
        mitigations=tables.articles(found[Role.MITIGATION]),
        aggravations=tables.articles(found[Role.AGGRAVATION]),
        contested=tables.articles(set().union(*open_.values())),
        contested_mitigations=tables.articles(open_[Role.MITIGATION]),
        hits=tuple(hit for role in hits for hit in hits[role]),
    )
