"""Reading a yearly notice on days off from a file or from pasted lines, with an error for each line that is wrong.

Understood are lines (`2027-01-01 休 元旦`, `2027-01-03 班`, `2027-02-05至2027-02-11 休 春节`), comma or tab separated
tables with or without a heading, and iCalendar files.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.calendars import SATURDAY, CalendarDay, DayKind, Notice
from app.domain.days import WRITTEN_DAY
from app.domain.errors import N_, InvalidFileError, Sentence

ENCODINGS = ("utf-8-sig", "gb18030")
LONGEST_RANGE = 15
"""Days; no holiday is longer."""
EARLIEST = (12, 25)
"""Days from here on may stand in the notice of the following year."""
FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")

_LINE = re.compile(
    rf"^{WRITTEN_DAY}(?:\s*(?:至|到|—|~|\uff5e)\s*{WRITTEN_DAY})?"
    r"[\s,，;；\t]*([^\s,，;；\t]+)?[\s,，;；\t]*(.*)$"
)
_OFF = {"休", "休息", "放假", "节假日", "假", "HOLIDAY"}
_ON = {"班", "上班", "补班", "调休上班", "工作日", "MAKE_UP_WORKDAY", "WORKDAY"}


@dataclass(frozen=True, slots=True)
class LineError:
    number: int
    text: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood; `notice` is None where nothing was or a line is wrong."""

    notice: Notice | None
    errors: tuple[LineError, ...]
    warnings: tuple[Sentence, ...]


class _LineWrongError(Exception):
    def __init__(self, id_: str, **values: object) -> None:
        self.sentence = Sentence(id_, **values)
        super().__init__(str(self.sentence))


def decode(content: bytes) -> str:
    """The text of an uploaded file. Raises InvalidFileError."""
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidFileError(N_("文件不是文本，请使用 UTF-8 或 GB18030 编码的文本、CSV 或 ICS 文件。"))


def read_notice(text: str, *, source: str, owners: Mapping[date, int]) -> Reading:
    """The notice in a text. `owners`: days that notices name already -> year of the notice."""
    errors: list[LineError] = []
    found: dict[date, tuple[int, str, CalendarDay]] = {}
    lines = _ics_lines(text) if "BEGIN:VCALENDAR" in text.upper() else enumerate(text.splitlines(), 1)
    for number, raw in lines:
        line = raw.strip().strip("\ufeff")
        if not line or line.startswith("#") or (number == 1 and _is_heading(line)):
            continue
        try:
            for special in _days_in(line):
                before = found.get(special.day)
                if before is not None:
                    raise _LineWrongError(N_("%(day)s与第%(line)s行重复"), day=special.day.isoformat(), line=before[0])
                found[special.day] = (number, line, special)
        except _LineWrongError as wrong:
            errors.append(LineError(number, line[:200], wrong.sentence))
    year = _year_of(found)
    errors += [] if year is None else _misplaced(found, year, owners)
    if not found and not errors:
        errors.append(LineError(0, "", Sentence(N_("没有读到日期，每行请写成“2027-01-01 休 元旦”或“2027-01-03 班”。"))))
    days = tuple(entry[2] for _, entry in sorted(found.items()))
    ok = year is not None and not errors
    return Reading(
        notice=Notice(year or 0, source.strip(), days) if ok else None,
        errors=tuple(sorted(errors, key=lambda error: error.number)),
        warnings=_warnings(days) if ok else (),
    )


def _is_heading(line: str) -> bool:
    return not any(letter.isdigit() for letter in line)


