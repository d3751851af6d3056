"""`python -m tests.golden.make`: keep proceedings of the present version for all later ones. Once, at its release."""

import shutil
import sqlite3
import sys
import tempfile
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from config import ROOT
from tests.conftest import application_on, migrate
from tests.golden.chosen import CHOSEN, HELD, Instance
from tests.golden.stage import FOLDER, PASSWORD, digest_of_migration, pack


def main() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    target = FOLDER / version
    if target.exists() and "--again" not in sys.argv:
        sys.exit(f"{target} exists: what a version has saved is never made anew")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        index = {**of_scenarios(target, Path(folder)), **held(target, Path(folder))}
    scripts = sorted(path.name for path in (ROOT / "migrations" / "versions").glob("*.py"))
    (target / "schema.yml").write_text(yaml.safe_dump({name: digest_of_migration(name) for name in scripts}), "utf-8")
    text = yaml.safe_dump(index, allow_unicode=True, sort_keys=True, width=120)
    (target / "index.yml").write_text(text, "utf-8")


def of_scenarios(target: Path, folder: Path) -> dict[str, Any]:
    from app.scenarios.theatre import Theatre, _memory_of  # noqa: PLC0415

    index: dict[str, Any] = {}
    file = folder / "wenze.db"
    migrate(f"sqlite:///{file}", folder)
    for app in application_on(f"sqlite:///{file}", folder):
        with app.app_context():
            theatre = Theatre(ROOT / "processes" / "scenarios", ROOT / "demo")
            theatre.settle(processes=ROOT / "processes", forms=ROOT / "forms", now=datetime.now(UTC), password=PASSWORD)
            base = content_of(file)
            (target / "base.zst").write_bytes(pack(base))
            for name, instance in CHOSEN.items():
                performance = played(theatre, instance)
                memory = _memory_of(performance)
                packed = pack(content_of(file), base)
                (target / f"{name}.zst").write_bytes(packed)
                print(f"{name}: {len(packed):,} bytes")  # noqa: T201
                index[name] = {
                    "based": True,
                    "covers": instance.covers,
                    "county": memory["world"]["county"],
                    "now": memory["world"]["now"],
                    "proceedings": memory["world"]["proceedings"],
                    "players": memory["players"],
                    "messages": dict(instance.messages),
                }
    return plain(index)


def played(theatre: Any, instance: Instance) -> Any:
    """The performance after the acts that are wanted."""
    scenario = theatre.read(instance.scenario)
    performance = theatre._beginning(scenario)
    for act in scenario.acts[: instance.acts]:
        performance.perform(act, where=scenario.name)
    return performance


def held(target: Path, folder: Path) -> dict[str, Any]:
    """A case of the small procedure in which nobody knows which organ has to act."""
    from tests.services.conftest import Office, settle_world  # noqa: PLC0415

    file = folder / "held" / "wenze.db"
    file.parent.mkdir()
    migrate(f"sqlite:///{file}", file.parent)
    for app in application_on(f"sqlite:///{file}", file.parent):
        settle_world(app, file.parent)
        with app.app_context():
            case = Office(app).open_case(handling_organ=None)
            now = Office(app).now + timedelta(hours=1)
    (target / f"{HELD}.zst").write_bytes(pack(content_of(file)))
    covers = "a step held by a failure"
    return {HELD: {"based": False, "covers": covers, "county": "beishan", "now": now, "proceedings": {"A": case}}}


def content_of(file: Path) -> bytes:
    """The whole database, what still lies in its log too."""
    kept = sqlite3.connect(":memory:")
    with sqlite3.connect(file) as source:
        source.backup(kept)
    return kept.serialize()


def plain(value: Any) -> Any:
    """What YAML can write: tuples and keys of other kinds become lists and text."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return value


if __name__ == "__main__":
    main()
