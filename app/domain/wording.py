"""Values as official papers write them: days and amounts in Chinese, and words that remember what they stand for."""

from datetime import date, datetime
from typing import Any

from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import Words

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DIGITS = "〇一二三四五六七八九"
_MONEY_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


class Worded(str):
    """A value in words. `raw` is the value itself, for those who write it another way."""

    __slots__ = ("raw",)
    raw: Any

    def __new__(cls, text: str, raw: Any = None) -> "Worded":
        worded = super().__new__(cls, text)
        worded.raw = raw
        return worded


def day_of(value: Any) -> date | None:
    """The day in Asia/Shanghai that a value (ISO text, day or instant) names; None where it names none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (value.astimezone(OFFICE_ZONE) if value.tzinfo else value).date()
    return value if isinstance(value, date) else None


def day_in_digits(day: date) -> str:
    """2026年11月22日: the form of the running text and of the date under a seal."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_in_words(day: date) -> Words:
    """A day inside a sentence of a screen: 2026年11月22日, Nov 22, 2026."""
    return Words(day_in_digits(day), f"{_MONTHS[day.month - 1]} {day.day}, {day.year}")


def day_in_chinese(day: date) -> str:
    """二〇二六年十一月二十二日."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{number_in_chinese(day.month)}月{number_in_chinese(day.day)}日"


def number_in_chinese(number: int) -> str:
    """From 0 to 99 with the signs of running text: 十一, 二十."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def money_in_digits(fen: int) -> str:
    """An amount of fen in yuan with separators and two decimals: 1,234.50."""
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{part:02d}"


def money_in_chinese(fen: int) -> str:
    """An amount of fen with the signs that cannot be altered: 壹仟贰佰叁拾肆元伍角整."""
    whole, part = divmod(abs(fen), 100)
    jiao, rest = divmod(part, 10)
    text = f"{_whole_in_chinese(whole)}元" if whole or not part else ""
    if jiao:
        text += f"{_MONEY_DIGITS[jiao]}角"
    elif rest and whole:
        text += "零"
    text += f"{_MONEY_DIGITS[rest]}分" if rest else "整"
    return f"负{text}" if fen < 0 else text


def _whole_in_chinese(number: int) -> str:
    if number == 0:
        return "零"
    parts: list[str] = []
    gap = False
    for group in range(len(_GROUPS) - 1, -1, -1):
        value = number // 10_000**group % 10_000
        if value == 0:
            gap = bool(parts)
            continue
        if parts and (gap or value < 1000):
            parts.append("零")
        parts.append(_group_in_chinese(value) + _GROUPS[group])
        gap = False
    return "".join(parts)


def _group_in_chinese(value: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _MONEY_DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = bool(text)
    return text
