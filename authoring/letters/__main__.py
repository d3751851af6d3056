"""Write the templates: `python -m authoring.letters [--into FOLDER] [ID ...]`; FOLDER is `forms/letters` when left out.

A module named `*_letters` lists its papers in `LETTERS`: name of the template -> function.
"""

import argparse
import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path

import authoring.letters
from authoring.letters.layout import Letter


def letters() -> dict[str, Callable[[], Letter]]:
    """Every template by name."""
    found: dict[str, Callable[[], Letter]] = {}
    for module in pkgutil.iter_modules(authoring.letters.__path__, "authoring.letters."):
        if module.name.endswith("_letters"):
            found |= importlib.import_module(module.name).LETTERS
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="authoring.letters", description=__doc__)
    parser.add_argument("--into", type=Path, default=Path(__file__).parents[2] / "forms" / "letters")
    parser.add_argument("ids", nargs="*")
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    for name, build in letters().items():
        if not options.ids or name in options.ids:
            (options.into / f"{name}.docx").write_bytes(build().bytes())


if __name__ == "__main__":
    main()
