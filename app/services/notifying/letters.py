"""What a message says: which case, which organ, which step, until when, and where to go on. Nothing else.

The number of the case comes first, also in the subject: a phone shows no more than the beginning.

Never a name of a responsible person, an answer or a reason: a mailbox is no case file. Messages are in Chinese, as the
papers of the offices are.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.domain.access import is_subject_role
from app.domain.actors import Actor
from app.domain.deadlines import lamp_of, office_day
from app.domain.notifications import DECISION, Topic, sentence_of
from app.domain.tasks import Lamp
from app.law.calendar import legal_calendar
from app.services.notifying.adapters import Message
from app.services.notifying.outlets import outlets
from app.storage import notifications as rows
from app.storage.models import Delivery
from app.storage.notifications import Told

MOST_LINES = 30
FOOT = "本消息由问责系统自动发出，请勿回复。"


def compose(delivery: Delivery, actor: Actor, *, now: datetime) -> Message | None:
    """The message as things stand now; None where there is nothing to say to this person any more."""
    if delivery.topic == Topic.TEST:
        lines = ["这是一条测试消息，收到即说明接收方式可用。"]
        return _message(delivery, "测试消息", lines, path="/me/settings", now=now)
    if delivery.topic == Topic.DIGEST:
        return _digest(delivery, actor, now=now)
    if delivery.notice_id is not None:
        told = rows.find_notice(actor, delivery.notice_id)
        path = f"/notices/{delivery.notice_id}"
    else:
        told = rows.find_step(actor, delivery.task_id or "")
        path = f"/tasks/{delivery.task_id}"
    return None if told is None else _about(delivery, told, path, now=now)


def _about(delivery: Delivery, told: Told, path: str, *, now: datetime) -> Message:
    name = sentence_of(delivery.kind)
    task = told.task
    organ = "" if delivery.kind == DECISION else told.organ  # whoever reads it sees no file
    lines = [f"案号：{told.number}"]
    if organ:
        lines.append(f"机关：{organ}")
    what = [told.number, organ]
    if task is not None and not is_subject_role(task.candidate_role):
        lines.append(f"环节：{task.name}")
        what.append(task.name)
    if task is not None and task.due_at is not None:
        lines.append(f"期限：{_until(task.due_at, now=now)}")
    data = {
        "kind": delivery.kind,
        "case": told.number,
        "organ": organ,
        "due": task.due_at.isoformat() if task and task.due_at else None,
    }
    subject = f"{' '.join(filter(None, what))}：{name}"
    return _message(delivery, subject, lines, path=path, now=now, data=data)


def _until(due_at: datetime, *, now: datetime) -> str:
    lamp, days = lamp_of(due_at, now=now, calendar=legal_calendar())
    left = f"超期{days}个工作日" if lamp is Lamp.OVERDUE else f"剩{days}个工作日"
    return f"{_day(office_day(due_at))}（{left}）"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _digest(delivery: Delivery, actor: Actor, *, now: datetime) -> Message | None:
    today = office_day(now)
    work = rows.work_of(actor)
    late = [told for told in work if told.task and told.task.due_at and told.task.due_at < now]
    due = [told for told in work if told.task and told.task.due_at and told not in late and _is_on(told, today)]
    since = _working_day_before(today)
    known = (*late, *due)
    new = [told for told in work if told.task and office_day(told.task.opened_at) >= since and told not in known]
    parts = {"已经超期": late, "今天到期": due, "新到事项": new}
    if not any(parts.values()):
        return None
    lines: list[str] = []
    for title, found in parts.items():
        if found:
            lines += [f"{title}（{len(found)}项）", *(_line(told) for told in found[:MOST_LINES])]
            if len(found) > MOST_LINES:
                lines.append(f"……另有{len(found) - MOST_LINES}项，请登录查看。")
            lines.append("")
    counts = "，".join(f"{title}{len(found)}项" for title, found in parts.items() if found)
    data = {"kind": "DIGEST", "late": len(late), "due_today": len(due), "new": len(new)}
    return _message(delivery, f"每日摘要：{counts}", lines[:-1], path="/inbox/todo", now=now, data=data)


def _is_on(told: Told, day: date) -> bool:
    return bool(told.task and told.task.due_at and office_day(told.task.due_at) == day)


def _line(told: Told) -> str:
    task = told.task
    if task is None or is_subject_role(task.candidate_role):
        return f"· {told.number}"
    until = f"，{_day(office_day(task.due_at))}" if task.due_at else ""
    return f"· {told.number} {told.organ} {task.name}{until}"


def _working_day_before(day: date) -> date:
    calendar, before = legal_calendar(), date.fromordinal(day.toordinal() - 1)
    while not calendar.is_working(before):
        before = date.fromordinal(before.toordinal() - 1)
    return before


def _message(
    delivery: Delivery,
    subject: str,
    lines: list[str],
    *,
    path: str,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> Message:
    base = outlets().url
    link = f"{base}{path}" if base else ""
    body = [subject, "", *lines]
    body += ["", f"查看：{link}"] if link else ["", "请登录问责系统查看。"]
    text = "\n".join([*body, FOOT])
    return Message(delivery.id, subject, text, link, now, data or {"kind": delivery.kind})
