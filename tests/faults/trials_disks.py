"""A disk that fills up under the database, or under papers, log and anchors; a database that may only be read."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from app.extensions import db
from app.scenarios.world import PAPER
from tests.faults import books
from tests.faults.hands import Act, Outcome, press, press_all
from tests.faults.lab import SQLITE, Laboratory, Place, Row, Scale, serving
from tests.faults.product import Serve
from tests.faults.trials_kills import work_of
from tests.faults.trials_people import row_of
from tests.faults.trials_upkeep import wenze
from tests.services.conftest import PASSWORD

MEGABYTE = 1024 * 1024
BALLAST = "ballast"
TOLD_OFTEN = 60
"""Refusals, each with its line: more than fit into what a file has left of its last page."""
CREATED = HTTPStatus.CREATED


class NotOnThisMachineError(Exception):
    """The trial needs what this machine or this user lacks; the text says what."""


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system of its own in memory. Raises NotOnThisMachineError."""
    folder = Path(tempfile.mkdtemp(prefix="wenze-disk-"))
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        folder.rmdir()
        raise NotOnThisMachineError("may not mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
        folder.rmdir()


def full_disk(lab: Laboratory, scale: Scale) -> Row:
    """The disk of the embedded database fills up in the middle of the work and is emptied again."""
    with ExitStack() as world:
        disk = world.enter_context(small_disk(64))
        place = world.enter_context(lab.place(SQLITE, disk))
        serve = world.enter_context(serving(place, log=lab.folder / "full-disk.log"))
        fill, empty = (lambda: filled(disk)), (disk / BALLAST).unlink
        return _interrupted(place, serve, scale, "disk full", stop=fill, resume=empty)


def filled(disk: Path) -> None:
    """To the last byte, in pieces that get smaller."""
    with (disk / BALLAST).open("ab", buffering=0) as file:
        for size in (MEGABYTE, 4096):
            with suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass


def full_data_folder(lab: Laboratory, scale: Scale) -> Row:
    """The disk of papers, anchors and log is full, that of the database is not: who needs no paper goes on working."""
    with small_disk(16) as disk, lab.place(SQLITE) as place:
        for file in place.data.glob("*.key"):
            shutil.copy(file, disk)
        opened = [place.open_case().proceeding_id for _ in range(max(6, scale.cases // 4))]
        acts = work_of(place, opened)
        db.session.remove()
        with serving(replace(place, data=disk), log=disk / "log") as serve:
            outcomes = press_all(serve.port, acts[:4], hands=2)
            faults = [] if (kept := paper_sent(serve.port, place)) == CREATED else [f"a paper before: {kept}"]
            filled(disk)
            outcomes += press_all(serve.port, acts[4:-2], hands=4)
            faults += _without_room(place, serve, acts[0], disk)
            (disk / BALLAST).unlink()
            outcomes += press_all(serve.port, acts[-2:], hands=2)
            faults += [] if (kept := paper_sent(serve.port, place)) == CREATED else [f"a paper afterwards: {kept}"]
            row = row_of("RC-12", "disk of papers full", place, outcomes, after=("T_review", opened))
            filled(disk)
        told = wenze(replace(place, data=disk), "audit", "verify")  # it was stopped while there was no room
        faults += [] if told.returncode == 0 else [told.stdout + told.stderr]
        return replace(row, faults=(*row.faults, *faults))


def _without_room(place: Place, serve: Serve, done: Act, disk: Path) -> list[str]:
    """What is wrong while the disk is full: a paper is refused and leaves nothing; words about it need no log."""
    before = _files(disk)
    faults = [] if (kept := paper_sent(serve.port, place)) == HTTPStatus.SERVICE_UNAVAILABLE else [f"a paper: {kept}"]
    faults += [] if _files(disk) == before else ["something of the paper was left behind"]
    anchored = wenze(replace(place, data=disk), "audit", "anchor")
    faults += [anchored.stderr] if "Traceback" in anchored.stderr else []
    late = [press(serve.port, Act(done.task_id, done.token, {}), once=True).status for _ in range(TOLD_OFTEN)]
    faults += [f"somebody too late was told {status}" for status in sorted(set(late) - {HTTPStatus.CONFLICT})]
    return faults


def _files(disk: Path) -> list[Path]:
    return sorted(path for path in (disk / "attachments").rglob("*") if path.is_file())


def paper_sent(port: int, place: Place) -> int:
    """The answer to a paper that was never sent before."""
    mark = uuid4().hex
    paper = PAPER.replace(b"%%EOF", b"%" + mark.encode() + b"\n%%EOF")
    head = 'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf'
    body = f"--{mark}\r\n{head}\r\n\r\n".encode() + paper + f"\r\n--{mark}--\r\n".encode()
    headers = {"Authorization": f"Bearer {place.tokens['reporter']}", "Idempotency-Key": mark}
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(
            "POST", "/api/v1/attachments", body, {**headers, "Content-Type": f"multipart/form-data; boundary={mark}"}
        )
        return connection.getresponse().status


def read_only(place: Place, serve: Serve, scale: Scale) -> Row:
    """PostgreSQL becomes a server that may only be read, as after a switch to a standby, and may be written again."""
    cluster, name = place.cluster, place.url.partition("@/")[2].partition("?")[0]
    if cluster is None:
        raise ValueError("the embedded database has a trial of its own")

    def make(setting: str) -> None:
        place.afresh()
        with psycopg.connect(host=str(cluster.folder), user="postgres", dbname="postgres", autocommit=True) as server:
            server.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {setting}')  # type: ignore[arg-type]
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    return _interrupted(place, serve, scale, "read-only", stop=lambda: make("on"), resume=lambda: make("off"))


def read_only_file(lab: Laboratory, scale: Scale) -> Row:
    """The file of the embedded database may only be read, and its folder: whoever opens it then."""
    words: tuple[str, ...] = ()
    if os.getuid() == 0:  # root may write anything, unless it gives that up
        words = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
        if subprocess.run([*words, "true"], check=False, capture_output=True).returncode:
            raise NotOnThisMachineError("root may not give up writing everywhere")
    with ExitStack() as world:
        place = world.enter_context(lab.place(SQLITE))
        log = lab.folder / "read-only.log"
        serve = world.enter_context(serving(place, log=log, words=words))
        files = [place.data / f"wenze.db{ending}" for ending in ("", "-wal", "-shm")]

        def make(mode: int) -> None:
            db.session.remove()
            for file in files:
                if file.exists():
                    file.chmod(mode)
            for victim in serve.web_processes():  # who has the file open goes on writing; who opens it now may not
                os.kill(victim, 9)

        return _interrupted(
            place, serve, scale, "read-only", stop=lambda: make(0o444), resume=lambda: _writable(files), page=False
        )


def _writable(files: Sequence[Path]) -> None:
    """Whoever opened the database just before makes its side files as it found the database: only to be read."""
    for _ in range(10):
        for file in files:
            if file.exists():
                file.chmod(0o644)
        time.sleep(0.1)


def _interrupted(
    place: Place,
    serve: Serve,
    scale: Scale,
    trial: str,
    *,
    stop: Callable[[], object],
    resume: Callable[[], object],
    page: bool = True,
) -> Row:
    """Work, then nothing can be written for a while, then work again: refused acts say 503 and leave nothing behind."""
    opened = [place.open_case().proceeding_id for _ in range(max(6, scale.cases // 2))]
    acts = work_of(place, opened)
    before, during = acts[:4], acts[4:]
    db.session.remove()
    outcomes = press_all(serve.port, before, hands=2)
    stop()
    refused = _until_refused(serve.port, during)
    shown_page = _page_refused(serve.port) if page else (503, "")
    half = books.of_acts(refused)
    resume()
    again = press_all(serve.port, during, hands=4, patience=60)
    row = row_of("RC-12", trial, place, [*outcomes, *again], after=("T_review", opened))
    kinds = {outcome.status for outcome in refused}
    faults = [] if kinds <= {200, 503} and 503 in kinds else [f"answers meanwhile: {sorted(kinds)}"]
    faults += [f"{half.lost} lost and {half.doubled} doubled meanwhile"] if half.lost or half.doubled else []
    if page and (shown_page[0] != 503 or "系统暂不可用" not in shown_page[1]):
        faults.append(f"signing in gave a page with status {shown_page[0]}")
    away = sum(outcome.status == 503 for outcome in refused)
    return replace(row, remarks=f"503 to {away} of {len(refused)} meanwhile", faults=(*row.faults, *faults))


def _until_refused(port: int, acts: Sequence[Act], patience: float = 30) -> list[Outcome]:
    """Each act once, again and again until one is refused: what is in the log still finds room. Raises no error."""
    until, outcomes = time.monotonic() + patience, []
    while time.monotonic() < until:
        outcomes = [_answered(port, act) for act in acts]
        if any(outcome.status == 503 for outcome in outcomes):
            break
    return outcomes


def _answered(port: int, act: Act) -> Outcome:
    """One answer; a connection that broke because a process was just killed is tried again."""
    for _ in range(100):
        outcome = press(port, act, once=True)
        if outcome.status:
            return outcome
        time.sleep(0.1)
    return outcome


def _page_refused(port: int, patience: float = 30) -> tuple[int, str]:
    """The same for a page: a short line may still find room where a longer act did not."""
    until, shown = time.monotonic() + patience, (0, "")
    while time.monotonic() < until:
        shown = _page(port)
        if shown[0] == HTTPStatus.SERVICE_UNAVAILABLE:
            break
    return shown


def _page(port: int) -> tuple[int, str]:
    """What a browser is shown that tries to sign in now, which is an act and is written down."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/sign-in")
        form = connection.getresponse()
        text, cookies = form.read().decode(), form.headers.get("Set-Cookie", "").partition(";")[0]
    token = text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    body = urlencode({"csrf_token": token, "username": "beishan.head", "password": PASSWORD})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("POST", "/sign-in", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
