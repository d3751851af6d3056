"""`wenze packs`: a regulation as one zip, out of the database, out of a folder, looked at, and in again."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from app.domain.actors import Actor
from app.domain.definitions import Finding, Severity
from app.domain.errors import DomainError, InvalidDefinitionError

if TYPE_CHECKING:
    from app.services.packs import Looked

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(help="制度包：把一部办法的全部文件装进一个 zip，或者从 zip 导入。")
def packs() -> None:
    pass


@packs.command(name="export", help="把现行的制度 REGULATION 写成制度包 FILE。")
@click.argument("regulation")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "username", required=True, help="本县流程管理者的账号。")
@with_appcontext
def export(regulation: str, file: Path, username: str) -> None:
    from app.services import packs as service  # noqa: PLC0415  (loads the engine)

    try:
        file.write_bytes(service.export_pack(regulation, actor=_actor(username)))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(file)


@packs.command(help="把文件夹 FOLDER（processes、forms、scenarios、letters）写成制度包 FILE。")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def make(folder: Path, file: Path) -> None:
    from app.services import packs as service  # noqa: PLC0415  (as above)

    try:
        file.write_bytes(service.made_of(folder))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(file)


@packs.command(help="核对制度包 FILE：清单和校验值、发布检查，并在内存中演练包中的全部情景。不改动本系统。")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    from app.cli.scenarios import in_memory  # noqa: PLC0415  (as above)
    from app.scenarios import coverage, stagehand  # noqa: PLC0415
    from app.services import packs as service  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, in_memory():
        try:
            pack = service.read(file.read_bytes())
            findings = service.findings_of(pack)
        except DomainError as error:
            raise click.ClickException(_told(error)) from error
        try:
            stage = stagehand.theatre_of(pack.files, Path(folder), county=(pack.county_id, pack.county_name))
        except DomainError as error:  # of a file that cannot be read the findings tell more
            tell_findings(findings)
            raise click.ClickException(f"情景没有演练：{_told(error)}") from error
        reports = [stage.play(name) for name in stage.names()]
        missing = coverage.of(reports, stage.outlines).missing()
    tell_findings(findings)
    for report in reports:
        click.echo(f"{'通过' if report.went_well else '失败'}  {report.scenario}  {report.title}")
        if report.failure:
            click.echo(f"      {report.failure}")
    for element in missing:
        click.echo(f"未覆盖  {element}")
    click.echo(f"{pack.title}：{len(pack.files)}个文件，{len(reports)}个情景，未覆盖{len(missing)}处")
    if any(report.failure for report in reports) or any(one.severity is Severity.ERROR for one in findings):
        raise SystemExit(1)


@packs.command(help="说明制度包 FILE 与本系统现行内容有什么不同，不改动任何内容。")
@click.argument("file", type=FILE)
@click.option("--as", "username", required=True, help="流程管理者或者系统管理员的账号。")
@with_appcontext
def compare(file: Path, username: str) -> None:
    from app.services import packs as service  # noqa: PLC0415  (as above)

    try:
        tell(service.look_at(file.read_bytes(), actor=_actor(username)))
    except DomainError as error:
        raise click.ClickException(_told(error)) from error


@packs.command(name="import", help="把制度包 FILE 导入为改动稿；系统管理员导入尚不存在的县时一并建立该县和机构。")
@click.argument("file", type=FILE)
@click.option("--as", "username", required=True, help="流程管理者或者系统管理员的账号。")
@with_appcontext
def import_(file: Path, username: str) -> None:
    from app.services import packs as service  # noqa: PLC0415  (as above)

    config = current_app.config
    password = config["WENZE_DEMO_PASSWORD"] if config["WENZE_DEMO"] else None
    try:
        made = service.import_pack(
            file.read_bytes(), actor=_actor(username), now=datetime.now(UTC), demo_password=password
        )
    except DomainError as error:
        raise click.ClickException(_told(error)) from error
    click.echo(
        f"已建立改动稿 {made.draft_id}：{made.files}个文件，新增账号{made.accounts}个。须由另一位流程管理者审批后生效。"
    )


def tell(looked: "Looked") -> None:
    pack = looked.pack
    click.echo(f"{pack.title} {pack.document_no}（{pack.county_name}），{len(pack.files)}个文件")
    click.echo(f"需要的岗位：{'、'.join(pack.roles)}")
    for change in looked.comparison.changes:
        click.echo(f"{change.file}  {change.sentence}")
    tell_findings(looked.findings)
    if not looked.comparison:
        click.echo("与现行内容没有差别。")


def tell_findings(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        click.echo(f"{'须修改' if finding.severity is Severity.ERROR else '提示'}  {finding}")


def _actor(username: str) -> Actor:
    from app.queries import open_steps  # noqa: PLC0415  (as above)

    actor = open_steps.actor_of_username(username)
    if actor is None:
        raise click.ClickException(f"没有账号 {username}")
    return actor


def _told(error: DomainError) -> str:
    if isinstance(error, InvalidDefinitionError):
        return "\n".join([str(error), *map(str, error.findings)])
    return str(error)
