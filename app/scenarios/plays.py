"""Plays of drafts as folders, and how the web asks the process of a play. The product's database is never written.

A folder holds the candidate's files and what was done so far; everything else lives in the memory of one process per
play, which a *keeper* (`app.scenarios.stagehand`) forks. A process that ended is made again from the folder.
"""

import fcntl
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.domain import errors
from app.domain.errors import N_, ConflictError, DomainError, InvalidAnswersError, NotFoundError
from app.domain.plain import worded
from app.services import settings
from app.services.studio.scenario_runs import digest_of

MOST_PLAYS = 3
"""Of one person at a time."""
BUDGET = 20.0
"""Seconds of processor time that a play may take for one act: a machine with too much to do stops nobody."""
WAIT = 55.0
"""Seconds on the wall for which an answer is waited for; the play goes on afterwards. A proxy gives a request 60."""
IDLE = timedelta(hours=3)
"""After this long without an act the folder of a play is removed."""
LONGEST_ADDRESS = 100
"""Characters of a socket's path that every system takes."""
_ID = re.compile(r"[0-9a-f]{32}")
SOCKET, ACTS, PLAY, FILES = "s", "acts.json", "play.json", "files.zip"


@dataclass(frozen=True, slots=True)
class Play:
    id: str
    person_id: str
    """Who plays; nobody else sees it."""
    county: str
    county_name: str
    draft_id: str
    draft_title: str
    digest: str
    """Of the candidate's contents when the play began."""
    begins: str
    """ISO day."""
    continues: str
    """Scenario after which it begins; empty for a play from nothing."""
    created_at: str
    """ISO, UTC."""


class PlayEndedError(DomainError):
    """An act of the play used up its processor time and was stopped; what was done before stays."""

    sentence = N_("试运行超过%(seconds)s秒没有完成，已停止这一步。请检查流程图中的循环、表达式和多实例的数量。")


def root() -> Path:
    folder = settings.data_folder() / "tryouts"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def begin(
    files: Mapping[str, bytes],
    *,
    draft: tuple[str, str],
    person_id: str,
    county: tuple[str, str],
    day: date,
    continues: str,
    now: datetime,
    key: str = "",
) -> Play:
    """The folder of a new play of a draft (id, title) in a county (id, name); the same key again gives the same play.

    Raises ConflictError (too many), NotFoundError (no such scenario).
    """
    play_id = sha256(f"{person_id} {key}".encode()).hexdigest()[:32] if key else uuid4().hex
    if (before := find_play(_folder(play_id))) is not None:
        return before
    if continues and f"scenarios/{continues}.yml" not in files:
        raise NotFoundError
    if len(plays_of(person_id)) >= MOST_PLAYS:
        raise ConflictError(N_("您已有%(count)s个试运行，请先结束一个。"), count=MOST_PLAYS)
    play = Play(
        id=play_id,
        person_id=person_id,
        county=county[0],
        county_name=county[1],
        draft_id=draft[0],
        draft_title=draft[1],
        digest=digest_of(files),
        begins=day.isoformat(),
        continues=continues,
        created_at=now.astimezone(UTC).isoformat(),
    )
    folder = _folder(play.id)
    folder.mkdir(mode=0o700, parents=True)
    pack(files, folder / FILES)
    (folder / ACTS).write_text("[]", "utf-8")
    _replace(folder / PLAY, json.dumps(asdict(play), ensure_ascii=False))
    return play


