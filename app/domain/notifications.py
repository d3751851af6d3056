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


DECISION = "DECISION"
"""Kind of the notice that a decision was served: its reader sees no file, only the paper."""

CHOICES: Mapping[Topic, str] = {
    Topic.STEP: N_("新的待办或待领事项"),
    Topic.SERVED: N_("决定送达本人"),
    Topic.SOON: N_("期限临近"),
    Topic.OVERDUE: N_("已经超期"),
    Topic.URGED: N_("催办"),
    Topic.SUPERVISED: N_("督办"),
    Topic.HANDED: N_("转办、委派、退回、征求意见、撤销案件"),
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
    "COUNTERSIGN": Topic.HANDED,
    "OPINION": Topic.HANDED,
    "ANSWERED": Topic.HANDED,
    "REVOKED": Topic.HANDED,
    "SHEET_ANSWERED": Topic.SUPERVISED,
    "EXTENSION_REQUESTED": Topic.HANDED,
    "EXTENSION_GRANTED": Topic.HANDED,
    "EXTENSION_REFUSED": Topic.HANDED,
    "COMMENT": Topic.MENTION,
    "MENTION": Topic.MENTION,
    "MEETING": Topic.MEETING,
    DECISION: Topic.SERVED,
}


NAMES = {
    "FILING_DUE": N_("报送备案期限提醒"),
    "FILING_OVERDUE": N_("报送备案逾期通知"),
    "SUPPLEMENT": N_("补正通知"),
    "RESULT": N_("处理结果告知"),
    DECISION: N_("决定送达通知"),
    "DECISION_REVISED": N_("问责决定变更通知"),
    "FEEDBACK": N_("情况反馈通知"),
    "MEETING": N_("会议通知"),
    "ADVICE_LEAD": N_("未落实建议书的线索待登记"),
    "ADVICE_CONCLUDED": N_("建议书办理情况答复"),
    "LIAISON_LEAD": N_("联络员移交的线索待登记"),
    "LIAISON_REPLY": N_("移交线索办理答复"),
    "POOL_AGE": N_("候会时间提醒"),
    "RECUSAL": N_("回避申请待决定"),
    "SUBJECT_TRANSFERRED": N_("责任人员调离通知"),
    "STEP": N_("新事项"),
    "SERVED": N_("决定送达"),
    "DUE_SOON": N_("期限临近"),
    "OVERDUE": N_("已经超期"),
    "URGED": N_("催办"),
    "SUPERVISED": N_("督办"),
    "TRANSFERRED": N_("转办"),
    "DELEGATED": N_("委派"),
    "HANDED_BACK": N_("委派交回"),
    "RETURNED": N_("退回"),
    "TAKEN_BACK": N_("取回"),
    "COUNTERSIGN": N_("加签"),
    "OPINION": N_("征求意见"),
    "ANSWERED": N_("意见已答复"),
    "REVOKED": N_("案件已撤销"),
    "SHEET_ANSWERED": N_("督办已答复"),
    "EXTENSION_REQUESTED": N_("延期申请待决定"),
    "EXTENSION_GRANTED": N_("延期申请已批准"),
    "EXTENSION_REFUSED": N_("延期申请未批准"),
    "COMMENT": N_("讨论中提到您"),
    "MENTION": N_("讨论中提到您"),
    "TEST": N_("测试消息"),
    "DIGEST": N_("每日摘要"),
}
OTHER = N_("程序提醒")


def sentence_of(kind: str) -> str:
    """What a notice of a kind is called (message id); one that we do not know is a reminder."""
    return NAMES.get(kind, OTHER)


WHY = {
    "RECIPIENT": N_("邮件服务器不接受该收件地址"),
    "MAIL": N_("邮件服务器没有接受"),
    "HTTP": N_("对方没有接受"),
    "SILENT": N_("对方没有应答"),
    "ROBOT": N_("机器人没有接受"),
}
"""Why something was not taken, by the first word of the error; the rest of it is for the operator."""
FAILED = N_("发送失败")


def why_not(error: str) -> str:
    """The error in words (message id)."""
    return WHY.get(error.partition(" ")[0], FAILED)


REMINDERS = ("DUE_SOON", "OVERDUE")
"""Kinds that say nothing any more once the step is done."""


def topic_of(kind: str) -> Topic:
    """Under which topic a notice of a kind is told; whatever is not listed comes from a procedure."""
    return TOPICS.get(kind, Topic.PROCESS)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of every day in which nothing is sent, in the offices' time; none where equal. May cross midnight."""

    since: str = ""
    until: str = ""

    def end_after(self, now: datetime) -> datetime | None:
        """When the hours around `now` end; None while it is not quiet."""
        if not self.since or not self.until or self.since == self.until:
            return None
        here = now.astimezone(OFFICE_ZONE)
        since, until = time.fromisoformat(self.since), time.fromisoformat(self.until)
        at = here.time()
        is_quiet = since <= at < until if since < until else at >= since or at < until
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
