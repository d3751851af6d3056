"""`wenze db`: the schema of the database."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import revision, upgrade

from app.queries import calendars
from app.queries import schema as schema_query


@click.group(name="db", help="数据库结构。")
def schema() -> None:
    pass


@schema.command(name="upgrade", help="把数据库结构升级到本版本；已是最新时什么也不做。")
@click.option("--bare", is_flag=True, hidden=True, help="只建立数据表，不写入任何数据。")
@with_appcontext
def upgrade_command(bare: bool) -> None:
    if bare:
        upgrade(directory=folder())
    else:
        bring_up_to_date()


@schema.command(name="revision", help="开发用：按数据表的改动生成一个升级脚本。")
@click.argument("message")
@click.option("--id", "revision_id", help="编号，不写则随机。")
@with_appcontext
def revision_command(message: str, revision_id: str | None) -> None:
    revision(directory=folder(), message=message, autogenerate=True, rev_id=revision_id)


@schema.command(name="recount", help="按事项重新计算工作台各箱的件数（wenze doctor 提示时使用）。")
@with_appcontext
def recount_command() -> None:
    from app.services.tallies import recount  # noqa: PLC0415  (only this command needs it)

    recount()


def folder() -> str:
    """Where the migrations are."""
    return str(schema_query.folder_of(current_app.config["WENZE_ROOT"]))


def bring_up_to_date() -> None:
    """Run the missing migrations. A newer version's database is refused: its data may mean something unknown here."""
    state = schema_query.state(current_app.config["WENZE_ROOT"])
    if state.is_unknown:
        raise click.ClickException(
            f"数据库由更新的版本建立（{state.current}），本版本不能使用。 / The database belongs to a newer version."
        )
    if not state.is_current:
        upgrade(directory=folder())
    if calendars.undelivered_years():
        from app.services.calendars import deliver  # noqa: PLC0415  (loads the engine; rarely needed)

        deliver(now=datetime.now(UTC))


def ensure_current() -> None:
    """Refuse to go on with a schema that is not this version's."""
    state = schema_query.state(current_app.config["WENZE_ROOT"])
    if not state.is_current:
        raise click.ClickException(
            "数据库结构与本版本不一致，请先运行 wenze db upgrade。 / The schema is not current: run wenze db upgrade."
        )
