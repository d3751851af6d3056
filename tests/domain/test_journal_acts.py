"""Every act that the product writes into the journal has words on the auditor's page."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from app.domain.history import Act
from app.domain.journal_acts import LABELS, READING, REFUSED, chain_label
from config import ROOT

FOLDERS = ("services", "storage", "scenarios", "cli", "web", "api")
METHODS = {"write_administrative", "write_evidence", "add_evidence", "next_line", "record"}
"""Whatever writes a line is one of these, or a function that hands its own `act` on to one."""
Function = tuple[str, str]
"""Module and name."""
LENGTHENED = {("app.services.studio.drafts", "tell"): " draft"}
"""What a function adds to the act that it is given."""


@cache
def modules() -> dict[str, ast.Module]:
    paths = [path for folder in FOLDERS for path in sorted((ROOT / "app" / folder).rglob("*.py"))]
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths)
    return {name: ast.parse(path.read_text("utf-8")) for name, path in zip(names, paths, strict=True)}


@cache
def imported(module: str) -> dict[str, Function]:
    """What a name stands for that the module takes from elsewhere."""
    takes = (node for node in ast.walk(modules()[module]) if isinstance(node, ast.ImportFrom) and node.module)
    return {one.asname or one.name: (str(take.module), one.name) for take in takes for one in take.names}


def meant(call: ast.Call, module: str) -> Function:
    """The function that is called, as far as its name says so."""
    called = call.func
    if isinstance(called, ast.Name):
        return imported(module).get(called.id, (module, called.id))
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return ".".join(imported(module).get(called.value.id, ("", ""))), called.attr
    return "", called.attr if isinstance(called, ast.Attribute) else ""


@cache
def writers() -> dict[Function, int]:
    """Functions that hand their parameter `act` on to a line of the journal, and its place among their parameters."""
    known: dict[Function, int] = {}
    while True:
        found = {
            (module, function.name): [arg.arg for arg in (*function.args.args, *function.args.kwonlyargs)].index("act")
            for module, tree in modules().items()
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            and (module, function.name) not in known
            and "act" in [arg.arg for arg in (*function.args.args, *function.args.kwonlyargs)]
            and any(
                isinstance(part, ast.Name) and part.id == "act"
                for call in ast.walk(function)
                if isinstance(call, ast.Call)
                for part in ast.walk(given(call, module, known) or ast.Pass())
            )
        }
        if not found:
            return known
        known |= found


def given(call: ast.Call, module: str, known: dict[Function, int]) -> ast.AST | None:
    """What a call gives as the act of a line; None where it writes none."""
    function = meant(call, module)
    if function not in known and function[1] not in METHODS:
        return None
    by_name = next((word.value for word in call.keywords if word.arg == "act"), None)
    place = known.get(function, len(call.args))
    return by_name or (call.args[place] if place < len(call.args) else None)


def words_of(node: ast.AST, module: str) -> Iterator[str]:
    """The codes that an expression may stand for; `?` where that is not to be read from it."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from words_of(node.body, module)
        yield from words_of(node.orelse, module)
    elif isinstance(node, ast.JoinedStr | ast.Call):
        yield from ()  # made of the parameter: its codes are read where it is given
    elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Act":
        yield Act[node.attr].value.lower()
    elif isinstance(node, ast.Name) and node.id == "act":
        yield from assigned(module)
    else:
        yield named(node, module)


def assigned(module: str) -> Iterator[str]:
    """What the module lets a variable `act` be."""
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == "act" for target in node.targets):
            yield from words_of(node.value, module)


def named(node: ast.AST, module: str) -> str:
    """The text that a name of the module stands for."""
    place: object = import_module(module)
    for name in ast.unparse(node).split("."):
        place = getattr(place, name, None)
    return place if isinstance(place, str) else f"? {ast.unparse(node)}"


def codes() -> Iterator[tuple[str, str]]:
    for module, tree in modules().items():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            act, more = given(call, module, writers()), LENGTHENED.get(meant(call, module), "")
            for word in words_of(act, module) if act is not None else ():
                yield word + more, f"{module}: {ast.unparse(call)[:100]}"


def test_every_act_that_is_written_has_words() -> None:
    found = dict(codes())

    unnamed = {code: place for code, place in found.items() if code not in LABELS}

    assert len(found) > 70
    assert unnamed == {}


def test_every_word_of_the_auditors_page_is_of_an_act() -> None:
    found = {code for code, _ in codes()}

    assert set(LABELS) - found == set()
    assert set(READING) | set(REFUSED) <= set(LABELS)


def test_every_chain_that_is_of_no_proceeding_has_words() -> None:
    written = {
        chain
        for module, tree in modules().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and meant(call, module)[1] == "write_administrative"
        for chain in chains(call.args[0], module)
    }

    assert len(written) > 10
    assert {chain for chain in written if not chain_label(chain)} == set()


def chains(said: ast.AST, module: str) -> Iterator[str]:
    """Names of chains that an expression may mean: a text, a text before a county, a constant, one of two."""
    if isinstance(said, ast.Constant):
        yield str(said.value)
    elif isinstance(said, ast.JoinedStr):
        yield from chains(said.values[0], module)
    elif isinstance(said, ast.IfExp):
        yield from chains(said.body, module)
        yield from chains(said.orelse, module)
    elif isinstance(said, ast.Name):
        place, name = imported(module).get(said.id, (module, said.id))
        yield str(getattr(import_module(place), name))
    elif isinstance(said, ast.Attribute) and isinstance(said.value, ast.Name):
        place = ".".join(imported(module)[said.value.id])
        yield str(getattr(import_module(place), said.attr))
