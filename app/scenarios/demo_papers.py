"""Papers of the demonstration: one page that says what lies here in real life, so that a preview shows something."""

_WORDS = ("本页为演示材料，代替真实文书。", "实际办理时，这里是上传的扫描件或者电子文书。")
_FACE = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 7 0 R"
_MEASURES = b"/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93"
_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light%s>>" % _FACE,
    b"<</Type/FontDescriptor/FontName/STSong-Light%s>>" % _MEASURES,
)
"""By name only: every viewer has a face of its own for it, and a page stays as small as its words."""


def paper_of(name: str) -> bytes:
    """A PDF of one page: what kind of paper it is, and two honest lines.

    Without the number of its case, so that a whole year keeps and reads a few files instead of thousands.
    """
    return _pdf((name.removesuffix(".pdf").partition("-")[0], "", *_WORDS))


def _pdf(lines: tuple[str, ...]) -> bytes:
    shown = b"".join(b"<%s> Tj T*\n" % line.encode("utf-16-be").hex().encode() for line in lines)
    drawn = b"BT /F1 16 Tf 72 760 Td 30 TL\n%sET" % shown
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        *_FONT,
    )
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%%PDF-1.4\n%strailer<</Root 1 0 R>>\n%%%%EOF\n" % body
