"""`wenze tryouts`: the processes behind 试运行 and the scenario runs of a draft. People have no need to call it."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import click
from flask import Flask

from config import Config, engine_options

MEMORY = "sqlite://"


@click.group(help="试运行和情景演练的后台进程（由系统自动启动）。", hidden=True)
def tryouts() -> None:
    pass


@tryouts.command(name="keep", help="等候试运行，每个试运行一个受限的进程。")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def keep(folder: Path) -> None:
    app = throw_away_app(folder)
    from app.scenarios import stagehand  # noqa: PLC0415  (loads the engine, which `wenze --help` need not)

    with app.app_context():
        pass
    stagehand.keep(folder, app.app_context)


@tryouts.command(name="perform", help="演练一次情景，结果写入所给文件夹。")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def perform(folder: Path) -> None:
    app = throw_away_app(folder)
    from app.scenarios import scenario_runs  # noqa: PLC0415  (as above)

    with app.app_context():
        scenario_runs.perform(folder)


def throw_away_app(folder: Path) -> Flask:
    """The application on a database in memory, with nothing of the office's own settings."""
    own = Config.from_environment({"WENZE_DATA": str(folder / "data")})
    config = replace(own, SQLALCHEMY_DATABASE_URI=MEMORY, SQLALCHEMY_ENGINE_OPTIONS=engine_options(MEMORY))
    app: Flask = import_module("app").create_app(config)
    return app
