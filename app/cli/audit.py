"""`wenze audit`: is the journal whole?"""

import click
from flask.cli import with_appcontext


@click.group(help="审计日志。")
def audit() -> None:
    pass


@audit.command(help="重算全部审计日志的链条；有断裂则逐条列出并以非零状态结束。")
@with_appcontext
def verify() -> None:
    from app.queries.journal import breaks as find_breaks  # noqa: PLC0415  (loads what `wenze audit --help` need not)

    breaks = find_breaks()
    for sentence in breaks:
        click.echo(sentence, err=True)
    if breaks:
        raise SystemExit(1)
    click.echo("审计日志完整。 / The journal is whole.")
