"""The order of the trials on one database, and the table they make."""

import json
import platform
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from tests.faults import (
    trials_disks,
    trials_kills,
    trials_people,
    trials_races,
    trials_releases,
    trials_surroundings,
    trials_upkeep,
)
from tests.faults.lab import POSTGRESQL, SQLITE, Laboratory, Place, Row, Scale, serving
from tests.faults.product import Serve
from tests.faults.trials_disks import NotOnThisMachineError

Together = Callable[[Place, Serve, Scale], Row]
"""A trial on the product that runs already; the next one goes on where it left off."""

TOGETHER: tuple[Together, ...] = (
    trials_people.countersign,
    trials_people.at_load,
    trials_people.same_task,
    trials_people.double_click,
    trials_people.against_the_clock,
    trials_races.two_claims,
    trials_races.back_or_claimed,
    trials_races.transferred_or_done,
    trials_races.suspended_or_done,
    trials_races.revoked_or_fired,
    trials_races.disabled_or_done,
    trials_races.revoked_role,
    trials_releases.migrated_or_done,
    trials_releases.eight_registrars,
    trials_releases.published_twice,
    trials_releases.published_while_opened,
    trials_releases.loaded_anew,
    trials_kills.release,
    trials_kills.kill_everything,
    trials_upkeep.stopped_and_started,
    trials_upkeep.another_version,
    trials_upkeep.backed_up,
    trials_upkeep.examined,
)
ON_A_SERVER: tuple[Together, ...] = (trials_kills.kill_the_database, trials_disks.read_only)
"""On PostgreSQL, before the examination."""
ON_A_PLACE: tuple[Callable[[Place, Scale], Row], ...] = (
    trials_kills.kill_workers,
    trials_surroundings.leaping_clock,
    trials_surroundings.time_zones,
)
"""Each on a world of its own, with the processes it starts itself."""
ON_A_FILE: tuple[Callable[[Laboratory, Scale], Row], ...] = (
    trials_disks.full_disk,
    trials_disks.full_data_folder,
    trials_disks.read_only_file,
)
"""On SQLite, which shares the fate of its folder."""


def trials(lab: Laboratory, kind: str, scale: Scale) -> Iterator[Callable[[], Row]]:
    """The trials on one database, each to be called before the next is asked for."""
    with lab.place(kind) as place, serving(place, log=lab.folder / f"{kind}.log") as serve:
        *most, last = (t for t in TOGETHER if scale.stops or t is not trials_upkeep.stopped_and_started)
        for trial in (*most, *(ON_A_SERVER if kind == POSTGRESQL else ()), last):
            yield lambda trial=trial: trial(place, serve, scale)
    for on_place in ON_A_PLACE:
        with lab.place(kind) as place:
            yield lambda trial=on_place, place=place: trial(place, scale)
    for on_file in ON_A_FILE if kind == SQLITE else ():
        yield lambda trial=on_file: _where_possible(trial, lab, scale)


def _where_possible(trial: Callable[[Laboratory, Scale], Row], lab: Laboratory, scale: Scale) -> Row:
    try:
        return trial(lab, scale)
    except NotOnThisMachineError as error:
        return Row("RC-12", trial.__name__.replace("_", " "), SQLITE, acts=0, remarks=f"not done: {error}")


HEADS = ("Requirement", "Trial", "Database", "Acts", "Kills", "Lost", "Doubled", "Errors shown", "Longest wait", "", "")


def line_of(row: Row) -> tuple[str, ...]:
    verdict = "passed" if row.passed else "FAILED"
    numbers = (str(number) for number in (row.acts, row.kills, row.lost, row.doubled, row.errors))
    wait = f"{row.longest:.1f} s" if row.longest else ""
    return (row.requirement, row.trial, row.database, *numbers, wait, verdict, row.remarks)


def table(rows: Sequence[Row]) -> str:
    """In Markdown, with the sums of what was answered by either database."""
    lines = [HEADS, ("---",) * len(HEADS), *(line_of(row) for row in rows)]
    for kind in (SQLITE, POSTGRESQL):
        of_kind = [row for row in rows if row.database == kind]
        if of_kind:
            sums = (sum(getattr(r, name) for r in of_kind) for name in ("acts", "kills", "lost", "doubled", "errors"))
            wait = f"{max(row.longest for row in of_kind):.1f} s"
            lines.append(("", "**all**", kind, *(f"**{number}**" for number in sums), wait, "", ""))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def versions(lab: Laboratory) -> str:
    """What was tried, in words."""
    with psycopg.connect(host=str(lab.cluster.folder), user="postgres", dbname="postgres") as server:
        postgresql = server.info.server_version
    names = ("sqlalchemy", "spiffworkflow", "gunicorn", "flask")
    parts = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    parts += [f"PostgreSQL {postgresql // 10000}.{postgresql % 10000}", *(f"{name} {version(name)}" for name in names)]
    return ", ".join(parts)


BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def write_section(file: Path, text: str) -> None:
    """Put `text` between the two marks of a document, leaving the rest as it is."""
    before, _, rest = file.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    file.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", "utf-8")


def section(rows: Sequence[Row], *, what: str, scale: Scale, minutes: float) -> str:
    at = f"{datetime.now(UTC):%Y-%m-%d}"
    failed = [f"- {row.requirement} {row.trial} ({row.database}): {fault}" for row in rows for fault in row.faults[:5]]
    told = f"{at}, {minutes:.0f} minutes, {what}. Scale: {scale}.\n\n{table(rows)}"
    return told + ("\n".join(["", *failed, ""]) if failed else "")


def as_json(rows: Sequence[Row], *, what: str, scale: Scale) -> str:
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": what,
        "scale": asdict(scale),
        "rows": [{**asdict(row), "passed": row.passed} for row in rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


@contextmanager
def laboratory() -> Iterator[Laboratory]:
    lab = Laboratory()
    try:
        yield lab
    finally:
        lab.close()
