"""The processes behind plays: a keeper that is loaded once, and one forked process for each play, within limits.

The keeper itself opens no database and evaluates nothing: neither survives a fork.
"""

import ctypes
import json
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from app.domain.errors import DomainError, InvalidAnswersError
from app.domain.plain import plain
from app.extensions import db
from app.scenarios import plays, troupe, tryout_saving, tryout_view
from app.scenarios.theatre import Theatre
from app.scenarios.tryout import Beginning, Tryout, openable_in, refusal_of
from app.services import settings

IDLE = 20 * 60.0
"""Seconds without a question after which a process ends by itself; it is made again from the folder."""
LOOK_EVERY = 2.0
"""Seconds between two looks whether the parent still lives."""
PROCESSOR_SECONDS = 900
MEMORY = 1536 * 1024 * 1024
LARGEST_FILE = 32 * 1024 * 1024
LONGEST_LINE = 12 * 1024 * 1024
SET_DEATH_SIGNAL, SET_NAME = 1, 15
"""Of the kernel's prctl."""

Context = Callable[[], AbstractContextManager[Any]]


class OutOfTimeError(BaseException):
    """An act has used up its processor time. Nothing in the product catches it; the process is of no use any more."""


def keep(folder: Path, context: Context) -> None:
    """Fork a process for every play that is asked for, until nobody needs us any more."""
    lock = plays.only_keeper(folder)
    if lock is None:
        return
    parent, children, seen = os.getppid(), dict[str, int](), time.monotonic()
    listener = listening(folder / "k")
    while os.getppid() == parent and folder.is_dir():
        _bury(children)
        if not select.select([listener], [], [], LOOK_EVERY)[0]:
            if not children and time.monotonic() - seen > IDLE:
                return
            continue
        seen = time.monotonic()
        line, _ = listener.accept()
        with line:
            _answer(line, lambda request: _keep_one(request, folder, children, context=context, listener=listener))


def _keep_one(
    request: Mapping[str, Any], folder: Path, children: dict[str, int], *, context: Context, listener: socket.socket
) -> Any:
    play = str(request.get("play", ""))
    _bury(children)
    if request["verb"] == "stop" and play in children:
        pid = children.pop(play)
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    if request["verb"] == "open" and play not in children:
        stage = listening(folder / "plays" / play / plays.SOCKET)
        pid = os.fork()
        if pid == 0:
            listener.close()
            _be_a_play(folder / "plays" / play, stage, context)
        stage.close()
        children[play] = pid
    return True


def _bury(children: dict[str, int]) -> None:
    for play, pid in list(children.items()):
        with suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                continue
        del children[play]


def _be_a_play(folder: Path, stage: socket.socket, context: Context) -> None:
    """Never returns: what a play does wrong must not go on in the keeper's code."""
    try:
        limit_ourselves("wenze-play")
        settings.configure(data_folder=folder, root=settings.root(), demo=False)
        with context():
            serve(folder, stage)
    finally:
        os._exit(0)


def limit_ourselves(name: str) -> None:
    """Processor time, memory, size of files; and we end with whoever started us."""
    kernel = ctypes.CDLL(None)
    if hasattr(kernel, "prctl"):
        kernel.prctl(SET_NAME, name.encode())
        kernel.prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    for what, most in (
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (wanted, wanted))


def serve(folder: Path, stage: socket.socket) -> None:
    """Answer the questions about one play, one after the other."""
    play: Tryout | None = None
    until = time.monotonic() + IDLE

    def answer(request: Mapping[str, Any]) -> Any:
        nonlocal play
        if play is None:
            play = prepared(folder)
        try:
            with within(request["budget"]):
                return VERBS[request["verb"]](play, folder, **request["said"])
        except OutOfTimeError:
            stage.close()  # who asks next shall not wait for us
            raise

    while time.monotonic() < until and folder.is_dir():
        if not select.select([stage], [], [], LOOK_EVERY)[0]:
            continue
        line, _ = stage.accept()
        with line:
            _answer(line, answer)
        until = time.monotonic() + IDLE


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Processor time of this process, all threads. Raises OutOfTimeError, and again each second until it is heard."""

    over = False

    def stop(*_: object) -> None:
        nonlocal over
        over = True
        raise OutOfTimeError

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    except Exception as error:
        if over:  # the database's library makes an error of its own of one that meets it in the middle of a commit
            raise OutOfTimeError from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def listening(path: Path) -> socket.socket:
    """A socket of our own in a folder that only we can open."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with plays.reachable(path) as address:
        listener.bind(address)
    listener.listen(16)
    return listener


