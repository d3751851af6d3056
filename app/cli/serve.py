"""`wenze serve`: the web server and the clock's worker, side by side; neither lives without the other.

The application is loaded once, here, and both are forked from it: loading it is most of what a start takes.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.process import BaseProcess
from typing import Any, cast
from urllib.error import URLError
from urllib.request import urlopen

import click
from flask import Flask
from flask.cli import ScriptInfo

from app.cli.demo import load_demo
from app.cli.schema import bring_up_to_date, ensure_current
from app.cli.worker import work_until_told

GRACE = 25.0
"""Seconds that a child gets to finish what it is doing before it is killed; gunicorn gives its requests 20."""
SET_DEATH_SIGNAL, SET_NAME = 1, 15
"""Of the kernel's prctl."""


@dataclass(frozen=True)
class Child:
    """A process of ours and what people call it."""

    name: str
    name_en: str
    process: BaseProcess


@click.command(help="启动网页服务与定时服务；其中一个停止，另一个随之停止。")
@click.option("--prepare", is_flag=True, help="先升级数据库结构，演示模式下再装入演示数据。")
@click.pass_context
def serve(context: click.Context, prepare: bool) -> None:
    port = int(os.environ.get("PORT") or 8000)
    ensure_free(port)
    app = context.ensure_object(ScriptInfo).load_app()
    if code := run_to_end(lambda: make_ready(app, prepare=prepare)):
        raise SystemExit(code)
    children = start_children(app)
    password = app.config["WENZE_DEMO_PASSWORD"] if app.config["WENZE_DEMO"] else None
    raise SystemExit(supervise(children, port, password=password))


def make_ready(app: Flask, *, prepare: bool) -> None:
    """Bring database and demo data up to date, or refuse a database that is not."""
    with app.app_context():
        if prepare:
            bring_up_to_date()
            if app.config["WENZE_DEMO"]:
                load_demo()
        ensure_current()
        announce_first_run()


def announce_first_run() -> None:
    """While there is no administrator: tell who reads the console how the first three are made."""
    from app.services import first_run  # noqa: PLC0415  (loads the services, which the supervising process need not)

    if code := first_run.draw_code():
        say(f"尚无管理员。请打开 /setup，一次性代码 / No administrator yet, open /setup, one-time code:  {code}")


def run_to_end(work: Callable[[], None]) -> int:
    """Do some work in a forked process and return its exit code.

    We ourselves never open the database or start the interpreter of expressions: neither survives a fork.
    """
    process = forked(work, "wenze-prepare", leader=False)
    process.join()
    return process.exitcode or 0


def forked(work: Callable[[], None], name: str, *, leader: bool = True) -> BaseProcess:
    """A started copy of this process that does `work`; a refusal is shown as `wenze` shows it.

    A `leader` has a session of its own: Ctrl-C reaches only us, and we tell it. Should we be killed outright, the
    kernel tells the child; without this it would hold the port for ever.
    """

    def run() -> None:
        os.environ["PGAPPNAME"] = name  # who watches PostgreSQL sees whose connection it is
        kernel = ctypes.CDLL(None)
        if hasattr(kernel, "prctl"):
            kernel.prctl(SET_NAME, name.encode())
            kernel.prctl(SET_DEATH_SIGNAL, signal.SIGTERM)
        if leader:
            os.setsid()
        try:
            work()
        except click.ClickException as refusal:
            refusal.show()
            raise SystemExit(refusal.exit_code) from None
        finally:
            forget_unwritten()

    process = multiprocessing.get_context("fork").Process(target=run, name=name)
    process.start()
    return process


def forget_unwritten() -> None:
    """What found no room would be tried again when the process ends, and make a failure of its end."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except OSError:
            setattr(sys, name, None)


def ensure_free(port: int) -> None:
    """Refuse a port that somebody else listens on, in words; gunicorn would try for a while and give a traceback."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(
                f"端口 {port} 已被占用，请用 PORT=其他端口 重试。 / Port {port} is in use: set PORT."
            ) from error


def start_children(app: Flask) -> list[Child]:
    """Fork the web server and the worker. What is loaded by now stays: no collection need look through it, and write
    its marks into pages that all could share."""
    gc.collect()
    gc.freeze()

    def clock() -> None:
        with app.app_context():
            work_until_told()

    return [
        Child("网页服务", "web server", forked(lambda: run_gunicorn(app), "wenze-web")),
        Child("定时服务", "worker", forked(clock, "wenze-worker")),
    ]


def run_gunicorn(app: Flask) -> None:
    """What `gunicorn --config gunicorn.conf.py wsgi:app` does, in this process, with the application that is there."""
    from gunicorn.app.wsgiapp import WSGIApplication  # noqa: PLC0415  (only the web server's process needs it)

    class Loaded(WSGIApplication):  # type: ignore[misc]
        """Makes no second application: a third of a second of a start, and as much memory again in each process."""

        def load(self) -> Flask:
            return cast(Flask, import_module("wsgi").behind_proxy(app))

    root = app.config["WENZE_ROOT"]
    sys.argv = ["gunicorn", "--config", str(root / "gunicorn.conf.py"), "--chdir", str(root), "wsgi:app"]
    Loaded("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


def supervise(children: list[Child], port: int, *, password: str | None) -> int:
    """Wait until we are told to stop (0) or a child ends by itself (1); then end the others."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: told.append(received))
    greeted = False
    while not told:
        ended = next((child for child in children if child.process.exitcode is not None), None)
        if ended:
            report_end(ended)
            stop(children)
            return 1
        if not greeted and answers(port):
            greet(port, password)
            greeted = True
        time.sleep(0.1)
    say("正在停止…… / Stopping…", err=True)
    stop(children)
    return 0


def stop(children: list[Child]) -> None:
    """Ask every child to finish and kill those that take longer than GRACE."""
    for child in children:
        child.process.terminate()
    until = time.monotonic() + GRACE
    for child in children:
        child.process.join(max(0.0, until - time.monotonic()))
        if child.process.exitcode is None and child.process.pid:
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.join()


def answers(port: int) -> bool:
    """True once the web server says that it lives."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            response: Any = answer
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def greet(port: int, password: str | None) -> None:
    """Tell where to go, and in demo mode with which password."""
    say(f"问责 Wenze 已启动 / is running:  http://127.0.0.1:{port}")
    if password:
        say(f"演示账号见 README，密码 / demo accounts are in the README, password:  {password}")
    say("按 Ctrl-C 停止 / Ctrl-C stops it")


def say(words: str, *, err: bool = False) -> None:
    """Tell whoever reads; where that finds no room, the children are looked after all the same."""
    with suppress(OSError):
        click.echo(words, err=err)


def report_end(child: Child) -> None:
    """Say who ended and that the rest follows."""
    code = child.process.exitcode
    say(
        f"{child.name}意外退出（{code}），系统随之停止。 / The {child.name_en} ended unexpectedly ({code}); stopping.",
        err=True,
    )
