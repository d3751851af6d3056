"""`wenze archive`: the package of a closed case, made anew as another version."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli.backup import refusals
from app.cli.schema import ensure_current


@click.command(help="为已办结的案件 CASE（案号或编号）制作新一版归档包；原来的各版都保留。")
@click.argument("case")
@click.option("--reason", required=True, help="重新制作的事由，写入归档目录和审计日志。")
@click.option("--to", type=click.Path(path_type=Path), help="另存一份到此文件。")
@with_appcontext
def archive(case: str, reason: str, to: Path | None) -> None:
    from app.queries.archive_contents import contents_of  # noqa: PLC0415  (loads storage, `wenze --help` need not)
    from app.services.archives import making, opening  # noqa: PLC0415

    ensure_current()
    now = datetime.now(UTC)
    with refusals():
        if to is not None:
            opening.ensure_free(to)
        order = making.order_again(case, reason=reason, now=now)
        making.make_one(now, read=contents_of, order_id=order)
        made = opening.made_for(order)
        if to is not None:
            opening.copy_to(made, to)
    click.echo(f"第{made.version}版：{made.path}\nSHA-256 {made.sha256}\nSM3 {made.sm3}\n链头 {made.chain}")
