"""One way to write a form: JSON with two spaces, as the form editor and the shipped forms have it."""

import json

from app.domain.definitions import Finding
from app.domain.errors import N_, InvalidDefinitionError
from app.forms.parse import parse_form


def canonical(content: bytes, *, file: str) -> bytes:
    """The form as it is stored. Raises InvalidDefinitionError for what is no readable, harmless form."""
    raw = parse_form(content, file).raw
    try:
        return (json.dumps(raw, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
    except ValueError:  # 1e999, half a character: JSON lets it in, nobody can keep it
        finding = Finding(file, None, "form-json", N_("表单文件中有无法保存的数字或字符。"))
        raise InvalidDefinitionError((finding,)) from None
