"""Plausible facts, variables and answers for diagrams that nobody described: whatever their expressions compare."""

import random
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from app.engine.parse import Definition
from app.engine.sources import bpmn, read_source

_FACT = re.compile(r"\b(case|meeting)\.([a-z]\w*)")
_DATE_HINT = re.compile(r"_(on|at|date|due|until|by)$")


_PICTURE = re.compile(r"<bpmndi:BPMNDiagram.*?</bpmndi:BPMNDiagram>", re.DOTALL)
_KNOWN: dict[str, tuple[Any, Any, Any]] = {}


@cache
def _text_of(files: tuple[bytes, ...]) -> str:
    """All expressions and much else; the pictures, most of every file, say nothing."""
    return _PICTURE.sub("", "\n".join(data.decode() for data in files)).replace("&#34;", '"').replace("&quot;", '"')


class Invention:
    """Values for one definition, drawn from a random generator."""

    def __init__(self, files: Mapping[str, bytes], definition: Definition, rng: random.Random) -> None:
        self.rng = rng
        self.definition = definition
        self.text = _text_of(tuple(files.values()))
        self.roots = [read_source(files[name]) for name in dict.fromkeys(definition.processes.values())]
        # asked thousands of times in a walk, and every answer is a search through all files: shared by all walks
        known = _KNOWN.setdefault(
            self.text, (cache(self._fields_of), cache(self._literals_of), cache(self._guessed_type))
        )
        self._fields, self._literals, self._guess = known
        self._item = cache(self._item_of)
        self.types = {name: type_ for variables in definition.variables.values() for name, type_ in variables.items()}

    def context(self) -> dict[str, Any]:
        found: dict[str, dict[str, Any]] = {"case": {}, "meeting": {}}
        for room, name in _FACT.findall(self.text):
            found[room].setdefault(name, self.value(name, self._guess(f"{room}.{name}", name)))
        return found

    def variables(self) -> dict[str, Any]:
        return {name: self.value(name, type_) for name, type_ in self.types.items()}

    def answers(self) -> tuple[tuple[str, Any], ...]:
        """Values for some variables, as a form would give them."""
        names = sorted(name for name in self.types if self.rng.random() < 0.5)
        return tuple((name, self.value(name, self.types[name])) for name in names)

    def value(self, name: str, type_: str) -> Any:
        match type_:
            case "boolean":
                return self.rng.random() < 0.6
            case "number":
                return self.rng.randint(0, 9)
            case "date":
                return f"2026-0{self.rng.randint(1, 9)}-15T09:00:00+08:00"
            case "list":
                return [self._element(name, number) for number in range(self.rng.randint(1, 3))]
            case "context":
                return {key: self.value(key, self._guess(f"{name}.{key}", key)) for key in self._fields(name)}
        literals = self._literals(name)
        return self.rng.choice(literals) if literals else f"{name}-1"

    def payload(self, message: str) -> tuple[tuple[str, Any], ...]:
        """What a message may carry: the fields that the catching variables are asked for."""
        variables = {
            (node.text or "").strip()
            for root in self.roots
            for node in root.iter("{http://spiffworkflow.org/bpmn/schema/1.0/core}messageVariable")
        }
        fields = sorted({field for variable in variables for field in self._fields(variable)})
        return tuple((field, self.value(field, self._guess(f".{field}", field))) for field in fields)

    def _fields_of(self, name: str) -> list[str]:
        return sorted(set(re.findall(rf"\b{re.escape(name)}\.([a-z]\w*)", self.text)))

    def _literals_of(self, name: str) -> list[str]:
        near = re.findall(rf'\b{re.escape(name)}\s*(?:=|!=|in)\s*\(?\s*((?:"[^"]*"[,\s]*)+)', self.text)
        return sorted({literal for group in near for literal in re.findall(r'"([^"]*)"', group)})

    def _guessed_type(self, path: str, name: str) -> str:
        if re.search(rf"{re.escape(path)}\s*(?:>|<|>=|<=|\+|\*)\s*\d", self.text):
            return "number"
        if re.search(rf"not\(\s*\S*{re.escape(path)}\s*\)|{re.escape(path)}\s*=\s*(?:true|false)", self.text):
            return "boolean"
        return "date" if _DATE_HINT.search(name) else "string"

    def _element(self, collection: str, number: int) -> Any:
        item = self._item(collection)
        fields = self._fields(item)
        return {field: f"{field}-{number}" for field in fields} if fields else f"{item}-{number}"

    def _item_of(self, collection: str) -> str:
        """Under which name a multi-instance step hands out the elements of a collection."""
        for root in self.roots:
            for loop in root.iter(bpmn("multiInstanceLoopCharacteristics")):
                if (loop.findtext(bpmn("loopDataInputRef")) or "").strip() == collection:
                    return loop.find(bpmn("inputDataItem")).get("id", "")
        return collection
