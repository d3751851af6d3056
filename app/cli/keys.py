"""`wenze keys`: the keys that papers and identity numbers are sealed with; another one, and sealing anew with it."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from app.cli.backup import refusals
from app.cli.doctor import who
from app.cli.schema import ensure_current


@click.group(help="附件和身份证号码的加密密钥（WENZE_SEAL_KEY_FILE）。")
def keys() -> None:
    pass


@keys.command(name="list", help="列出密钥，以及各密钥加密了多少文件和号码。")
@with_appcontext
def list_keys() -> None:
    from app.services import keys as service  # noqa: PLC0415  (loads what `wenze keys --help` need not)

    ensure_current()
    with refusals():
        found = service.census()
    for key in dict.fromkeys((*found.known, *found.lost)):
        state = "现用" if key == found.current else "缺少" if key in found.lost else "仅解密"
        click.echo(f"{key}  {state}  {found.files.get(key, 0)} 个文件  {found.values.get(key, 0)} 个号码")
    if found.files.get(""):
        click.echo(f"尚未加密：{found.files['']} 个文件，请运行 wenze keys reseal。 / Not sealed yet.")
    if found.lost:
        raise click.ClickException(f"缺少密钥 {'、'.join(found.lost)}，用它加密的内容打不开。 / Keys are missing.")


@keys.command(help="生成新密钥，此后以它加密；原有密钥继续解密，请保留。之后运行 wenze keys reseal。")
@with_appcontext
def add() -> None:
    from app.services import keys as service  # noqa: PLC0415  (as above)

    ensure_current()
    with refusals():
        made = service.add(by=who(), now=datetime.now(UTC))
    click.echo(f"新密钥 {made} 已启用；请备份密钥文件，再运行 wenze keys reseal。 / In use from now on.")


@keys.command(help="把未加密的和用旧密钥加密的全部换成现用密钥；系统可以照常运行，中断后再次运行即可接续。")
@with_appcontext
def reseal() -> None:
    from app.services import keys as service  # noqa: PLC0415  (as above)

    ensure_current()
    with refusals():
        done = service.reseal(by=who(), now=datetime.now(UTC))
    click.echo(f"已换用现用密钥：{done.files} 个文件，{done.values} 个号码。 / Sealed anew.")
    if done.damaged:
        raise click.ClickException(f"{len(done.damaged)} 项打不开，保持原样：{'、'.join(done.damaged[:5])}")
