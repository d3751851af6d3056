"""A template filled in: the bytes of the paper, the same bytes for the same values."""

import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate

from app.documents.letters.language import ENVIRONMENT
from app.documents.letters.templates import tree_of
from app.domain.wording import Worded

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
LONGEST = 20_000
"""Characters of one value; forms allow no longer text."""


def fill(template: bytes, values: Mapping[str, Any], *, now: datetime) -> bytes:
    """The paper as .docx. `values` has every name that the template asks for; `now` (aware) is written into the file.

    A line break inside a value begins a new paragraph of the same format. Raises TemplateError, LanguageError, and
    jinja2's UndefinedError where a name is missing.
    """
    tree_of(template)  # refuses what it does not allow, before anything runs
    paper = _Paper(BytesIO(template))
    paper.render(_plain(values), ENVIRONMENT)
    properties = paper.docx.core_properties
    properties.created = properties.modified = now.replace(microsecond=0, tzinfo=None)
    out = BytesIO()
    paper.save(out)
    return _settled(out.getvalue())


class _Paper(DocxTemplate):  # type: ignore[misc]
    """What is made of a template's text before it is filled in is the same for every paper, so it is kept."""

    def patch_xml(self, src_xml: str) -> str:
        return _patched(src_xml)


@lru_cache(maxsize=64)
def _patched(src_xml: str) -> str:
    patched: str = DocxTemplate.patch_xml(_Paper(None), src_xml)
    return patched


def _plain(value: Any) -> Any:
    """Values without what would disturb the file: control characters go, a line break is a new paragraph."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Worded):
        return Worded(_clean(value), value.raw)
    return _clean(value) if isinstance(value, str) else value


def _clean(text: str) -> str:
    """Indents of the author's own go with the line breaks: the paragraph has one."""
    lines = (line.strip(" \t\u3000") for line in _UNSEEN.sub("", text[:LONGEST]).split("\n"))
    return "\a".join(line for line in lines if line)


def _settled(content: bytes) -> bytes:
    """The same archive without the times at which its parts were written."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, source.read(entry.filename))
    return out.getvalue()
