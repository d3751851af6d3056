"""What no linter knows: the rules that keep the house in order."""

import ast
import importlib
import pkgutil
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from app import yamlfiles
from app.domain.errors import DomainError
from app.domain.statuses import STATUS
from config import ROOT

APP = ROOT / "app"
COMMITTER = APP / "storage" / "transaction.py"
WRITES = {"add", "add_all", "delete", "merge", "flush", "bulk_save_objects", "bulk_insert_mappings", "begin"}
LONGEST_FILE = 400
# Processes that any county may call; their names say nothing about one.
COMMON_PROCESSES = {"joint-meeting"}
# Refusals that the worker meets and logs; no request ends in one.
NEVER_SHOWN = {"UndeliverableError"}


@cache
def tracked() -> tuple[Path, ...]:
    """Files that git knows or would add; without git (a copied folder) the files of our own folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("missing on this machine: git")
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def python_files(folder: Path) -> Iterator[Path]:
    return (path for path in tracked() if path.suffix == ".py" and path.is_relative_to(folder))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str | None:
    """The text of a file, None for one that is not text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def calls(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, what the method is called on, method name - of every method call."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, ast.unparse(node.func.value), node.func.attr


def test_only_the_transaction_module_commits() -> None:
    loose = [
        f"{short(path)}:{line}"
        for path in python_files(APP)
        if path != COMMITTER
        for line, _, name in calls(path)
        if name == "commit"
    ]

    assert loose == []


def test_queries_never_write() -> None:
    loose = [
        f"{short(path)}:{line} {name}"
        for path in python_files(APP / "queries")
        for line, target, name in calls(path)
        if name in WRITES and re.search(r"session|connection|transaction", target)
    ]
    imported = [
        f"{short(path)} imports {word}"
        for path in python_files(APP / "queries")
        for word in re.findall(r"^from sqlalchemy[.\w]* import (.*)$", path.read_text("utf-8"), re.MULTILINE)
        if re.search(r"\b(insert|update|delete)\b", word)
    ]

    assert loose + imported == []


def test_every_refusal_has_an_http_status() -> None:
    # What the engine and FEEL raise becomes an incident on the case; no reader meets it as an answer.
    rooms = ("domain", "services", "storage", "forms", "law", "documents")
    import_rooms(*rooms)

    without = [
        kind.__name__
        for kind in descendants(DomainError)
        if kind.__module__.startswith(tuple(f"app.{room}." for room in rooms))
        if not any(parent in STATUS for parent in kind.__mro__[: kind.__mro__.index(DomainError)])
    ]

    assert sorted(set(without) - NEVER_SHOWN) == []


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    silent = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not states_permission(app.view_functions[rule.endpoint])
    ]

    assert silent == []


def states_permission(view: object) -> bool:
    """A function says it itself; a class says it once or on each of its methods."""
    if hasattr(view, "permission"):
        return True
    kind = getattr(view, "view_class", None)
    if kind is None:
        return False
    handlers = [getattr(kind, method.lower()) for method in kind.methods or ()]
    return hasattr(kind, "permission") or all(hasattr(handler, "permission") for handler in handlers)


def import_rooms(*names: str) -> None:
    """Load every module of these rooms, so that all their classes are known."""
    for name in names:
        room = importlib.import_module(f"app.{name}")
        for module in pkgutil.walk_packages(room.__path__, f"app.{name}."):
            importlib.import_module(module.name)


def descendants(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def county_words() -> set[str]:
    """Ids of regulations and counties, and the prefixes of their clause ids - read from the data that names them."""
    words: set[str] = set()
    for path in tracked():
        if path.name.endswith(".law.yml"):
            law = yamlfiles.read(path.read_text("utf-8"))
            prefixes = {clause["id"].partition("-")[0] + "-" for clause in law["clauses"] if "-" in clause["id"]}
            words |= {law["id"], law["county"], law.get("case_process"), law.get("meeting_process")} | prefixes
        elif path.is_relative_to(ROOT / "demo") and path.suffix in {".yml", ".yaml"}:
            world = yamlfiles.read(path.read_text("utf-8"))
            county = world.get("county") if isinstance(world, dict) else None
            words.add(county["id"] if isinstance(county, dict) else county)
    return {word for word in words if isinstance(word, str) and len(word) > 2 and word not in COMMON_PROCESSES}


def test_no_county_or_regulation_is_named_in_code_tables_templates_or_routes() -> None:
    words = county_words()
    if not words:
        pytest.skip("no law file yet")
    pattern = re.compile("|".join(rf"(?<![A-Za-z]){re.escape(word)}" for word in sorted(words)), re.IGNORECASE)

    found = [
        f"{short(path)}:{number} {match.group()}"
        for path in tracked()
        if path.parent == ROOT or any(path.is_relative_to(ROOT / room) for room in ("app", "frontend", "migrations"))
        if path.suffix in {".py", ".html", ".js", ".mjs", ".css", ".txt"}
        for number, line in enumerate((text_of(path) or "").splitlines(), 1)
        for match in pattern.finditer(line)
    ]

    assert found == []


def test_templates_never_switch_escaping_off() -> None:
    found = [
        f"{short(path)}:{number}"
        for path in tracked()
        if path.is_relative_to(APP / "templates")
        for number, line in enumerate((text_of(path) or "").splitlines(), 1)
        if re.search(r"\|\s*safe\b|autoescape\s+false", line)
    ]

    assert found == []


def test_no_source_file_is_longer_than_a_reader_wants() -> None:
    long = {
        short(path): lines
        for path in tracked()
        if path.suffix in {".py", ".mjs", ".sh", ".html"} and "versions" not in path.parts
        if (lines := len((text_of(path) or "").splitlines())) > LONGEST_FILE
    }

    assert long == {}


# Written in pieces, so that this file does not contain what it looks for.
UNWANTED = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\w.])/" + r"(work|root|home/\w+|Users/\w+)/",
        r"\b(files\.python" + r"hosted|pypi\.(org|python)|registry\.npm" + r"(js|mirror)|deb\.debian)\b",
        r"--(extra-)?index" + r"-url|\"resolved\"" + r"\s*:|_authToken",
    )
]


def test_no_registry_address_or_machine_path_is_kept_in_the_repository() -> None:
    own = {Path(__file__), ROOT / "scripts" / "lock.sh"}  # lock.sh tells the compiler to leave addresses out

    found = [
        f"{short(path)}:{number} {match.group()}"
        for path in tracked()
        if path not in own
        for number, line in enumerate((text_of(path) or "").splitlines(), 1)
        for pattern in UNWANTED
        if (match := pattern.search(line))
    ]

    assert found == []