def _days_in(line: str) -> Iterator[CalendarDay]:
    """The days of one line."""
    match = _LINE.match(line.replace('"', ""))
    if match is None:
        raise _LineWrongError(N_("须以日期开头，如“2027-01-01 休 元旦”"))
    first = _day(match[1], match[2], match[3])
    last = _day(match[4], match[5], match[6]) if match[4] else first
    if not 0 <= (last - first).days < LONGEST_RANGE:
        raise _LineWrongError(N_("起止日期不对：须先早后晚，且不超过%(days)s天"), days=LONGEST_RANGE)
    word, name = (match[7] or "").strip(), (match[8] or "").strip(" ,，;；\t")[:30]
    kind = _kind(word)
    if kind is DayKind.HOLIDAY and not name:
        raise _LineWrongError(N_("放假日须写明节日名称，如“休 元旦”"))
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if kind is DayKind.MAKE_UP_WORKDAY and day.weekday() < SATURDAY:
            raise _LineWrongError(N_("%(day)s不是周六、周日，不能是补班日"), day=day.isoformat())
        yield CalendarDay(day, kind, name)


def _kind(word: str) -> DayKind:
    if word.upper() in _OFF:
        return DayKind.HOLIDAY
    if word.upper() in _ON:
        return DayKind.MAKE_UP_WORKDAY
    raise _LineWrongError(N_("须写明“休”或“班”，现为“%(word)s”"), word=word or "—")


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _LineWrongError(
            N_("没有%(year)s年%(month)s月%(day)s日这一天"), year=int(year), month=int(month), day=int(day)
        ) from None


def _year_of(found: Mapping[date, object]) -> int | None:
    """The year that the notice is for: the one that most of its days lie in."""
    counted = Counter(day.year for day in found)
    return max(counted, key=lambda year: (counted[year], year)) if counted else None


def _misplaced(
    found: Mapping[date, tuple[int, str, CalendarDay]], year: int, owners: Mapping[date, int]
) -> Iterator[LineError]:
    for day, (number, line, _) in found.items():
        if day.year != year and not (day.year == year - 1 and (day.month, day.day) >= EARLIEST):
            sentence = Sentence(N_("不在%(year)s年的通知范围内（本年，及上年12月25日以后）"), year=year)
            yield LineError(number, line[:200], sentence)
        elif owners.get(day, year) != year:
            sentence = Sentence(N_("该日已由%(year)s年的通知规定"), year=owners[day])
            yield LineError(number, line[:200], sentence)


def _warnings(days: tuple[CalendarDay, ...]) -> tuple[Sentence, ...]:
    """What a complete notice would have; it can be imported all the same."""
    names = "".join(special.name for special in days if special.kind is DayKind.HOLIDAY)
    absent = [festival for festival in FESTIVALS if festival not in names]
    warnings = []
    if absent:
        warnings.append(Sentence(N_("未见这些节日：%(names)s，请核对通知是否完整。"), names="、".join(absent)))
    if not any(special.kind is DayKind.MAKE_UP_WORKDAY for special in days):
        warnings.append(Sentence(N_("没有补班日，请核对通知是否完整。")))
    return tuple(warnings)


def _ics_lines(text: str) -> Iterator[tuple[int, str]]:
    """The events of an iCalendar file as lines of our own, each with the number of the line it begins on."""
    begin = 0
    values: dict[str, str] = {}
    for number, line in enumerate(text.replace("\r\n ", "").splitlines(), 1):
        name, _, value = line.strip().partition(":")
        name = name.partition(";")[0].upper()
        if (name, value.upper()) == ("BEGIN", "VEVENT"):
            begin, values = number, {}
        elif (name, value.upper()) == ("END", "VEVENT"):
            yield begin, _ics_event(values)
        else:
            values[name] = value


def _ics_event(values: Mapping[str, str]) -> str:
    first, last = (_ics_day(values.get(name, "")) for name in ("DTSTART", "DTEND"))
    if first is None:
        return values.get("SUMMARY", "") + "0"  # no date: the line will be refused with its words
    last = max(first, last - timedelta(days=1)) if last else first
    summary = values.get("SUMMARY", "")
    works = any(word in summary for word in ("班", "工作日"))
    name = re.sub(r"[\s（）()【】\[\]]|休|补?班|放假|假期|上|调", "", summary)
    return f"{first}至{last} {'班' if works else '休'} {name}"


def _ics_day(value: str) -> date | None:
    match = re.match(r"^(\d{4})(\d{2})(\d{2})", value)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
