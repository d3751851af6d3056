"""Babel extractors for what the law's files call things: diagrams, decision tables, clause registers.

Screens translate these names like any other sentence, so they belong in the one catalogue. Expressions, ids and
codes are not for readers and stay out. Nothing of the application is imported: extraction reads files only.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import yaml
from lxml import etree

Message = tuple[int, str, str, list[str]]
"""What Babel wants of an extractor: line, function name, message id, comments."""

CHINESE = re.compile(r"[\u3400-\u9fff]")
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_NAMED = {"definitions": ("name",), "decision": ("name",), "input": ("label",), "output": ("label",)}
_REGISTER_KEYS = frozenset(
    {
        "title",
        "short_title",
        "article",
        "reading",
        "zh",
        "why",
        "trigger",
        "actor",
        "deadline",
        "issuer",
        "declaratory",
        "note",
    }
)


def extract_bpmn(file: BinaryIO, keywords: Any, comment_tags: Any, options: Mapping[str, Any]) -> Iterator[Message]:
    """Names of processes, lanes, steps, events, flows and messages."""
    for element in _elements(file):
        if etree.QName(element).namespace == _BPMN:
            yield from _message(element, element.get("name", ""))


def extract_dmn(file: BinaryIO, keywords: Any, comment_tags: Any, options: Mapping[str, Any]) -> Iterator[Message]:
    """The name of the decision, the headings of its columns, and what a row says of itself."""
    for element in _elements(file):
        for attribute in _NAMED.get(etree.QName(element).localname, ()):
            yield from _message(element, element.get(attribute, ""))
        if etree.QName(element).localname == "annotationEntry":
            yield from _message(element, "".join(element.itertext()).strip())


def extract_register(file: BinaryIO, keywords: Any, comment_tags: Any, options: Mapping[str, Any]) -> Iterator[Message]:
    """How a clause is cited, our reading of it, the notices of the regulation, and its rule settings in words."""
    root = yaml.compose(file.read().decode("utf-8"))
    yield from _register_texts(root, wanted=False)


def _register_texts(node: Any, *, wanted: bool) -> Iterator[Message]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            in_words = key.value in _REGISTER_KEYS or key.value in ("notices", "values")
            yield from _register_texts(value, wanted=in_words or (wanted and isinstance(value, yaml.ScalarNode)))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _register_texts(item, wanted=wanted)
    elif wanted and CHINESE.search(node.value):
        yield node.start_mark.line + 1, "", node.value, []


def _elements(file: BinaryIO) -> Iterator[Any]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    yield from etree.parse(file, parser).iter()


def _message(element: Any, text: str) -> Iterator[Message]:
    if CHINESE.search(text):
        yield element.sourceline, "", text, []
