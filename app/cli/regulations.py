"""`wenze regulations`: the official text of a regulation, checked against its register and taken in."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.domain.errors import DomainError
from app.law.collation import Collation, FindingKind
from app.services import regulations as service

TITLES = {FindingKind.MISSING: "缺少", FindingKind.EXTRA: "多出", FindingKind.SLIP: "文字"}


@click.group(help="办法的官方文本。")
def regulations() -> None:
    pass


@regulations.command(name="check", help="把文本 FILE 与条款登记逐条核对，只报告，不保存。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def check_text(file: Path) -> None:
    try:
        checked = service.check_text(file.read_bytes(), name=file.name)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{checked.register.title}（{checked.register.document_no}）")
    _tell(checked.collation, len(checked.register.clauses))
    if checked.collation.of_kind(FindingKind.MISSING) or checked.collation.of_kind(FindingKind.EXTRA):
        raise SystemExit(1)


@regulations.command(name="import", help="导入文本 FILE，官方条文随即显示在我们的理解旁边；原先导入的文本留存。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_text(file: Path) -> None:
    try:
        done = service.import_text(file.read_bytes(), name=file.name, actor=None, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    register = done.checked.register
    click.echo(f"{register.title}（{register.document_no}）")
    _tell(done.checked.collation, len(register.clauses))
    click.echo(f"与现用文本相同，未再保存（第{done.number}次）。" if done.unchanged else f"已导入，第{done.number}次。")


def _tell(collation: Collation, clauses: int) -> None:
    click.echo(f"登记 {clauses} 条，文本中找到 {len(collation.wordings)} 条。")
    for finding in collation.findings:
        click.echo(f"{TITLES[finding.kind]}　{finding}")
