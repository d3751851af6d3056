"""What people may be told of outside the product, by which ways, and when they want to be left alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256

from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import N_

MORNING = time(8, 30)
"""When offices begin: reminders of deadlines go out from then on, on working days only."""


class Channel(StrEnum):
    """A way out of the product. What lies in the inbox lies there whatever a person has chosen."""

    EMAIL = "EMAIL"
    WECOM = "WECOM"
    DINGTALK = "DINGTALK"
    FEISHU = "FEISHU"
    WEBHOOK = "WEBHOOK"


class Topic(StrEnum):
    """What a person may want to hear of outside, or not."""

    STEP = "STEP"
    SERVED = "SERVED"
    SOON = "SOON"
    OVERDUE = "OVERDUE"
    URGED = "URGED"
    SUPERVISED = "SUPERVISED"
    HANDED = "HANDED"
    MENTION = "MENTION"
    MEETING = "MEETING"
    PROCESS = "PROCESS"
    DIGEST = "DIGEST"
    TEST = "TEST"


CHOICES: Mapping[Topic, str] = {
    Topic.STEP: N_("新的待办或待领事项"),
    Topic.SERVED: N_("决定送达本人"),
    Topic.SOON: N_("期限临近"),
    Topic.OVERDUE: N_("已经超期"),
    Topic.URGED: N_("催办"),
    Topic.SUPERVISED: N_("督办"),
    Topic.HANDED: N_("转办、委派、退回、征求意见"),
    Topic.MENTION: N_("在讨论中提到我"),
    Topic.MEETING: N_("会议通知"),
    Topic.PROCESS: N_("程序发出的其他通知"),
}
"""Those that the settings page offers, in its order; the digest has a setting of its own."""

TOPICS = {
    "STEP": Topic.STEP,
    "SERVED": Topic.SERVED,
    "DUE_SOON": Topic.SOON,
    "OVERDUE": Topic.OVERDUE,
    "URGED": Topic.URGED,
    "SUPERVISED": Topic.SUPERVISED,
    "TRANSFERRED": Topic.HANDED,
    "DELEGATED": Topic.HANDED,
    "HANDED_BACK": Topic.HANDED,
    "RETURNED": Topic.HANDED,
    "TAKEN_BACK": Topic.HANDED,
    "ADVICE": Topic.HANDED,
    "OPINION": Topic.HANDED,
    "ANSWERED": Topic.HANDED,
    "MENTION": Topic.MENTION,
    "MEETING": Topic.MEETING,
    "DECISION": Topic.SERVED,
}


def topic_of(kind: str) -> Topic:
    """Under which topic a notice of a kind is told; whatever is not listed comes from a procedure."""
    return TOPICS.get(kind, Topic.PROCESS)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of every day in which nothing is sent, in the offices' time; both empty or equal: none. May cross midnight."""

    since: str = ""
    until: str = ""

    def end_after(self, now: datetime) -> datetime | None:
        """When the hours around `now` end; None while it is not quiet."""
        if not self.since or not self.until or self.since == self.until:
            return None
        here = now.astimezone(OFFICE_ZONE)
        since, until = time.fromisoformat(self.since), time.fromisoformat(self.until)
        at = here.time()
        if since < until:
            is_quiet = since <= at < until
        else:
            is_quiet = at >= since or at < until
        if not is_quiet:
            return None
        day = here.date() if at < until else here.date() + timedelta(days=1)
        return datetime.combine(day, until, OFFICE_ZONE)


def dedup_id(*parts: object) -> str:
    """The name of one thing told to one person by one way; the same parts give the same name for ever."""
    return sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:32]


def is_office_time(now: datetime, begins: time = MORNING) -> bool:
    """Whether the day has come so far; the date is the caller's to judge."""
    return now.astimezone(OFFICE_ZONE).time() >= begins


def digest_name(person_id: str, day: date) -> str:
    return dedup_id("digest", person_id, day.isoformat())
