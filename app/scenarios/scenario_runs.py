"""The scenarios of a draft's candidate, played by a process of its own within limits; the worker looks after it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import yaml

from app import yamlfiles
from app.domain.actors import Actor
from app.domain.definition_drafts import FileKind, find_kind
from app.domain.differences import from_plain
from app.domain.errors import N_, DomainError
from app.domain.plain import plain
from app.scenarios import catalogue, coverage, plays, stagehand
from app.scenarios.script import ScenarioError
from app.scenarios.theatre import Report, Theatre, broken
from app.services import settings
from app.services.rehearsal import Passage
from app.services.studio import drafts
from app.services.studio import scenario_runs as rows
from app.services.studio.scenario_runs import Played

FOLDER = "scenarios/"
LONGEST = timedelta(minutes=15)
"""On the wall; then the run is stopped."""
MOST_DIFFERENCES = 20
MOST_MISSING = 200
KEPT = timedelta(days=1)
"""How long the files of a run that nobody finished stay."""
EVERYWHERE = frozenset({FileKind.OPTIONS, FileKind.REGISTER})
"""A change of these may show in any scenario."""


@dataclass
class _Running:
    process: subprocess.Popen[bytes]
    folder: Path
    began: datetime
    killed: bool = field(default=False)


_running: dict[str, _Running] = {}
"""What this very process looks after, by run."""


def start(draft_id: str, *, everything: bool, actor: Actor, now: datetime) -> str:
    """Let the scenarios of a draft be played as its files are now. Returns the id of the run.

    Raises NotFoundError, NotAllowedError, ConflictError.
    """
    files = dict(drafts.candidate_files(draft_id, actor=actor))
    base = dict(drafts.base_files(draft_id, actor=actor))
    names = chosen(files, base, everything=everything)
    run_id = uuid4().hex
    folder = _folder(run_id)
    folder.mkdir(mode=0o700, parents=True)
    plays.pack(files, folder / plays.FILES)
    changed = sorted(_subjects(_changed(files, base)))
    order = {"names": names, "changed": changed, "county": [actor.county_id, actor.county_name]}
    (folder / "wanted.json").write_text(json.dumps(order, ensure_ascii=False), "utf-8")
    try:
        digest, wanted = rows.digest_of(files), "ALL" if everything else "CHANGED"
        rows.register(draft_id, run_id=run_id, digest=digest, wanted=wanted, total=len(names), actor=actor, now=now)
    except DomainError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return run_id


def chosen(files: Mapping[str, bytes], base: Mapping[str, bytes], *, everything: bool) -> list[str]:
    """Names of the scenarios to play: all, or those that pass what differs from the base."""
    names = names_in(files)
    changed = _changed(files, base)
    if everything or any(find_kind(name) in EVERYWHERE for name in changed):
        return names
    touched = _subjects(changed)
    own = {name.removeprefix(FOLDER).removesuffix(".yml") for name in changed if name.startswith(FOLDER)}
    reached = _reached()
    before = {name: _continues(files[f"{FOLDER}{name}.yml"]) for name in names}
    return [
        name
        for name in names
        if name in own
        or before[name] in own
        or name.partition("/")[0] in touched
        or not reached.get(name, touched).isdisjoint(touched)
    ]


def names_in(files: Mapping[str, bytes]) -> list[str]:
    """Names of all scenarios of a set of files."""
    names = sorted(name.removeprefix(FOLDER).removesuffix(".yml") for name in files if name.startswith(FOLDER))
    return [name for name in names if "/" in name]


def titles_in(files: Mapping[str, bytes]) -> dict[str, str]:
    """What all scenarios of a set of files are called, by name; one that cannot be read by its name."""
    return {name: _head(files[f"{FOLDER}{name}.yml"], "title") or name for name in names_in(files)}


def _changed(files: Mapping[str, bytes], base: Mapping[str, bytes]) -> set[str]:
    return {name for name in {*files, *base} if files.get(name) != base.get(name)}


def _subjects(changed: Iterable[str]) -> set[str]:
    """The processes and tables that changed files belong to."""
    return {_subject_of(name) for name in changed if not name.startswith(FOLDER)}


def _subject_of(name: str) -> str:
    """The process or table that a file belongs to."""
    return name.partition("/")[0] if name.endswith(".form") else name.rpartition(".")[0]


def _reached() -> dict[str, set[str]]:
    """Scenario -> processes and tables that it passes itself, as the kept coverage says."""
    found: dict[str, set[str]] = {}
    for element, scenarios in catalogue.reached(settings.root() / "processes" / "scenarios").items():
        for scenario in scenarios:
            found.setdefault(scenario, set()).add(re.split("[/#]", element)[0])
    return found


def _continues(content: bytes) -> str:
    return _head(content, "continues")


def _head(content: bytes, word: str) -> str:
    """A word of a scenario's head; empty where it is not said, or the file cannot be read."""
    try:
        data = yamlfiles.read(content)
    except yaml.YAMLError:
        return ""
    return str(data.get(word, "")) if isinstance(data, dict) else ""


# ---- the process that plays


