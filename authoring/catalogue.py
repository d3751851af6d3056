"""The English catalogue brought up to date: `python -m authoring.catalogue` (`make messages`).

Finds every message id (babel.cfg says where), keeps the translations that still have an id, adds the others empty,
drops those that nothing uses any more, and names what lacks a translation. The file depends on the messages alone:
no dates, no line numbers, no machine in it, so that it changes only where a sentence does.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "app" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
SOURCES = ("app", "processes")
HEADER = """\
# English words for the Chinese sentences, names and labels of the product. Message ids are the Chinese.
# `make messages` brings the ids up to date; the translations are written here.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def extract() -> Catalog:
    """Every message id of the product, without translations."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog(charset="utf-8")
    for name, _, ids, _, context in extract_from_dir(ROOT, methods, options, directory_filter=_is_source):
        assert context is None, f"{name}: message contexts are not used"
        if ids:
            found.add(ids)
    return found


def _is_source(folder: str) -> bool:
    path = Path(folder).relative_to(ROOT)
    return path.parts[0] in SOURCES and "dist" not in path.parts


def read_english(path: Path = ENGLISH) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8", abort_invalid=True)


def updated(known: Catalog, found: Catalog) -> Catalog:
    """The ids of `found` with the translations of `known`."""
    catalog = Catalog(locale="en", charset="utf-8")
    for message in messages_of(found):
        old = known.get(message.id)
        still_fits = old is not None and isinstance(old.id, str) == isinstance(message.id, str)
        catalog.add(message.id, old.string if old is not None and still_fits else "")
    return catalog


def messages_of(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def complaints(catalog: Catalog) -> Iterator[str]:
    """What is wrong with the translations: missing, not confirmed, or with other placeholders than the id."""
    for message in messages_of(catalog):
        ids, strings = _forms(message.id), _forms(message.string)
        if not strings or not all(strings):
            yield f"missing: {ids[0]}"
        elif message.fuzzy:
            yield f"not confirmed: {ids[0]}"
        elif any(sorted(_PLACEHOLDER.findall(text)) != sorted(_PLACEHOLDER.findall(ids[-1])) for text in strings):
            yield f"other placeholders: {ids[0]}"


def _forms(texts: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def written(catalog: Catalog) -> str:
    """The file's text, sorted, with our own header."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, omit_header=True, no_location=True, sort_output=True, width=110)
    return HEADER + buffer.getvalue().decode("utf-8").lstrip("\n")


def main() -> int:
    catalog = updated(read_english(), extract())
    ENGLISH.write_text(written(catalog), encoding="utf-8")
    wrong = list(complaints(catalog))
    sys.stdout.writelines(f"{line}\n" for line in (f"{len(list(messages_of(catalog)))} messages", *wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
