"""`wenze notifications`: what waits to be sent to people, what could not be, and to try that again."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext


@click.command(help="列出待发和未送达的通知；--again 把未送达的重新发送。")
@click.option("--again", is_flag=True, help="未送达的从头再试。")
@with_appcontext
def notifications(again: bool) -> None:
    from app.queries.settings import undelivered  # noqa: PLC0415  (loads the application)
    from app.services.notifying import choices, outlets  # noqa: PLC0415

    ways = ", ".join(outlets.outlets().channels()) or "无 / none"
    click.echo(f"已开通 / open: {ways}")
    if again:
        count = choices.revive_all(now=datetime.now(UTC))
        click.echo(f"重新发送 {count} 条。 / {count} to be sent again.")
        return
    found = undelivered()
    for status, number in found.counts.items():
        click.echo(f"{status} {number}")
    for line in found.dead:
        click.echo(f"  {line.at:%Y-%m-%d %H:%M}Z  {line.channel}  {line.kind}  {line.number or '-'}  {line.error}")
