"""Packs that mean harm by what they and their files are called."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from app import yamlfiles
from app.services import packs
from config import ROOT
from tests.hostile.hostile_seeds import Change, write
from tests.hostile.texts import SCRIPTS

SHIPPED = ROOT / "packs" / "shifan"
PEOPLE = "people.yml"


def written(folder: Path, change: Change) -> Iterator[Path]:
    """A county whose every word is hostile, and packs with a file that is called so; each as it is uploaded."""
    whole = folder / "county"
    write(whole, change, of=SHIPPED)
    shutil.copytree(SHIPPED / "scenarios", whole / "scenarios")
    people = whole / "scenarios" / PEOPLE
    people.write_text(yaml.safe_dump(_named(yamlfiles.read(people.read_text("utf-8")), change), allow_unicode=True))
    yield _kept(folder / "county.zip", packs.made_of(whole))
    for number, text in enumerate(SCRIPTS):
        yield _kept(folder / f"{number}.zip", _with_file(f"forms/{text.replace('/', '')}.form"))


def _kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _with_file(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.yml", yaml.safe_dump({"format": 1, "files": {name: "0"}}))
        archive.writestr(name, b"{}")
    return out.getvalue()


def _named(value: object, change: Change) -> object:
    """The names of the county, its organs and people; ids and accounts stay."""
    if isinstance(value, dict):
        shown = ("name", "short", "position")
        return {key: change(one) if key in shown else _named(one, change) for key, one in value.items()}
    return [_named(one, change) for one in value] if isinstance(value, list) else value
