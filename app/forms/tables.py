"""A pasted or uploaded table as answers of a form: headings are field names or labels, cells are what a clerk types."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app import sheetfiles
from app.domain.archives import Bounds, HarmfulArchiveError, ensure_harmless
from app.domain.days import read_day
from app.domain.errors import N_, InvalidFileError
from app.forms.options import OptionLists, Options, options_in
from app.forms.parse import Component, Form
from app.forms.schema import ATTACHMENTS

MAX_ROWS = 500
MAX_BYTES = 1_000_000
MAX_UNFOLDED = 30_000_000
MOST_LINES = 2_000
"""Read from a sheet, blank ones included."""
TOO_LARGE = N_("表格内容过大，请分批上传。")
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of office programs begin: .xlsx and .ods, and .xls."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: where it stands (1 is the heading) and what it says, by field name."""

    number: int
    answers: Mapping[str, Any]


def read_table(content: bytes, form: Form, *, options: Options, organs: Mapping[str, str]) -> list[Line]:
    """The rows of the first sheet of a spreadsheet file (.xlsx, .xls, .ods), or of a CSV or tab-separated table.
    `organs` gives ids by full or short name.

    A cell that is no label, name or day is kept as typed: the form then refuses it at its field. Empty cells say
    nothing. Raises InvalidFileError: encoding, headings, size.
    """
    rows = list(_rows(content))
    if len(rows) < 2:
        raise InvalidFileError(N_("表格至少应有一行标题和一行数据。"))
    if len(rows) - 1 > MAX_ROWS:
        raise InvalidFileError(N_("一次最多登记%(most)s件，请分批上传。"), most=MAX_ROWS)
    columns = [_column(heading, form) for heading in rows[0]]
    lists = options_in(options)
    lines = []
    for number, row in enumerate(rows[1:], 2):
        cells = [(column, cell.strip()) for column, cell in zip(columns, row, strict=False) if cell.strip()]
        answers = {column.key or "": _value(column, cell, lists, organs) for column, cell in cells}
        if answers:
            lines.append(Line(number, answers))
    return lines


def _rows(content: bytes) -> Iterator[list[str]]:
    if len(content) > MAX_BYTES:
        raise InvalidFileError(N_("表格超过 1 MB，请分批上传。"))
    if content.startswith(_SPREADSHEETS):
        yield from _rows_of_sheet(content)
        return
    text = _text(content)
    if "\0" in text:
        raise InvalidFileError(N_("文件不是表格；请上传 Excel 文件，或者另存为 CSV 后上传。"))
    first = text.splitlines()[0] if text.strip() else ""
    try:
        yield from csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ",")
    except csv.Error as error:
        raise InvalidFileError(N_("表格无法读取：%(why)s"), why=str(error)) from error


def _rows_of_sheet(content: bytes) -> Iterator[list[str]]:
    """The first sheet, cells as a clerk would type them; lines without any text are left out."""
    _ensure_unfolds(content)
    try:
        rows = sheetfiles.rows_of(content, most=MOST_LINES, used_alone=False)
    except sheetfiles.UnreadableSheetError as error:
        raise InvalidFileError(N_("表格无法读取：%(why)s"), why=str(error)) from error
    except sheetfiles.VastSheetError:
        raise InvalidFileError(TOO_LARGE) from None
    yield from (cells for cells in rows if any(cell.strip() for cell in cells))


def _ensure_unfolds(content: bytes) -> None:
    """A small file may unfold to gigabytes; who makes such a table is refused before it is read."""
    if not content.startswith(b"PK"):
        return
    try:
        ensure_harmless(content, bounds=Bounds(inflated=MAX_UNFOLDED))
    except zipfile.BadZipFile as error:
        raise InvalidFileError(N_("表格无法读取：%(why)s"), why=str(error)[:200]) from error
    except HarmfulArchiveError:
        raise InvalidFileError(TOO_LARGE) from None


def _text(content: bytes) -> str:
    """Office programs write either of the two."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidFileError(N_("表格的编码无法识别，请用 UTF-8 保存。"))


def _column(heading: str, form: Form) -> Component:
    wanted = heading.strip().rstrip("*")
    for field in form.fields:
        if field.key and wanted in (field.key, field.label, field.label_in("en")):
            if not field.writable or field.type in ATTACHMENTS or field.type == "table":
                raise InvalidFileError(N_("“%(heading)s”不能由表格填写。"), heading=wanted)
            return field
    raise InvalidFileError(N_("表格的标题“%(heading)s”不是登记表的栏目。"), heading=wanted[:40])


def _value(field: Component, cell: str, lists: OptionLists, organs: Mapping[str, str]) -> Any:
    if field.type == "datetime":
        return _day(cell)
    if field.type == "organ":
        return organs.get(cell, cell)
    if field.type == "multi-organ":
        return [organs.get(name, name) for name in _SEVERAL.split(cell) if name]
    if name := field.properties.get("options"):
        by_label = {label: option.value for option in lists.get(name) for label in (option.zh, option.en)}
        if field.type == "checklist":
            return [by_label.get(label, label) for label in _SEVERAL.split(cell) if label]
        return by_label.get(cell, cell)
    if field.type in ("number", "money"):
        return _amount(cell, in_fen=field.type == "money")
    return _TICKED.get(cell.lower(), cell) if field.type == "checkbox" else cell


_SEVERAL = re.compile(r"[、;；]")
_NUMBER = re.compile(r"[¥￥]?\s*(-?(?:\d{1,3}(?:[,，]\d{3})+|\d{1,15})(?:\.\d{1,6})?)\s*元?")
_TICKED = {"是": True, "yes": True, "true": True, "1": True, "否": False, "no": False, "false": False, "0": False}


def _amount(cell: str, *, in_fen: bool) -> int | float | str:
    """A number as sheets have it, `8,000.50` or `8000.5元`; money is in yuan. Another text stays, to be refused."""
    found = _NUMBER.fullmatch(cell)
    if found is None:
        return cell
    value = Decimal(re.sub(r"[,，]", "", found[1])) * (100 if in_fen else 1)
    return int(value) if value == value.to_integral_value() else float(value)


def _day(cell: str) -> str:
    day = read_day(cell) or read_day(cell.partition(" ")[0])  # a sheet may keep a time with the day
    return cell if day is None else day.isoformat()
