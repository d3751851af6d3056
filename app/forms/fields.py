"""One marshmallow field per type of form field: text in, plain JSON values out, Chinese sentences when it does not fit.

Empty text, an empty list and null all mean "not answered" and load as None. Whether an answer is required depends on
conditions and is decided in `answers`, not here.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import N_, Sentence, Words
from app.domain.identity_numbers import IdentityNumber, id_in, is_valid, normalised
from app.forms.options import OptionLists
from app.forms.parse import Component

LONGEST_LINE = 1_000
LONGEST_TEXT = 20_000
MOST_ITEMS = 200
LARGEST_NUMBER = 10**15

PATTERNS: Mapping[str, str] = {
    "document_number": r"^[^\n]{0,30}[0-9]{4}[^\n]{1,40}号$",
    "mobile": r"^1[0-9]{10}$",
    "credit_code": r"^[0-9A-Z]{18}$",
    "postcode": r"^[0-9]{6}$",
    "year": r"^[0-9]{4}$",
    "digits": r"^[0-9]+$",
}
"""The patterns a form may use. A fixed menu: any other expression could take a server's minutes over one answer."""

EXAMPLES: Mapping[str, str] = {
    PATTERNS["document_number"]: "某政办〔2026〕12号",
    PATTERNS["mobile"]: "13800001234",
    PATTERNS["credit_code"]: "91340000MA2ABCDE1X",
    PATTERNS["postcode"]: "230001",
    PATTERNS["year"]: "2026",
    PATTERNS["digits"]: "0123",
}
"""By pattern: what fits it, for the sentence to who wrote something else."""

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff\ud800-\udfff]")


class FormField(fields.Field[Any]):
    """What all types share: the component, its label in sentences, null for no answer."""

    def __init__(self, component: Component) -> None:
        super().__init__(required=False, allow_none=True)
        self.component = component
        self.limits = component.validate

    def refuse(self, message: str, **values: Any) -> ValidationError:
        return ValidationError([Sentence(message, label=self.component.words, **values)])

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return None if value == "" or value == [] else self.read(value)

    def read(self, value: Any) -> Any:
        raise NotImplementedError


class TextField(FormField):
    """Text, normalised to NFC and trimmed. One line unless the component is a textarea."""

    def read(self, value: Any) -> str | None:
        if not isinstance(value, str):
            raise self.refuse(N_("“%(label)s”应为文字。"))
        if _BIDI.search(value) or _CONTROL.search(value):
            raise self.refuse(N_("“%(label)s”含有不可见的控制字符，请删除后重新填写。"))
        text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()
        if self.component.type == "textfield":
            text = text.replace("\n", " ")
        if text:
            self._measure(text)
        return text or None

    def _measure(self, text: str) -> None:
        longest = LONGEST_TEXT if self.component.type == "textarea" else LONGEST_LINE
        most = min(whole(self.limits.get("maxLength"), longest), longest)
        least = whole(self.limits.get("minLength"), 0)
        if len(text) > most:
            raise self.refuse(N_("“%(label)s”最多 %(most)s 个字，现有 %(count)s 个字。"), most=most, count=len(text))
        if len(text) < least:
            raise self.refuse(N_("“%(label)s”至少 %(least)s 个字。"), least=least)
        pattern = self.limits.get("pattern")
        if pattern is not None and pattern in PATTERNS.values() and not re.fullmatch(pattern, text):
            if own := self.limits.get("patternErrorMessage"):
                own_words = Words(own, str(self.component.properties.get("pattern_error_en") or ""))
                raise ValidationError([Sentence("%(sentence)s", sentence=own_words)])
            raise self.refuse(N_("“%(label)s”的格式不正确，应如 %(example)s。"), example=EXAMPLES[pattern])


def whole(limit: Any, otherwise: int) -> int:
    return int(limit) if isinstance(limit, int | float) and not isinstance(limit, bool) else otherwise


class NumberField(FormField):
    """A number with at most `decimalDigits` decimals; integers come out as int."""

    not_one = N_("“%(label)s”应为数字，如 12 或者 3.5。")
    not_whole = N_("“%(label)s”应为整数，如 12。")

    def read(self, value: Any) -> int | float:
        number = self._number(value)
        self._bound(number, str)
        return number

    def _number(self, value: Any) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.refuse(self.not_one)
        if abs(value) > LARGEST_NUMBER:
            raise self.refuse(N_("“%(label)s”的数字过大。"))
        digits = whole(self.component.raw.get("decimalDigits"), 0 if self.component.type == "money" else 6)
        exponent = Decimal(str(value)).normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > digits:
            if digits == 0:
                raise self.refuse(self.not_whole)
            raise self.refuse(N_("“%(label)s”最多 %(digits)s 位小数。"), digits=digits)
        return int(value) if float(value).is_integer() else value

    def _bound(self, number: float, shown: Any) -> None:
        least, most = _number_of(self.limits.get("min")), _number_of(self.limits.get("max"))
        if least is not None and number < least:
            raise self.refuse(N_("“%(label)s”不能小于%(least)s。"), least=shown(least))
        if most is not None and number > most:
            raise self.refuse(N_("“%(label)s”不能大于%(most)s。"), most=shown(most))


