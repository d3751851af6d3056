"""The console script `wenze`: parse arguments, call a service, echo. A command's module is loaded when it is used."""

from importlib import import_module
from typing import cast

import click
from flask import Flask
from flask.cli import ScriptInfo

COMMANDS = {
    "archive": "app.cli.archive:archive",
    "audit": "app.cli.audit:audit",
    "backup": "app.cli.backup:backup",
    "backup-key": "app.cli.backup:backup_key",
    "calendar": "app.cli.calendar:calendar",
    "db": "app.cli.schema:schema",
    "definitions": "app.cli.definitions:definitions",
    "demo": "app.cli.demo:demo",
    "doctor": "app.cli.doctor:doctor",
    "keys": "app.cli.keys:keys",
    "notifications": "app.cli.notifications:notifications",
    "packs": "app.cli.packs:packs",
    "regulations": "app.cli.regulations:regulations",
    "restore": "app.cli.backup:restore",
    "scenarios": "app.cli.scenarios:scenarios",
    "serve": "app.cli.serve:serve",
    "token": "app.cli.accounts:token",
    "tryouts": "app.cli.tryouts:tryouts",
    "user": "app.cli.accounts:user",
    "worker": "app.cli.worker:worker",
}


class LazyGroup(click.Group):
    """A group whose commands are named by text, so that `wenze --help` does not load the application."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        return cast(click.Command, getattr(import_module(module), name))


def load_application() -> Flask:
    """The application, for commands that need one.

    By name: this room may not import the module that wires all rooms together.
    """
    return cast(Flask, import_module("app").create_app())


@click.group(
    cls=LazyGroup,
    help="问责 Wenze：行政败诉案件过错责任追究办理系统。",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.pass_context
def main(ctx: click.Context) -> None:
    ctx.obj = ScriptInfo(create_app=load_application, set_debug_flag=False)
