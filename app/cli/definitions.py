"""`wenze definitions`: diagrams, tables, forms and registers, between files and the database."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from app.domain.actors import Actor
from app.domain.errors import DomainError, InvalidAnswersError, InvalidDefinitionError
from app.queries import open_steps, releases

if TYPE_CHECKING:
    from app.services.migrations import Change, Plan

OPTIONS_FILE = "options.yml"
"""Shared by all forms, so it lies beside them."""


@click.group(help="流程图、决策表、表单和条款登记。")
def definitions() -> None:
    pass


@definitions.command(help="发布程序目录中的定义；内容未变的不再发布。")
@with_appcontext
def publish() -> None:
    from app.services import definitions as service  # noqa: PLC0415  (loads the engine)

    root = current_app.config["WENZE_ROOT"]
    try:
        published = service.publish_seeds(root / "processes", root / "forms", by="wenze", now=datetime.now(UTC))
    except InvalidDefinitionError as error:
        for finding in error.findings:
            click.echo(finding, err=True)
        raise click.ClickException(str(error)) from error
    for name in published:
        click.echo(name)


@definitions.command(help="把现行的定义写到目录 FOLDER 下的 processes 和 forms，可再由 publish 发布。")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--county", help="只写这个县的；不写为全部，各县同名而内容不同的，以流程设计中发布过的为准。")
@with_appcontext
def export(folder: Path, county: str | None) -> None:
    for name, content in sorted(releases.current_files(county).items()):
        room = "forms" if name.endswith((".form", ".docx")) or name == OPTIONS_FILE else "processes"
        path = folder / room / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        click.echo(path)


@definitions.command(
    help="把办理中的件换到另一版本（默认现行版本）。不写 CASE 则包括该流程在其他版本上的全部在办件。"
    " 先试算，说明每件会怎样；--dry-run 到此为止。"
)
@click.argument("process")
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--to", "release", type=int, help="版本号，不写为现行版本。")
@click.option("--map", "pairs", multiple=True, metavar="OLD=NEW", help="改了标识的环节；可以多次给出。")
@click.option("--as", "username", required=True, help="流程管理者的账号，写入办理经过。")
@click.option("--reason", default="", help="理由，写入办理经过。")
@click.option("--dry-run", is_flag=True, help="只试算。")
@click.option("--undo", "undoing", is_flag=True, help="撤销指定各件最近一次换版；须写明 CASE。")
@click.option("--yes", is_flag=True, help="不再询问。")
@with_appcontext
def migrate(
    process: str,
    cases: tuple[str, ...],
    release: int | None,
    pairs: tuple[str, ...],
    username: str,
    reason: str,
    dry_run: bool,
    undoing: bool,
    yes: bool,
) -> None:
    owner = open_steps.actor_of_username(username)
    if owner is None:
        raise click.ClickException(f"没有账号 {username}")
    if undoing and not cases:
        raise click.UsageError("--undo 须写明案号。")
    try:
        failed = (
            take_back(cases, reason, owner)
            if undoing
            else change_over(wanted(process, release, pairs, reason, owner), cases, owner, dry_run=dry_run, yes=yes)
        )
    except DomainError as error:
        raise click.ClickException(in_one(error)) from error
    if failed:
        raise SystemExit(1)


def wanted(process: str, number: int | None, pairs: tuple[str, ...], reason: str, owner: Actor) -> "Change":
    """Raises DomainError, click.ClickException."""
    from app.services import migrations  # noqa: PLC0415  (loads the engine)

    known = [line for line in releases.list_releases(owner) if line.process_key == process]
    chosen = next((line for line in known if (line.latest if number is None else line.number == number)), None)
    if chosen is None:
        raise click.ClickException(f"没有流程 {process} 的第{number or ''}版")
    if any("=" not in pair for pair in pairs):
        raise click.UsageError("--map 应写作 OLD=NEW。")
    mapping = {old.strip(): new.strip() for old, _, new in (pair.partition("=") for pair in pairs)}
    return migrations.change_to(chosen.id, mapping=mapping, reason=reason, actor=owner)


def change_over(change: "Change", cases: tuple[str, ...], owner: Actor, *, dry_run: bool, yes: bool) -> int:
    """Plan all, ask, then change one by one. Returns how many were not changed."""
    from app.services import migrations  # noqa: PLC0415  (loads the engine)

    now = datetime.now(UTC)
    found = [migrations.find(key, actor=owner) for key in cases] or [
        id_ for id_, _ in migrations.candidates(change.release_id, actor=owner)
    ]
    possible = []
    for id_ in found:
        plan = migrations.plan(id_, change, now=now)
        tell(plan)
        possible += [id_] if plan.possible else []
    click.echo(f"可以换版{len(possible)}件，不能换版{len(found) - len(possible)}件。")
    if dry_run or not possible:
        return len(found) - len(possible)
    if not yes:
        click.confirm(f"把这{len(possible)}件换到第{change.number}版吗？", abort=True)
    failed = len(found) - len(possible)
    for place, id_ in enumerate(possible, 1):
        try:
            done = migrations.change_one(id_, change, actor=owner, now=datetime.now(UTC))
        except DomainError as error:
            failed += 1
            click.echo(f"[{place}/{len(possible)}] 未换版：{in_one(error)}", err=True)
        else:
            click.echo(f"[{place}/{len(possible)}] {done.number} 已换到第{change.number}版")
    return failed


def take_back(cases: tuple[str, ...], reason: str, owner: Actor) -> int:
    from app.services import migrations  # noqa: PLC0415  (loads the engine)

    failed = 0
    for key in cases:
        try:
            done = migrations.undo(migrations.find(key, actor=owner), reason=reason, actor=owner, now=datetime.now(UTC))
        except DomainError as error:
            failed += 1
            click.echo(f"{key} 未撤销：{in_one(error)}", err=True)
        else:
            click.echo(f"{done.number} 已恢复到第{done.release_number}版")
    return failed


def tell(plan: "Plan") -> None:
    click.echo(f"{plan.number}（第{plan.release_number}版，{'、'.join(plan.standing)}）")
    for why in plan.obstacles:
        click.echo(f"  不能换版：{why}")
    for what in plan.remarks:
        click.echo(f"  {what}")


def in_one(error: DomainError) -> str:
    if isinstance(error, InvalidAnswersError):
        return " ".join(str(sentence) for sentences in error.fields.values() for sentence in sentences)
    return str(error)
