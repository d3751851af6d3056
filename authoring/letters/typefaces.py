"""The fonts of official papers, and how runs and styles get them."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length
from docx.text.run import Run

FANGSONG, XIAOBIAOSONG, HEITI, KAITI, SONGTI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
INSTEAD = {FANGSONG: "仿宋", XIAOBIAOSONG: "宋体", HEITI: "SimHei", KAITI: "楷体", SONGTI: "SimSun"}
"""What a program takes where the font of the norm is not installed."""


def set_type(run: Run, font: str, size: Length) -> None:
    run.font.size = size
    set_font(run._element.get_or_add_rPr(), font)


def set_font(properties: Any, font: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), font)
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:hint"), "eastAsia")


def name_fonts(document: Any) -> None:
    """The fonts of the norm, each with what to take where it is missing."""
    part = next(p for p in document.part.package.parts if str(p.partname) == "/word/fontTable.xml")
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'
        for name, instead in INSTEAD.items()
    )
    opened, closed = part.blob.rsplit(b"</w:fonts>", 1)
    part._blob = opened + fonts.encode() + b"</w:fonts>" + closed
