"""`wenze definitions`: diagrams, tables, forms and registers, between files and the database."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.domain.errors import InvalidDefinitionError
from app.queries import releases

OPTIONS_FILE = "options.yml"
"""Shared by all forms, so it lies beside them."""


@click.group(help="流程图、决策表、表单和条款登记。")
def definitions() -> None:
    pass


@definitions.command(help="发布程序目录中的定义；内容未变的不再发布。")
@with_appcontext
def publish() -> None:
    from app.services import definitions as service  # noqa: PLC0415  (loads the engine)

    root = current_app.config["WENZE_ROOT"]
    try:
        published = service.publish_seeds(root / "processes", root / "forms", by="wenze", now=datetime.now(UTC))
    except InvalidDefinitionError as error:
        for finding in error.findings:
            click.echo(finding, err=True)
        raise click.ClickException(str(error)) from error
    for name in published:
        click.echo(name)


@definitions.command(help="把现行的定义写到目录 FOLDER 下的 processes 和 forms，可再由 publish 发布。")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export(folder: Path) -> None:
    for name, content in sorted(releases.current_files().items()):
        room = "forms" if name.endswith(".form") or name == OPTIONS_FILE else "processes"
        path = folder / room / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        click.echo(path)
