"""Lists the steps and rows that cite a clause under that clause's `carried_by` in the registers.

`python -m authoring.carriers` writes what is missing and prints what a person must settle: unknown clauses, clauses
called declaratory that something cites. It never takes a carrier away.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.engine.decisions import read_table
from app.engine.parse import parse
from app.engine.sources import read_source
from app.law.clauses import Clause
from app.law.register import Register
from app.law.register import parse as parse_register

FOLDER = Path(__file__).parent.parent / "processes"
_TABLE_WORD = re.compile(r"[#:\s(]")


def main() -> int:
    files = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in {".bpmn", ".dmn"}}
    loose = 0
    registers = {path: parse_register(path.read_bytes()) for path in sorted(FOLDER.glob("*.law.yml"))}
    every = {clause for register in registers.values() for clause in register.clauses}
    for path, register in registers.items():
        wanted: dict[str, list[str]] = {}
        for carrier, clause_id in citations(files, register):
            clause = register.clauses.get(clause_id)
            if clause is None and clause_id in every:
                continue  # counties may share a diagram; it then cites both their regulations
            if clause is None or clause.declaratory:
                sys.stdout.write(f"{path.name}: {carrier} cites {clause_id}, which is {_state(clause)}\n")
                loose += 1
            elif not is_listed(clause, carrier) and carrier not in wanted.get(clause_id, ()):
                wanted.setdefault(clause_id, []).append(carrier)
        if wanted:
            path.write_text(listed(path.read_text("utf-8"), register, wanted), "utf-8")
            sys.stdout.write(f"{path.name}: {sum(map(len, wanted.values()))} added to {len(wanted)} clauses\n")
    return 1 if loose else 0


def citations(files: Mapping[str, bytes], register: Register) -> Iterator[tuple[str, str]]:
    """Carrier word and clause id of every citation in the regulation's processes, what they call, and its tables."""
    definitions = [parse(files, process) for process in register.processes]
    for definition in definitions:
        for step in definition.steps_by_process.values():
            for clause in step.clauses:
                yield f"{step.process_key}/{step.id}", clause
    tables = {key: table for definition in definitions for key, table in definition.tables.items()}
    for key in set(register.assessment.tables.values()) - set(tables) if register.assessment else ():
        tables[key] = read_table(read_source(files[f"{key}.dmn"]))
    for key in sorted(tables):
        for rule in tables[key].rules:
            for clause in cited_in(rule.annotations[0] if rule.annotations else "", register):
                yield f"{key}#{rule.id}", clause


def cited_in(note: str, register: Register) -> tuple[str, ...]:
    """Clause ids of an annotation. An id may hold a space, so the longest fit counts; other words come as they are."""
    found, words = [], note.split()
    while words:
        longest = next((n for n in (2, 1) if " ".join(words[:n]) in register.clauses), 1)
        found.append(" ".join(words[:longest]))
        words = words[longest:]
    return tuple(found)


def is_listed(clause: Clause, carrier: str) -> bool:
    """By itself, or as a row of a table that is listed as a whole."""
    return not {carrier, carrier.partition("#")[0]}.isdisjoint(clause.carried_by)


def _state(clause: Clause | None) -> str:
    return "not registered" if clause is None else f"declaratory ({clause.declaratory})"


def listed(text: str, register: Register, wanted: dict[str, list[str]]) -> str:
    """The register's text with the carriers added; all else stays as its author wrote it."""
    for clause_id, carriers in wanted.items():
        every = [*register.clauses[clause_id].carried_by, *carriers]
        line = f"    carried_by: [{', '.join(_quoted(word) for word in every)}]\n"
        block = re.compile(
            rf'(  - id: "?{re.escape(clause_id)}"?\n(?:    (?!carried_by).*\n)*?)(    carried_by:.*\n)?(?=  - id|\Z|\n)'
        )
        text, changed = block.subn(lambda found, line=line: found[1] + line, text, count=1)
        if not changed:
            raise ValueError(f"no place for the carriers of {clause_id}")
    return text


def _quoted(word: str) -> str:
    return f'"{word}"' if _TABLE_WORD.search(word) else word


if __name__ == "__main__":
    sys.exit(main())
