"""`wenze serve`: the web server and the clock's worker, side by side; neither lives without the other."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.demo import load_demo
from app.cli.schema import bring_up_to_date, ensure_current

GRACE = 25.0
"""Seconds that a child gets to finish what it is doing before it is killed; gunicorn gives its requests 20."""


@dataclass(frozen=True)
class Child:
    """A process of ours and what people call it."""

    name: str
    name_en: str
    process: subprocess.Popen[bytes]


@click.command(help="启动网页服务与定时服务；其中一个停止，另一个随之停止。")
@click.option("--prepare", is_flag=True, help="先升级数据库结构，演示模式下再装入演示数据。")
@with_appcontext
def serve(prepare: bool) -> None:
    config = current_app.config
    if prepare:
        bring_up_to_date()
        if config["WENZE_DEMO"]:
            load_demo()
    ensure_current()
    port = int(os.environ.get("PORT") or 8000)
    ensure_free(port)
    children = start_children(config["WENZE_ROOT"], config["WENZE_DATA"])
    password = config["WENZE_DEMO_PASSWORD"] if config["WENZE_DEMO"] else None
    raise SystemExit(supervise(children, port, password=password))


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


def start_children(root: Path, data: Path) -> list[Child]:
    """Start gunicorn and the worker, in sessions of their own: Ctrl-C reaches only us, and we tell them."""
    environment = os.environ | {"WENZE_DATA": str(data), "PYTHONPATH": str(root)}
    gunicorn = ["-m", "gunicorn", "--config", str(root / "gunicorn.conf.py"), "wsgi:app"]
    # Should we be killed outright, the kernel tells the children; without this they would hold the port for ever.
    words = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []

    def start(arguments: list[str]) -> subprocess.Popen[bytes]:
        command = [*words, sys.executable, "-P", *arguments]
        return subprocess.Popen(command, cwd=root, env=environment, start_new_session=True, stdin=subprocess.DEVNULL)

    return [
        Child("网页服务", "web server", start(gunicorn)),
        Child("定时服务", "worker", start(["-m", "app.cli", "worker"])),
    ]


def supervise(children: list[Child], port: int, *, password: str | None) -> int:
    """Wait until we are told to stop (0) or a child ends by itself (1); then end the others."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: told.append(received))
    greeted = False
    while not told:
        ended = next((child for child in children if child.process.poll() is not None), None)
        if ended:
            report_end(ended)
            stop(children)
            return 1
        if not greeted and answers(port):
            greet(port, password)
            greeted = True
        time.sleep(0.1)
    click.echo("正在停止…… / Stopping…", err=True)
    stop(children)
    return 0


def stop(children: list[Child]) -> None:
    """Ask every child to finish and kill those that take longer than GRACE."""
    for child in children:
        with suppress(ProcessLookupError):
            child.process.terminate()
    until = time.monotonic() + GRACE
    for child in children:
        try:
            child.process.wait(timeout=max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


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
    click.echo(f"问责 Wenze 已启动 / is running:  http://127.0.0.1:{port}")
    if password:
        click.echo(f"演示账号见 README，密码 / demo accounts are in the README, password:  {password}")
    click.echo("按 Ctrl-C 停止 / Ctrl-C stops it")


def report_end(child: Child) -> None:
    """Say who ended and that the rest follows."""
    code = child.process.returncode
    click.echo(
        f"{child.name}意外退出（{code}），系统随之停止。 / The {child.name_en} ended unexpectedly ({code}); stopping.",
        err=True,
    )
