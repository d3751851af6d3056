"""`wenze backup` and `wenze restore`: the database, the papers and the key in one archive, and back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask_migrate import upgrade

from app.cli.schema import ensure_current, folder
from app.domain.errors import DomainError
from config import ROOT

SCHEME = "sqlite:///"


KEY_FILE = click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    envvar="WENZE_BACKUP_KEY_FILE",
    help="备份密钥文件（或设置 WENZE_BACKUP_KEY_FILE）；与备份分开保管。",
)


@click.command(help="备份数据库、附件和密钥到 TARGET（文件，或者目录：以时间命名），加密；系统可以照常运行。")
@click.argument("target", type=click.Path(path_type=Path))
@KEY_FILE
@click.option("--plain", is_flag=True, help="不加密：只用于本身加密的存储。")
@click.pass_context
def backup(ctx: click.Context, target: Path, key_file: Path | None, plain: bool) -> None:
    if not plain and key_file is None:
        raise click.ClickException(
            "没有备份密钥。先运行 wenze backup-key FILE 生成一次，再用 --key-file FILE 备份；不加密用 --plain。"
            " / No key: make one with wenze backup-key, or say --plain."
        )
    with ctx.obj.load_app().app_context():
        _back_up(target, None if plain else key_file)


def _back_up(target: Path, key_file: Path | None) -> None:
    from app.services import backups  # noqa: PLC0415  (loads storage, which `wenze --help` need not)

    ensure_current()
    now = datetime.now(UTC)
    name = f"wenze-{now:%Y%m%dT%H%M%SZ}.tar{'.sealed' if key_file else ''}"
    file = target / name if target.is_dir() else target
    with refusals():
        made = backups.make(file, now=now, key=key_file)
    click.echo(
        f"已备份到 {file}：{sum(made.rows.values())} 行，{made.papers} 个附件，审计日志完整，"
        f"{'已加密' if key_file else '没有加密'}。 / Backed up; the journal is whole: {made.heads}"
    )


@click.command(name="backup-key", help="生成备份密钥文件 FILE：请抄存两份，与备份分开保管；丢失后备份打不开。")
@click.argument("file", type=click.Path(path_type=Path))
def backup_key(file: Path) -> None:
    from app.services import backups  # noqa: PLC0415  (as above)

    with refusals():
        backups.make_key(file)
    click.echo(f"已生成 {file}。丢失这个文件，用它加密的备份再也打不开。 / Made; without it no backup opens.")


@click.command(help="把备份 FILE 恢复到空的数据目录（WENZE_DATA）和空的数据库，并逐项核对。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@KEY_FILE
@click.option("--check", "only_check", is_flag=True, help="只核对备份文件，不恢复。")
@click.pass_context
def restore(ctx: click.Context, file: Path, key_file: Path | None, only_check: bool) -> None:
    from app.services import backups  # noqa: PLC0415  (as above)

    with refusals():
        manifest = backups.check(file, key=key_file)
        click.echo(f"备份完好：{manifest.made_at}，{len(manifest.files)} 个文件。 / The archive is whole.")
        if only_check:
            return
        url = os.environ.get("DATABASE_URL", "")
        embedded = not url or url.startswith(SCHEME)
        if embedded != (manifest.kind == "sqlite"):
            raise click.ClickException(f"备份来自 {manifest.kind}，请恢复到同一种数据库。 / Another kind of database.")
        data = Path(os.environ.get("WENZE_DATA") or ROOT / "var").resolve()
        database = (Path(url.removeprefix(SCHEME)) if url else data / "wenze.db") if embedded else None
        with backups.all_or_nothing(data, database=database):
            backups.restore_files(file, data, database=database, key=key_file)
            with ctx.obj.load_app().app_context():  # only now: starting makes a key where there is none
                if not embedded:
                    upgrade(directory=folder(), revision=manifest.schema)
                    backups.restore_rows(file, manifest, key=key_file)
                backups.verify(manifest)
    click.echo(
        f"已恢复并核对：{sum(manifest.rows.values())} 行，{manifest.papers} 个附件，审计日志完整。"
        "请运行 wenze db upgrade 后再启动。 / Restored and verified."
    )


@contextmanager
def refusals() -> Iterator[None]:
    """A refusal in words instead of a trace."""
    try:
        yield
    except (DomainError, OSError) as error:
        raise click.ClickException(str(error)) from error
