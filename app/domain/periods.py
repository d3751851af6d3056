"""Who may stop the clock or give more time, and which deadlines can be extended at all."""

from datetime import date

from app.domain.actors import Actor
from app.domain.counted import Record, base_day, last_day
from app.domain.deadlines import Calendar, DayCount, DeadlineKind, count
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, Sentence
from app.domain.policy import DATA_NAMES
from app.domain.powers import may, posts_with
from app.domain.roles import ROLES, Side
from app.domain.wording import day_in_words


def leaders(side: Side) -> frozenset[str]:
    """Roles that answer for the time of a side's steps. Nobody prolongs his own: an organ that lost is led by the
    office."""
    return posts_with(_time(side)) if _time(side) in DATA_NAMES else frozenset()


def _time(side: Side) -> str:
    return f"time.{side}"


def leads(actor: Actor, role: str) -> bool:
    """Whether the actor answers for the time of a step addressed to this role."""
    side = ROLES[role].side if role in ROLES else None
    return side is not None and _time(side) in DATA_NAMES and may(actor, _time(side))


def ensure_leads(actor: Actor, roles: frozenset[str]) -> None:
    """Raises NotAllowedError unless the actor answers for one of the steps that wait."""
    if not any(leads(actor, role) for role in roles):
        raise NotAllowedError(
            N_(
                "只有负责当前环节的一方的负责人（联席会议办公室主任、监察机关或决定机关负责人）可以办理中止、恢复和延期。"
            )
        )


def ensure_extendable(record: Record, *, today: date) -> None:
    """Raises ConflictError with the reason why this deadline can never be extended."""
    if not record:
        raise ConflictError(N_("本环节没有时限，无需延期。"))
    kind = DeadlineKind(record["kind"])
    if kind is DeadlineKind.REGULATION:
        raise ConflictError(N_("这是本办法规定的期限，办法没有授权任何人延长，不能延期。"))
    if kind is DeadlineKind.STATUTE and not record.get("extension_max"):
        raise ConflictError(N_("这是上位法规定的期限，法律没有规定可以延长，不能延期。"))
    if kind is DeadlineKind.STATUTE and today > last_day(record):
        raise ConflictError(N_("法定期限已经届满，不能再延期。"))


def ensure_extension(record: Record, longer: Record, *, calendar: Calendar) -> None:
    """Raises InvalidAnswersError at `until`: the new day is not later, or later than the statute allows."""
    ensure_later(last_day(longer), record)
    if record["kind"] != DeadlineKind.STATUTE:
        return
    latest = count(
        base_day(record),
        record["extension_max"],
        calendar=calendar,
        day_count=DayCount(record["day_count"]),
        kind=DeadlineKind.STATUTE,
    ).last_day
    if last_day(longer) > latest:
        too_late = Sentence(N_("超过法律允许的最长延期，最迟可延至%(day)s。"), day=day_in_words(latest))
        raise InvalidAnswersError({"until": [too_late]})


def ensure_later(until: date | None, record: Record) -> None:
    """Raises InvalidAnswersError at `until` where this is no day behind the deadline's own."""
    if until is None or until <= last_day(record):
        raise InvalidAnswersError({"until": [N_("新的届满日须晚于原届满日。")]})


def may_supervise(actor: Actor, role: str) -> bool:
    """Whether the actor may issue a 督办单 on such a step: who oversees the county, or leads the side of this role."""
    return may(actor, "supervise") or leads(actor, role)
