"""The list of lost cases that a court sends, so that unfiled ones are found: how it is read, line by line."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from app.domain.days import read_day
from app.domain.errors import N_, InvalidFileError, Sentence

COLUMNS = ("案号", "作出机关", "作出日期", "行政机关", "裁判结果")
MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class ListedDocument:
    doc_no: str
    issuing_body: str
    doc_date: date
    organ: str
    """Name or short name, as the list writes it."""
    result: str


def normal_number(text: str) -> str:
    """A document number as two writers of it would agree: no spaces, full-width brackets."""
    tight = "".join(text.split())
    return tight.translate(str.maketrans("()[]", "（）〔〕"))


def read_list(text: str) -> tuple[ListedDocument, ...]:
    """The lines of a list, pasted from a table (tabs) or as CSV, with the heading line first.

    Raises InvalidFileError: nothing of a list with a wrong line is taken.
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if not lines:
        raise InvalidFileError(N_("清单是空的。"))
    if len(lines) - 1 > MOST_LINES:
        raise InvalidFileError(N_("清单不能超过%(most)s行，请分批导入。"), most=MOST_LINES)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter="\t" if "\t" in lines[0] else ","))
    heading = [cell.strip() for cell in rows[0]]
    missing = [name for name in COLUMNS if name not in heading]
    if missing:
        raise InvalidFileError(N_("清单缺少“%(names)s”列，第一行应为列名。"), names="、".join(missing))
    places = [heading.index(name) for name in COLUMNS]
    return tuple(_document(row, places, number) for number, row in enumerate(rows[1:], 1))


def _document(row: list[str], places: list[int], number: int) -> ListedDocument:
    cells = [row[place].strip() if place < len(row) else "" for place in places]
    empty = [name for name, cell in zip(COLUMNS, cells, strict=True) if not cell]
    if empty:
        raise InvalidFileError(
            N_("第 %(row)s 行：%(why)s"), row=number, why=Sentence(N_("缺少“%(name)s”。"), name=empty[0])
        )
    doc_no, issuing_body, day, organ, result = cells
    return ListedDocument(normal_number(doc_no), issuing_body, _day(day, number), organ, result)


def _day(text: str, number: int) -> date:
    if (day := read_day(text)) is not None:
        return day
    sentence = Sentence(N_("“%(text)s”不是日期，应写作 2026-11-23。"), text=text[:40])
    raise InvalidFileError(N_("第 %(row)s 行：%(why)s"), row=number, why=sentence)
