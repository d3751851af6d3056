"""`wenze calendar`: the legal calendar that deadlines are counted with."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.domain.errors import DomainError
from app.law.notices import decode


@click.group(name="calendar", help="工作日历：放假和补班日。")
def calendar() -> None:
    pass


@calendar.command(name="import", help="导入一年的放假安排 FILE（文本、CSV 或 ICS），并重新计算涉及的期限。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="通知的名称和文号。")
@with_appcontext
def import_command(file: Path, source: str) -> None:
    from app.services import calendars  # noqa: PLC0415  (loads the engine)

    try:
        done = calendars.import_notice(decode(file.read_bytes()), source=source, actor=None, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{done.year}年：{done.days}日；重新计算 {done.cases} 件案件和会议，{done.moved} 个日期有变动。"
        f" / {done.year}: {done.days} days; {done.cases} proceedings recounted, {done.moved} dates moved."
    )
