"""`wenze demo`: the published cases as demonstration, driven through the services on a moved clock."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.schema import bring_up_to_date


@click.group(help="演示数据（仅演示模式）。")
def demo() -> None:
    pass


@demo.command(help="装入演示机构、账号和案件；已装入的不再装。")
@with_appcontext
def load() -> None:
    ensure_demo_mode()
    load_demo()


def load_demo() -> None:
    """Load what is not loaded yet, and say what was."""
    from app.scenarios import demo as demo_service  # noqa: PLC0415  (loads the engine, which other commands need not)

    for sentence in demo_service.load(
        current_app.config["WENZE_ROOT"] / "demo",
        password=current_app.config["WENZE_DEMO_PASSWORD"],
        now=datetime.now(UTC),
    ):
        with suppress(OSError):  # it is loaded all the same when nobody can be told
            click.echo(sentence)


@demo.command(help="在没有案件的数据库中演示两县一整年的办理（约三十件案件，各个阶段都有）；中断后再次运行即继续。")
@click.option("--cases", type=click.IntRange(1, 300), help="每个县演示的案件数，例如 60 或 300；不填按计划约三十件。")
@with_appcontext
def year(cases: int | None) -> None:
    from app.scenarios import year as demo_year  # noqa: PLC0415  (as below)
    from app.scenarios import year_runs  # noqa: PLC0415  (as below)
    from app.scenarios.script import ScenarioError  # noqa: PLC0415  (as below)

    ensure_demo_mode()
    bring_up_to_date()
    folder, password = current_app.config["WENZE_ROOT"] / "demo", current_app.config["WENZE_DEMO_PASSWORD"]
    began = monotonic()
    try:
        for sentence in year_runs.run(folder, password=password, now=datetime.now(UTC), cases=cases):
            click.echo(f"{timedelta(seconds=int(monotonic() - began))} {sentence}")
    except demo_year.NotEmptyError as error:
        raise click.ClickException(
            f"已经有案件（{error}），请用 WENZE_DATA 指定一个空的数据目录。 / Use an empty WENZE_DATA."
        ) from error
    except year_runs.StillRunningError as error:
        raise click.ClickException(
            f"演示年度正在另一个进程中生成（{error}）。 / Another process is making the year."
        ) from error
    except ScenarioError as error:
        raise click.ClickException(str(error)) from error


@demo.command(name="play", help="演示年度中一个县的进程（由 wenze demo year 启动）。", hidden=True)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("county")
@with_appcontext
def play_county(folder: Path, county: str) -> None:
    from app.scenarios import year_runs  # noqa: PLC0415  (as below)

    ensure_demo_mode()
    for sentence in year_runs.play(folder, county, demo=current_app.config["WENZE_ROOT"] / "demo"):
        click.echo(sentence)


def ensure_demo_mode() -> None:
    """Refuse to put invented people and cases into a real office's database."""
    if not current_app.config["WENZE_DEMO"]:
        raise click.ClickException("当前不是演示模式，请设置 WENZE_DEMO=1。 / Not in demo mode: set WENZE_DEMO=1.")