def _answer(line: socket.socket, answer: Callable[[Mapping[str, Any]], Any]) -> None:
    """Read one question and answer it; who asks and goes away is no harm."""
    with suppress(OSError, ValueError), line.makefile("rb") as reader:
        line.settimeout(5)
        request = json.loads(reader.readline(LONGEST_LINE))
        line.settimeout(None)
        try:
            told: dict[str, Any] = {"value": plain(answer(request))}
        except DomainError as refusal:
            told = {"error": _in_plain(refusal_of(refusal))}
        except MemoryError:
            raise  # the process is of no use any more
        except OutOfTimeError:
            values = {"seconds": round(request["budget"])}
            told = {"error": {"kind": plays.PlayEndedError.__name__, "values": values}}
            line.sendall(json.dumps(told).encode() + b"\n")
            raise
        except Exception as error:  # noqa: BLE001  (the play must go on, whatever a question made of it)
            sentence, values = "试运行出现异常：%(why)s", {"why": f"{type(error).__name__}: {error}"[:300]}
            told = {"error": {"kind": "ConflictError", "sentence": sentence, "values": values}}
        line.sendall(json.dumps(told, ensure_ascii=False, default=str).encode() + b"\n")


def _in_plain(refusal: DomainError) -> dict[str, Any]:
    if isinstance(refusal, InvalidAnswersError):
        return {"kind": "InvalidAnswersError", "fields": plain(refusal.fields)}
    return {"kind": type(refusal).__name__, "sentence": refusal.sentence, "values": plain(refusal.values)}


# ---- one play


def prepared(folder: Path) -> Tryout:
    """The play of a folder as far as it had come. Raises DomainError."""
    play = plays.find_play(folder)
    assert play is not None
    files = plays.unpack(folder / plays.FILES)
    theatre = theatre_of(files, folder, county=(play.county, play.county_name))
    beginning = Beginning(play.county, date.fromisoformat(play.begins), play.continues)
    tryout = Tryout(theatre, beginning, openable=openable_in(files))
    tryout.replay(plays.acts_of(folder))
    return tryout


def theatre_of(files: Mapping[str, bytes], folder: Path, *, county: tuple[str, str]) -> Theatre:
    """An empty database with invented people and these files. `folder` may be written to. Raises DomainError."""
    demo, now = settings.root() / "demo", datetime.now(UTC)
    db.create_all()
    scenarios = folder / "scenarios"
    for name, content in files.items():
        if name.startswith("scenarios/") and name.endswith(".yml") and ".." not in name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    scenarios.mkdir(exist_ok=True)
    troupe.bring_in(*county, demo=demo, folder=folder, password=token_urlsafe(12), now=now)
    theatre = Theatre(scenarios, demo)
    theatre.settle_for_play(files, county_id=county[0], now=now)
    return theatre


Verb = Callable[..., Any]


def _acting(act: Callable[..., Any]) -> Verb:
    """An act whose outcome is kept in the folder."""

    def done(play: Tryout, folder: Path, **said: Any) -> Any:
        value = act(play, **said)
        plays.keep_acts(folder, [one.raw for one in play.done])
        return value

    return done


def _wait(play: Tryout, *, minutes: int) -> None:
    play.wait(span=timedelta(minutes=minutes))


def _wait_until(play: Tryout, *, day: str) -> None:
    play.wait_until(date.fromisoformat(day))


def _next_event(play: Tryout) -> None:
    due = play.next_event()
    if due is not None:
        play.wait(span=due - play.now)


def _standing(play: Tryout, _folder: Path, *, name: str) -> Any:
    known = play.names()
    chosen = name if name in known else (play.current() or (known[-1] if known else ""))
    return tryout_view.standing(play, chosen)


def _form(play: Tryout, _folder: Path, **said: Any) -> Any:
    return tryout_view.form(play, said.pop("task_id"), **said)


def _text(play: Tryout, _folder: Path, *, name: str, title: str, every_step: bool) -> Any:
    file = tryout_saving.file_name(play, name)
    content = tryout_saving.text_of(play, title=title, every_step=every_step)
    tryout_saving.ensure_passes(play, content)
    return {"name": file, "content": content.decode()}


def _upload(play: Tryout, folder: Path, *, content: str, by: str, name: str) -> str:
    return play.upload(bytes.fromhex(content), by=by, name=name)


VERBS: Mapping[str, Verb] = {
    "standing": _standing,
    "form": _form,
    "drawing": lambda play, _folder, name, process: tryout_view.drawing(play, name, process=process),
    "usual": lambda play, _folder, task_id, by: play.usual_answers(task_id, by=by),
    "text": _text,
    "upload": _upload,
    "open": _acting(lambda play, **said: play.open(said.pop("what"), **said)),
    "submit": _acting(lambda play, **said: play.submit(said.pop("task_id"), **said)),
    "run": _acting(lambda play, name, until: play.run_until(name, until=until)),
    "wait": _acting(_wait),
    "wait_until": _acting(_wait_until),
    "next": _acting(_next_event),
    "deliver": _acting(lambda play, **said: play.deliver(said.pop("name"), **said)),
    "back": _acting(lambda play: play.back()),
    "reset": _acting(lambda play: play.reset()),
}
"""What may be asked of a play."""
