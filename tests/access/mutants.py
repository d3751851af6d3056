"""The product with one guard taken away: a rule of the policy, or a function that says no."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import false, true

from app.domain import policy
from app.domain.policy import Level, Policy, Relation, Rule
from app.domain.roles import Side
from tests.access.expected import Place


@dataclass(frozen=True)
class RuleMutant:
    name: str
    rules: tuple[Rule, ...]

    @contextmanager
    def applied(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(policy, "POLICY", Policy(self.rules))
            yield


def rule_mutants() -> list[RuleMutant]:
    """Each rule gone; each that allows something said of everybody, and of every relation."""
    found = []
    for place, rule in enumerate(policy.POLICY.rules):
        others = policy.POLICY.rules[:place], policy.POLICY.rules[place + 1 :]
        found += [RuleMutant(f"{rule.id}, {what}", (*others[0], *made, *others[1])) for what, made in _made_of(rule)]
    return found


def _made_of(rule: Rule) -> Iterator[tuple[str, tuple[Rule, ...]]]:
    yield "gone", ()
    if rule.level is Level.NONE:
        return
    if rule.who:
        yield "for everybody", (replace(rule, who=frozenset(), without=frozenset()),)
    if Relation.ANYBODY not in rule.relations:
        yield "in any relation", (replace(rule, relations=frozenset(Relation)),)


@dataclass(frozen=True)
class Guard:
    """A function, what stands in its place, and an address where somebody notices."""

    name: str
    """Dotted; `Class.method` for a method."""
    instead: Callable[..., Any]
    noticed_at: Place

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Wherever the function was imported to."""
        path, _, name = self.name.rpartition(".")
        with pytest.MonkeyPatch.context() as patch:
            if path.rpartition(".")[2][:1].isupper():
                module, _, kind = path.rpartition(".")
                patch.setattr(getattr(import_module(module), kind), name, self.instead)
            else:
                original = getattr(import_module(path), name)
                for module in [one for key, one in sys.modules.items() if key == "app" or key.startswith("app.")]:
                    for called, value in list(vars(module).items()):
                        if value is original:
                            patch.setattr(module, called, self.instead)
            yield


def says(answer: Any) -> Callable[..., Any]:
    return lambda *_, **__: answer


YES, NOTHING = says(True), says(None)
CASE, SUBMISSION = "GET /cases/<key>", "GET /submissions/<submission_id>"
PAPER, STUDIO = "GET /attachments/<attachment_id>", "GET /studio"
GUARDS = (
    Guard("app.domain.access.ensure", NOTHING, ("GET /tasks/<task_id>", "open")),
    Guard("app.domain.access.can_read_submission", YES, (SUBMISSION, "decided SUPERVISION")),
    Guard("app.domain.access.sides_read", says(frozenset(Side)), (SUBMISSION, "decided OFFICE")),
    Guard("app.domain.access.may_see_status", YES, ("GET /processes/status", "")),
    Guard("app.domain.access.may_see_overview", YES, ("GET /overview", "")),
    Guard("app.domain.access.may_add_subjects", YES, ("GET /cases/<proceeding_id>/subjects/new", "decided")),
    Guard(
        "app.domain.access.may_reveal_identity_number",
        YES,
        ("GET /cases/<proceeding_id>/identity-numbers", "decided"),
    ),
    Guard(
        "app.domain.access.may_record_status",
        YES,
        ("GET /cases/<proceeding_id>/subjects/<subject_id>/status", "decided"),
    ),
    Guard("app.domain.access.may_exchange", YES, ("GET /court-list", "")),
    Guard("app.domain.access.may_read_policy", YES, ("GET /policy", "")),
    Guard("app.domain.access.may_read_own_decision", says(False), (PAPER, "decided own")),
    Guard("app.domain.access.may_read_own_notice", says(False), (PAPER, "decided own beforehand")),
    Guard("app.domain.actors.Actor.holds", YES, ("GET /tasks/<task_id>", "open")),
    Guard("app.domain.actors.Actor.reaches_county", YES, ("GET /ledger", "")),
    Guard("app.domain.powers.may", YES, ("GET /studio/versions", "")),
    Guard("app.domain.powers.may_by_himself", YES, ("GET /operations", "")),
    Guard("app.domain.administrators.ensure_power", NOTHING, ("GET /administration", "")),
    Guard("app.domain.interventions.ensure_may_operate", NOTHING, ("GET /operations", "")),
    Guard("app.storage.visibility.visible_proceedings", says(true()), (CASE, "open")),
    Guard("app.storage.visibility.known_proceedings", says(true()), ("GET /procedures/<key>", "open")),
    Guard("app.storage.visibility.may_see", YES, ("GET /proceedings/<proceeding_id>/recusals", "open")),
    Guard("app.storage.visibility.own_subjects", says(true()), (PAPER, "decided own")),
    Guard("app.storage.visibility.my_notices", says(true()), ("GET /notices/<notice_id>", "")),
    Guard("app.storage.recusals.recused_from", says(false()), (CASE, "open")),
    Guard("app.storage.attachments.may_read", YES, (PAPER, "decided DECIDER")),
    Guard("app.storage.archives.may_open", YES, ("GET /archives/<package_id>", "archived")),
    Guard("app.services.packs.ensure_may", NOTHING, ("GET /studio/packs", "")),
    Guard("app.services.studio.drafts.ensure_owner", says("jinzhai"), ("GET /studio/drafts/<draft_id>/export.zip", "")),
    Guard("app.queries.studio.ensure_owner", says("jinzhai"), (STUDIO, "")),
    Guard("app.queries.comparisons.ensure_reader", says("jinzhai"), ("GET /studio/versions", "")),
    Guard("app.queries.standing_steps.ensure_status", NOTHING, ("GET /bottlenecks", "")),
    Guard("app.queries.dossiers.ensure_reports", NOTHING, ("GET /reports/assessment", "")),
)
"""Guards of what is read."""

DONE = "did"
WRITING_GUARDS = (
    Guard("app.domain.access.ensure", NOTHING, ("POST /tasks/<task_id>", DONE)),
    Guard("app.domain.access.ensure_may_open", NOTHING, ("POST /procedures", DONE)),
    Guard("app.domain.access.may_replace_paper", YES, ("POST /attachments/<attachment_id>/versions", DONE)),
    Guard("app.domain.recusals.may_decide", YES, ("POST /proceedings/<proceeding_id>/recusals/<recusal_id>", DONE)),
    Guard("app.domain.periods.ensure_leads", NOTHING, ("POST /cases/<key>/suspend", DONE)),
    Guard("app.services.studio.drafts.ensure_owner", says("jinzhai"), ("POST /studio/drafts", DONE)),
    Guard("app.domain.administrators.ensure_power", NOTHING, ("POST /administration/people", DONE)),
)
"""Guards of what is done."""
