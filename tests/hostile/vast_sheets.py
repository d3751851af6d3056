"""Spreadsheets of a kilobyte that ask their reader for gigabytes. Nothing in them does anything else."""

from collections.abc import Mapping

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ODS = "urn:oasis:names:tc:opendocument:xmlns"
_CELL = '<table:table-cell{more} office:value-type="string"><text:p>x</text:p></table:table-cell>'
REFUSED = ("corner.xlsx", "wide.xlsx", "beyond.xlsx", "columns.ods")
"""No table that people make is as large; the others are read as the little that they hold."""
KEPT = (*REFUSED[:3], "says_so.xlsx", "merged.xlsx", "one_row.xlsx")
"""As papers: whoever shows one reads it in a process of its own."""


def _relations(kind: str, target: str) -> str:
    leads = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{leads}</Relationships>'


def _book(sheet: str) -> dict[str, bytes]:
    parts = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{_KIND}.{kind}+xml"/>'
        for name, kind in (("workbook.xml", "sheet.main"), ("worksheets/sheet1.xml", "worksheet"))
    )
    plain = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    listed = '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{plain}{parts}</Types>',
        "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{listed}</workbook>',
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>',
    }
    return {name: text.encode() for name, text in files.items()}


def _cells(*places: tuple[str, int]) -> str:
    rows = (f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>' for column, row in places)
    return f"<sheetData>{''.join(rows)}</sheetData>"


def _table(rows: str) -> dict[str, bytes]:
    spaces = " ".join(f'xmlns:{name}="{_ODS}:{name}:1.0"' for name in ("office", "table", "text", "manifest"))
    sheet = f'<table:table table:name="a">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    files = {
        "mimetype": kind,
        "content.xml": f"<office:document-content {spaces}>{body}</office:document-content>",
        "META-INF/manifest.xml": f"<manifest:manifest {spaces}>{entry}</manifest:manifest>",
    }
    return {name: text.encode() for name, text in files.items()}


def _repeated(rows: int, columns: int) -> str:
    cell = _CELL.format(more=f' table:number-columns-repeated="{columns}"')
    return f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'


def parts_by_name() -> Mapping[str, dict[str, bytes]]:
    """The parts of each, by the name of the file."""
    merged = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 30_000))
    return {
        "corner.xlsx": _book(_cells(("A", 1), ("XFD", 1_048_576))),
        "wide.xlsx": _book(_cells(("A", 1), ("XFD", 1_500))),
        "beyond.xlsx": _book(_cells(("A", 1), ("ZZZZZZ", 99_999_999_999))),
        "says_so.xlsx": _book('<dimension ref="A1:XFD1048576"/>' + _cells(("A", 1))),
        "merged.xlsx": _book(f"{_cells(('A', 1))}<mergeCells>{merged}</mergeCells>"),
        "one_row.xlsx": _book(f"<sheetData><row>{'<c><v>1</v></c>' * 100_000}</row></sheetData>"),
        "columns.ods": _table(_repeated(2_000, 16_384)),
        "rows.ods": _table(_repeated(99_999_999_999, 1)),
    }
