"""`wenze scenarios`: play the acceptance scenarios in a database in memory, and say what they reach."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING

import click

from config import ROOT, Config, engine_options

if TYPE_CHECKING:
    from app.scenarios.theatre import Theatre

MEMORY = "sqlite://"


@click.group(help="验收场景：按文件演练整套流程并核对结果。")
def scenarios() -> None:
    pass


@scenarios.command(name="run", help="演练场景（不指明文件时演练全部），逐个列出结果。")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--definitions", type=click.Path(exists=True, path_type=Path), help="含 processes/ 和 forms/ 的文件夹")
def run(files: tuple[Path, ...], definitions: Path | None) -> None:
    from app.scenarios.theatre import Report  # noqa: PLC0415  (loads the engine, which other commands need not)

    with theatre(definitions or ROOT) as stage:
        reports: list[Report] = []
        for name in [stage.name_of(file) for file in files] or stage.names():
            report = stage.play(name)
            reports.append(report)
            mark = "通过" if report.went_well else "失败"
            click.echo(f"{mark}  {report.seconds:5.1f}s {report.acts:4d}  {report.scenario}  {report.title}")
            if report.failure:
                click.echo(f"      {report.failure}")
    failed = sum(not report.went_well for report in reports)
    click.echo(f"共{len(reports)}个场景，{failed}个失败，{sum(report.seconds for report in reports):.1f}秒")
    if failed:
        raise SystemExit(1)


@scenarios.command(help="演练全部场景，列出每个流程图、决策表被覆盖的环节、流向和行。")
@click.option("--write", is_flag=True, help="重写 processes/scenarios/coverage.yml")
def coverage(write: bool) -> None:
    from app.scenarios import catalogue  # noqa: PLC0415  (as above)
    from app.scenarios import coverage as counted  # noqa: PLC0415

    with theatre(ROOT) as stage:
        reports = [stage.play(name) for name in stage.names()]
        result = counted.of(reports, stage.outlines)
    for report in reports:
        if report.failure:
            click.echo(f"失败  {report.failure}")
    click.echo(f"{'流程或决策表':<26}{'环节':>8}{'流向':>8}{'行':>8}")
    for name, steps, flows, rows in result.lines():
        click.echo(f"{name:<32}{steps:>10}{flows:>10}{rows:>10}")
    for element in result.missing():
        click.echo(f"未覆盖  {element}")
    if write:
        (ROOT / "processes" / "scenarios" / catalogue.COVERAGE_FILE).write_text(result.text(), "utf-8")
    if any(report.failure for report in reports):
        raise SystemExit(1)


@contextmanager
def theatre(definitions: Path) -> "Iterator[Theatre]":
    """A theatre in memory with the people of the demonstration."""
    from app.scenarios.theatre import Theatre  # noqa: PLC0415  (as above)

    with in_memory():
        stage = Theatre(ROOT / "processes" / "scenarios", ROOT / "demo")
        stage.settle(
            processes=definitions / "processes",
            forms=definitions / "forms",
            now=datetime.now(UTC),
            password=token_urlsafe(12),
        )
        yield stage


@contextmanager
def in_memory() -> Iterator[None]:
    """An empty database in memory: nothing of the office's own data is read or written."""
    from app.extensions import db  # noqa: PLC0415  (as above)

    with tempfile.TemporaryDirectory() as folder:
        own = Config.from_environment({"WENZE_DATA": folder})
        config = replace(own, SQLALCHEMY_DATABASE_URI=MEMORY, SQLALCHEMY_ENGINE_OPTIONS=engine_options(MEMORY))
        app = import_module("app").create_app(config)
        with app.app_context():
            db.create_all()
            yield
            db.session.remove()
            db.engine.dispose()