def perform(folder: Path) -> None:
    """Play what the folder wants, a line of JSON for each scenario as soon as it is played."""
    stagehand.limit_ourselves("wenze-scenarios")
    settings.configure(data_folder=folder, root=settings.root(), demo=False)
    order = json.loads((folder / "wanted.json").read_text("utf-8"))
    ended = folder / "ended.json"
    try:
        theatre = stagehand.theatre_of(plays.unpack(folder / plays.FILES), folder, county=tuple(order["county"]))
        with open(folder / "results.jsonl", "w", encoding="utf-8") as out:
            reached: set[str] = set()
            for name in order["names"]:
                played, passed = _played(theatre, name)
                reached |= coverage.elements_of(passed, theatre.outlines)
                out.write(json.dumps(plain(played), ensure_ascii=False) + "\n")
                out.flush()
        elements = coverage.elements_in(theatre.outlines, order["changed"])
        missing = [element for element in elements if element not in reached][:MOST_MISSING]
    except DomainError as refusal:
        ended.write_text(json.dumps({"sentence": str(refusal)}, ensure_ascii=False), "utf-8")
        return
    except Exception as error:  # noqa: BLE001  (whatever a changed file does wrong, its author is told)
        sentence = f"改动稿的内容不能装入：{type(error).__name__}: {error}"[:300]
        ended.write_text(json.dumps({"sentence": sentence}, ensure_ascii=False), "utf-8")
        return
    ended.write_text(json.dumps({"missing": missing}), "utf-8")


def _played(theatre: Theatre, name: str) -> tuple[Played, frozenset[Passage]]:
    """How a scenario went, and where it went."""
    began = perf_counter()
    try:
        report = theatre.play(name)
    except Exception as error:  # noqa: BLE001  (a failure of the engine is this scenario's, not the run's)
        report = Report(name, name, 0, perf_counter() - began, frozenset(), broken(error))
    verb, step = _failing(theatre, report) if report.error and report.acts else ("", "")
    played = Played(
        name=name,
        title=report.title,
        went_well=report.went_well,
        seconds=round(report.seconds, 2),
        act=report.acts,
        verb=verb,
        step=step,
        differences=report.error.differences[:MOST_DIFFERENCES] if report.error else (),
    )
    return played, report.passed


def _failing(theatre: Theatre, report: Report) -> tuple[str, str]:
    """Verb of the act that failed, and the step that it is about."""
    with suppress(ScenarioError, IndexError):
        act = theatre.read(report.scenario).acts[report.acts - 1]
        wanted = [act.what, act.said.get("until"), *_steps_in(act.then)]
        return act.verb, next((str(one) for one in wanted if isinstance(one, str) and "/" in one), "")
    return "", ""


def _steps_in(then: Mapping[str, object]) -> Iterator[object]:
    for value in then.values():
        yield from value if isinstance(value, list | dict) else [value]


# ---- the worker


def tend(now: datetime) -> None:
    """Look after the run under way, and begin the next; never waits for one."""
    for run_id, running in list(_running.items()):
        _look_after(run_id, running, now)
    if not _running and rows.anything_to_do() and (claimed := rows.claim(now)) is not None:
        _begin(claimed.id, now)


def _begin(run_id: str, now: datetime) -> None:
    folder = _folder(run_id)
    if not (folder / "wanted.json").is_file():
        rows.finish(run_id, sentence=N_("情景运行的文件已不在，请重新运行。"), now=now)
        return
    for name in ("results.jsonl", "ended.json"):
        (folder / name).unlink(missing_ok=True)
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "tryouts", "perform", str(folder)],
            cwd=settings.root(),
            env=plays.own_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _running[run_id] = _Running(process, folder, now)


def _look_after(run_id: str, running: _Running, now: datetime) -> None:
    over = running.process.poll() is not None
    wanted = rows.note(run_id, _results(running.folder), now=now)
    if wanted and not over and now - running.began <= LONGEST:
        return
    if not over:
        running.process.kill()
        running.process.wait()
    if wanted:
        sentence = _sentence(running, over=over)
        rows.finish(run_id, sentence=sentence, missing=_ended(running.folder).get("missing", []), now=now)
    shutil.rmtree(running.folder, ignore_errors=True)
    del _running[run_id]


def _results(folder: Path) -> list[Played]:
    with suppress(FileNotFoundError):
        lines = (folder / "results.jsonl").read_text("utf-8").splitlines(keepends=True)
        return [_read(json.loads(line)) for line in lines if line.endswith("\n")]
    return []


def _read(said: dict[str, Any]) -> Played:
    return Played(**{**said, "differences": tuple(from_plain(one) for one in said["differences"])})


def _sentence(running: _Running, *, over: bool) -> str:
    """Why the run was not finished; empty when it was."""
    if not over:
        return N_("情景运行超过15分钟，已停止。请检查流程图中的循环、表达式和多实例的数量。")
    if ended := _ended(running.folder):
        return str(ended.get("sentence", ""))
    return N_("情景运行的进程中断，可能超过了内存或处理器时间限制。请检查流程图中的循环、表达式和多实例的数量。")


def _ended(folder: Path) -> dict[str, Any]:
    """What the process said last; empty where it did not come to its end."""
    with suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads((folder / "ended.json").read_text("utf-8"))
        return found
    return {}


def sweep(now: datetime) -> None:
    """Files of runs that nobody finished, and of plays that nobody touches."""
    plays.sweep(now)
    with suppress(FileNotFoundError):
        for folder in (plays.root() / "runs").iterdir():
            if now.timestamp() - folder.stat().st_mtime > KEPT.total_seconds():
                shutil.rmtree(folder, ignore_errors=True)


def _folder(run_id: str) -> Path:
    return plays.root() / "runs" / run_id