class MoneyField(NumberField):
    """An amount in fen, an integer that is not negative unless `min` says otherwise. `min` and `max` are fen too.

    A page reads yuan and sends fen: only a program meets the sentence about fen.
    """

    not_one = N_("“%(label)s”应为金额，如 8000 或者 8000.50。")
    not_whole = N_("“%(label)s”以分为单位，应为整数，如 800050。")

    def read(self, value: Any) -> int:
        number = int(self._number(value))
        if number < 0 and _number_of(self.limits.get("min")) is None:
            raise self.refuse(N_("“%(label)s”不能小于%(least)s。"), least="0")
        self._bound(number, yuan)
        return number


def _number_of(limit: Any) -> int | float | None:
    return limit if isinstance(limit, int | float) and not isinstance(limit, bool) else None


def yuan(fen: float) -> str:
    """An amount of fen in yuan, with thousands separators: 800000 -> 8,000; 805 -> 8.05."""
    whole, part = divmod(abs(int(fen)), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}" + (f".{part:02d}" if part else "")


class IdentityNumberField(FormField):
    """公民身份号码: a number that can be one, or a reference to one that was sealed before. It loads masked."""

    def read(self, value: Any) -> str:
        if isinstance(value, str) and len(value) <= LONGEST_LINE:
            if isinstance(value, IdentityNumber) or id_in(value) is not None:
                return value
            number = normalised(value)
            if is_valid(number):
                return IdentityNumber(number)
        raise self.refuse(N_("“%(label)s”不是有效的18位公民身份号码，请核对出生日期和最后一位校验码。"))


class DateField(FormField):
    """A day (YYYY-MM-DD), a date-time (ISO 8601, +08:00) or a time (HH:MM), by the component's subtype."""

    def read(self, value: Any) -> str:
        subtype = self.component.raw.get("subtype", "date")
        if isinstance(value, str) and len(value) <= 40:
            try:
                return _READ_MOMENT[subtype](value)
            except (KeyError, ValueError):
                pass
        wanted = {
            "datetime": N_("“%(label)s”应为有效的日期和时间，如 2026-11-23 09:30。"),
            "time": N_("“%(label)s”应为有效的时间，如 09:30。"),
        }
        raise self.refuse(wanted.get(subtype, N_("“%(label)s”应为有效的日期，如 2026-11-23。")))


def _read_day(value: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError(value)
    return _plausible(date.fromisoformat(value)).isoformat()


def _read_instant(value: str) -> str:
    moment = datetime.fromisoformat(value)
    if "T" not in value:
        raise ValueError(value)
    moment = moment.replace(tzinfo=OFFICE_ZONE) if moment.tzinfo is None else moment.astimezone(OFFICE_ZONE)
    _plausible(moment.date())
    return moment.isoformat(timespec="seconds")


def _plausible(day: date) -> date:
    if not 1900 <= day.year <= 2200:
        raise ValueError(day)
    return day


def _read_time(value: str) -> str:
    return time.fromisoformat(value).strftime("%H:%M")


_READ_MOMENT: Mapping[str, Callable[[str], str]] = {
    "date": _read_day,
    "datetime": _read_instant,
    "time": _read_time,
}


class CheckboxField(FormField):
    """A ticked box. A signature is a box that its signer ticks; `answers` adds name and time.

    A signature that comes back as it was stamped (from a draft or an earlier answer) has to be given again.
    """

    def read(self, value: Any) -> bool | None:
        if self.component.type == "signature" and isinstance(value, dict):
            return None
        if not isinstance(value, bool):
            raise self.refuse(N_("“%(label)s”应为是或否。"))
        return value


class OptionField(FormField):
    """One code of an option list."""

    def __init__(self, component: Component, options: OptionLists) -> None:
        super().__init__(component)
        self.allowed = allowed_values(component, options)

    def read(self, value: Any) -> Any:
        if not _is_among(value, self.allowed):
            raise self.refuse(N_("“%(label)s”的选项无效，请重新选择。"))
        return value


class OptionListField(OptionField):
    """Several different codes of an option list, in the order of the list."""

    def read(self, value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > MOST_ITEMS or not all(_is_among(v, self.allowed) for v in value):
            raise self.refuse(N_("“%(label)s”的选项无效，请重新选择。"))
        return [option for option in self.allowed if _is_among(option, value)]


def allowed_values(component: Component, options: OptionLists) -> tuple[Any, ...]:
    """The codes that a field offers: its option list, else the values written into the form."""
    if name := component.properties.get("options"):
        return tuple(option.value for option in options.get(name))
    written = component.raw.get("values")
    return tuple(item.get("value") for item in written if isinstance(item, dict)) if isinstance(written, list) else ()


def _is_among(value: Any, allowed: Iterable[Any]) -> bool:
    return any(type(value) is type(option) and value == option for option in allowed)


class PickField(FormField):
    """The id of a person, organ or case. Whether it may be chosen is asked of `Choices` once for all fields."""

    def read(self, value: Any) -> str:
        if not is_id(value):
            raise self.refuse(N_("“%(label)s”的选择无效，请重新选择。"))
        return str(value)


class PickListField(FormField):
    """Several different ids, in the order chosen; one id alone is a list of one. Also the ids of uploaded papers."""

    def read(self, value: Any) -> list[str]:
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(is_id(item) for item in value):
            raise self.refuse(N_("“%(label)s”的选择无效，请重新选择。"))
        most = 1 if self.component.type == "attachment" else MOST_ITEMS
        chosen = list(dict.fromkeys(value))
        if len(chosen) > most:
            raise self.refuse(N_("“%(label)s”最多 %(most)s 项。"), most=most)
        return chosen


def is_id(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 100 and not _CONTROL.search(value) and not _BIDI.search(value)
