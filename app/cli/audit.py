"""`wenze audit`: is the journal whole, what is in it, and what the law lets go of it.

Exit codes of `verify`: 0 whole, 1 broken, 2 not verified (no database, no key, a wrong option).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli.backup import refusals
from app.extensions import OUTAGES

BROKEN, NOT_VERIFIED = 1, 2


@click.group(help="审计日志。")
def audit() -> None:
    pass


@audit.command(
    help="重算全部审计日志的链条，与链头、锚点、清理和删除记录核对；有断裂则逐条列出，退出码1；无法核对为2。"
)
@click.option(
    "--anchors",
    "anchored",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="另行保存的锚点文件；默认用本机的。",
)
@click.option("--contents", is_flag=True, help="同时核对每份提交的内容与所签摘要。")
@with_appcontext
def verify(anchored: Path | None, contents: bool) -> None:
    from app.services import anchoring  # noqa: PLC0415  (loads what `wenze audit --help` need not)

    try:
        verdict = anchoring.verify(anchored=anchored, contents=contents)
    except (*OUTAGES, OSError) as error:
        click.echo(f"无法核对 / Not verified: {str(error).partition(chr(10))[0]}", err=True)
        raise SystemExit(NOT_VERIFIED) from error
    for one in verdict.breaks:
        click.echo(sentence_of(one), err=True)
    for scope, position, authority in verdict.purged:
        click.echo(f"按期清理 / purged: {scope} 1–{position}（{authority}）")
    for kind, object_id, authority in verdict.erased:
        click.echo(f"依法删除 / erased: {kind} {object_id}（{authority}）")
    told = f"{verdict.lines} 条，{verdict.chains} 条链，{verdict.anchors} 个锚点"
    if not verdict.whole:
        click.echo(f"审计日志不完整：{verdict.found} 处（{told}）。 / The journal is broken.", err=True)
        raise SystemExit(BROKEN)
    click.echo(f"审计日志完整（{told}）。 / The journal is whole.")


def sentence_of(found: object) -> str:
    """A break in words; the console speaks Chinese and names the flaw."""
    from app.domain.chains import SENTENCES, Break  # noqa: PLC0415  (as above)

    assert isinstance(found, Break)
    return f"{SENTENCES[found.flaw] % found.values()} [{found.flaw}]"


@audit.command(help="现在写一个锚点，并打印其编号和签名，可抄录在别处。")
@with_appcontext
def anchor() -> None:
    from app.services import anchoring  # noqa: PLC0415  (as above)

    with refusals():
        made = anchoring.anchor(why=anchoring.ASKED, now=datetime.now(UTC))
    assert made is not None
    click.echo(f"锚点 / anchor {made.number}  {made.at.isoformat()}  {made.lines}  {made.mac}")


@audit.command(help="把审计日志导出到文件 TARGET（每行一条 JSON，含链条摘要）；导出本身记入日志。")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--scope", default="", help="只导出一条链。")
@click.option("--by", "username", default="system", help="由谁导出（账号）。")
@with_appcontext
def export(target: Path, scope: str, username: str) -> None:
    from app.services import retention  # noqa: PLC0415  (as above)

    with refused(), written(target):
        count, digest = retention.export(target, scope=scope, by=username, now=datetime.now(UTC))
    click.echo(f"已导出 {count} 条到 {target}，SM3 {digest}。 / Exported.")


@audit.command(help="清理超过 DAYS 天（至少180）的管理日志，先存入文件 TARGET；案件的日志随案卷保存，不在此列。")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--days", type=int, default=1095, show_default=True)
@click.option("--authority", required=True, help="依据：批准机关和文号。")
@click.option("--by", "username", required=True, help="审计管理员账号。")
@click.option("--witness", required=True, help="监督人账号（另一名管理员）。")
@with_appcontext
def purge(target: Path, days: int, authority: str, username: str, witness: str) -> None:
    from app.services import retention  # noqa: PLC0415  (as above)

    with refused(), written(target):
        done = retention.purge(
            target, days=days, authority=authority, by=username, witness=witness, now=datetime.now(UTC)
        )
    click.echo(f"已清理 {done.lines} 条（{done.chains} 条链），已存入 {target}，SM3 {done.digest}。 / Purged.")


@audit.command(help="依法删除一份提交（submission）或一份材料（paper）的内容；其摘要和日志保留。")
@click.argument("kind", type=click.Choice(["submission", "paper"]))
@click.argument("object_id")
@click.option("--authority", required=True, help="依据：批准机关和文号。")
@click.option("--by", "username", required=True, help="审计管理员账号。")
@click.option("--witness", required=True, help="监督人账号（另一名管理员）。")
@with_appcontext
def erase(kind: str, object_id: str, authority: str, username: str, witness: str) -> None:
    from app.services import retention  # noqa: PLC0415  (as above)

    with refused():
        erased = retention.erase(
            kind.upper(), object_id, authority=authority, by=username, witness=witness, now=datetime.now(UTC)
        )
    click.echo(f"已删除内容，原摘要 {erased}。备份中仍有的，按备份的保存期限处理。 / Erased.")


@contextmanager
def refused() -> Iterator[None]:
    """A refusal in words; where it stands at a field, in that field's."""
    from app.domain.errors import InvalidAnswersError  # noqa: PLC0415  (as above)

    with refusals():
        try:
            yield
        except InvalidAnswersError as error:
            told = " ".join(sentence for sentences in error.fields.values() for sentence in sentences)
            raise click.ClickException(told) from error


@contextmanager
def written(target: Path) -> Iterator[None]:
    """A file of ours is made new, never over another."""
    if target.exists():
        raise click.ClickException(f"文件 {target} 已经存在，请换一个名称。 / The file exists.")
    yield