def pack(files: Mapping[str, bytes], path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in sorted(files):
            archive.writestr(name, files[name])
    path.write_bytes(packed.getvalue())


def unpack(path: Path) -> dict[str, bytes]:
    """Files that we packed ourselves, into memory."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def plays_of(person_id: str) -> list[Play]:
    """The person's plays, the newest first."""
    found = [play for play in _all() if play.person_id == person_id]
    return sorted(found, key=lambda play: play.created_at, reverse=True)


def get_play(play_id: str, *, person_id: str) -> Play:
    """Raises NotFoundError: there is none, or it is somebody else's."""
    if not _ID.fullmatch(play_id):
        raise NotFoundError
    play = find_play(_folder(play_id))
    if play is None or play.person_id != person_id:
        raise NotFoundError
    return play


def find_play(folder: Path) -> Play | None:
    try:
        return Play(**json.loads((folder / PLAY).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def acts_of(folder: Path) -> list[dict[str, Any]]:
    """What was done so far, as a scenario file would say it."""
    try:
        return list(json.loads((folder / ACTS).read_text("utf-8")))
    except (OSError, ValueError):
        return []


def keep_acts(folder: Path, acts: list[dict[str, Any]]) -> None:
    _replace(folder / ACTS, json.dumps(acts, ensure_ascii=False, default=str))


def end(play: Play) -> None:
    """Stop the play and remove all that it left."""
    with suppress(OSError, DomainError, ValueError):
        _exchange(root() / "k", {"verb": "stop", "play": play.id}, patience=5)
    shutil.rmtree(_folder(play.id), ignore_errors=True)


def sweep(now: datetime) -> int:
    """Remove folders of plays that nobody has touched for IDLE; returns how many."""
    removed = 0
    for folder in _folders():
        with suppress(OSError):
            touched = max((entry.stat().st_mtime for entry in folder.iterdir()), default=folder.stat().st_mtime)
            if now.timestamp() - touched > IDLE.total_seconds():
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
    return removed


def ask(play: Play, verb: str, /, **said: Any) -> Any:
    """Let the process of a play do something.

    Raises the play's own refusals, PlayEndedError after BUDGET, ConflictError after WAIT while the play goes on.
    """
    try:
        answer = _answer_of(play, {"verb": verb, "said": said, "budget": BUDGET})
    except TimeoutError:
        raise ConflictError(N_("服务器繁忙，试运行仍在进行，请稍候刷新页面。")) from None
    except (OSError, ValueError):
        raise ConflictError(N_("试运行的进程已中断（可能超过了内存或时间限制），请重试；已办的步骤仍在。")) from None
    if "error" in answer:
        raise _refusal(answer["error"])
    return worded(answer["value"])


def _answer_of(play: Play, request: Mapping[str, Any]) -> Any:
    """What its process says, begun anew where it has ended; not twice for one question. Raises OSError, ValueError."""
    until, deaths = time.monotonic() + WAIT, 0
    while True:
        try:
            return _exchange(_folder(play.id) / SOCKET, request, patience=_left(until))
        except (FileNotFoundError, ConnectionRefusedError):
            pass
        except ConnectionError:
            deaths += 1
            if deaths > 1:
                raise
        _tell_keeper({"verb": "open", "play": play.id}, until=until)


def _left(until: float) -> float:
    """Raises TimeoutError."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _refusal(error: Mapping[str, Any]) -> DomainError:
    if error["kind"] == PlayEndedError.__name__:
        return PlayEndedError(None, **error["values"])
    if error["kind"] == InvalidAnswersError.__name__:
        return InvalidAnswersError(worded(error["fields"]))
    kind = getattr(errors, error["kind"], ConflictError)
    return kind(error["sentence"], **worded(error["values"])) if issubclass(kind, DomainError) else ConflictError()


# ---- the keeper


def warm_up() -> None:
    """Start the keeper where none runs, and do not wait for it: it is ready when the play begins."""
    if not _is_kept():
        _start_keeper()


def _is_kept() -> bool:
    try:
        _exchange(root() / "k", {"verb": "ping"}, patience=2)
    except (OSError, ValueError):
        return False
    return True


def _tell_keeper(request: Mapping[str, Any], *, until: float | None = None) -> None:
    """Start it where none runs, and wait until it has loaded everything. Raises TimeoutError."""
    address, until = root() / "k", until or time.monotonic() + WAIT
    while True:
        try:
            _exchange(address, request, patience=_left(until))
            return
        except (FileNotFoundError, ConnectionError):
            _start_keeper()
        time.sleep(0.1)


_keepers: dict[Path, subprocess.Popen[bytes]] = {}
"""Keepers that this process started, by folder: a reference, so that their ends are noticed."""


def _start_keeper() -> None:
    """Another one that runs already makes the new one end by itself."""
    folder = root()
    if (started := _keepers.get(folder)) is not None and started.poll() is None:
        return
    with open(folder / "keeper.log", "wb") as log:
        _keepers[folder] = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "tryouts", "keep", str(folder)],
            cwd=settings.root(),
            env=own_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def own_environment() -> dict[str, str]:
    """What a process of plays may know of its surroundings: neither the database nor the key."""
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONDONTWRITEBYTECODE": "1"}


def _exchange(address: Path, request: Mapping[str, Any], *, patience: float) -> Any:
    """One question, one answer, each a line of JSON."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as line:
        line.settimeout(patience)
        with reachable(address) as path:
            line.connect(path)
        line.sendall(json.dumps(request, default=str).encode() + b"\n")
        with line.makefile("rb") as reader:
            answer = reader.readline()
    if not answer.endswith(b"\n"):
        raise ConnectionResetError("the play ended")
    return json.loads(answer)


class reachable:  # noqa: N801  (reads as what it does)
    """A path that a socket takes, however deep the folder lies: by way of an open folder where it is too long."""

    def __init__(self, address: Path) -> None:
        self._address, self._folder = address, -1

    def __enter__(self) -> str:
        if len(str(self._address)) <= LONGEST_ADDRESS:
            return str(self._address)
        self._folder = os.open(self._address.parent, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._folder}/{self._address.name}"

    def __exit__(self, *_: object) -> None:
        if self._folder >= 0:
            os.close(self._folder)


def only_keeper(folder: Path) -> int | None:
    """The lock of the one keeper of a folder, held until the process ends; None where another one holds it."""
    lock = os.open(folder / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _folder(play_id: str) -> Path:
    return root() / "plays" / play_id


def _folders() -> Iterator[Path]:
    with suppress(FileNotFoundError):
        yield from (path for path in sorted((root() / "plays").iterdir()) if _ID.fullmatch(path.name))


def _all() -> Iterator[Play]:
    return (play for folder in _folders() if (play := find_play(folder)) is not None)


def _replace(path: Path, text: str) -> None:
    """Whole or not at all."""
    aside = path.with_suffix(".new")
    aside.write_text(text, "utf-8")
    aside.replace(path)
