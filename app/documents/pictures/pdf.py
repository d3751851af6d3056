"""The same picture as PDF: one page of its size, readable wherever it is opened.

What is seen of a letter is its outline; letters of an embedded font lie over it, hardly there, to be searched.
Drawn as letters alone some were lost: Cairo 1.16 writes a few glyphs of the Noto fonts (如) so that none shows.
"""

import shutil
import subprocess
from functools import lru_cache
from typing import Any

from lxml import etree

from app.documents.pictures.pens import SVG, path_of
from app.domain.errors import N_, ConflictError

_LONGEST = 10
"""Seconds that the machine may look for a font."""


class PictureUnavailableError(ConflictError):
    """This machine makes no PDF of a picture; the SVG is there all the same."""

    sentence = N_("本机没有安装 Cairo 绘图库（libcairo2），不能生成 PDF，请下载 SVG。")


@lru_cache(maxsize=1)
def chinese_font() -> str | None:
    """The family that fontconfig gives for Chinese; None where none of the machine's fonts can write it."""
    program = shutil.which("fc-match")
    if program is None:
        return None
    command = [program, "-f", "%{family[0]}|%{lang}", "Noto Sans CJK SC:lang=zh-cn"]
    try:
        told = subprocess.run(command, timeout=_LONGEST, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    family, _, languages = told.partition("|")
    return family if "zh-cn" in languages.split("|") else None


def _cairo() -> tuple[Any, Any]:
    """What converts, and what draws letters."""
    try:
        import cairocffi  # noqa: PLC0415  (the machine may lack the library that both need)
        from cairosvg import svg2pdf  # noqa: PLC0415
    except OSError as problem:
        raise PictureUnavailableError from problem
    return svg2pdf, cairocffi


def pdf_of(svg: bytes) -> bytes:
    """A picture made by `draw` as PDF. Raises PictureUnavailableError, also where no Chinese font is installed."""
    font = chinese_font()
    if font is None:
        raise PictureUnavailableError(N_("本机没有中文字体，不能生成 PDF，请下载 SVG。安装：fonts-noto-cjk。"))
    convert, cairo = _cairo()
    made: bytes = convert(bytestring=_printable(svg, font, cairo))
    return made


def _printable(svg: bytes, font: str, cairo: Any) -> bytes:
    """The picture with a font of this machine, each text once as outline and once to be searched."""
    root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    root.set("font-family", f"'{font}'")
    for text in list(root.iter(f"{{{SVG}}}text")):
        outline = etree.Element(f"{{{SVG}}}path", d=_outline(text, font, cairo), stroke="none")
        outline.set("fill", _said(text, "fill"))
        text.set("fill-opacity", "0.01")  # Cairo leaves out what is wholly unseen
        text.addprevious(outline)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _said(text: Any, name: str) -> str:
    """What the element or the nearest one around it says."""
    return next((str(one.get(name)) for one in (text, *text.iterancestors()) if one.get(name)), "")


def _outline(text: Any, font: str, cairo: Any) -> str:
    """The letters of a text as the data of a path."""
    context = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
    weight = cairo.FONT_WEIGHT_BOLD if _said(text, "font-weight") == "600" else cairo.FONT_WEIGHT_NORMAL
    context.select_font_face(font, cairo.FONT_SLANT_NORMAL, weight)
    context.set_font_size(float(_said(text, "font-size")))
    context.set_font_options(cairo.FontOptions(hint_style=cairo.HINT_STYLE_NONE, hint_metrics=cairo.HINT_METRICS_OFF))
    words = text.text or ""
    back = context.text_extents(words)[4] / 2 if _said(text, "text-anchor") == "middle" else 0.0
    context.move_to(float(text.get("x")) - back, float(text.get("y")))
    context.text_path(words)
    letters = ("M", "L", "C", "Z")
    return path_of(*(piece for kind, points in context.copy_path() for piece in (letters[kind], *points)))
