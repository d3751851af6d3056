"""`wenze doctor`: is everything in place on this machine, and does every running proceeding stand as its tables say?"""

import getpass
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import DomainError
from app.domain.examination import Finding, Gravity
from app.extensions import db
from app.queries import inbox, schema

WORDS = {Gravity.NOTE: "提示", Gravity.WARNING: "注意", Gravity.ERROR: "错误"}
SHOWN = 3
"""Findings of one kind that are listed one by one; the rest is counted unless `--all` is given."""


@dataclass
class Report:
    """What was found and mended; the machine's checks as (name, in order, words)."""

    machine: list[tuple[str, bool, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def status(self) -> int:
        """0: nothing but notes; 1: somebody waits; 2: something contradicts itself, or the machine is not in order."""
        if not all(well for _, well, _ in self.machine):
            return int(Gravity.ERROR)
        return int(max((finding.gravity for finding in self.findings), default=Gravity.NOTE))


@click.command(
    help="检查运行环境和每一件在办案件，逐项说明。只读；--fix 修复可以自动修复的。可以只检查指定案号 PROCEEDING。"
    " 退出码：0 正常，1 有需要注意的，2 有错误。"
)
@click.argument("proceedings", nargs=-1, metavar="[PROCEEDING]...")
@click.option("--fix", is_flag=True, help="修复可以自动修复的问题；每件单独提交，写入办理经过和操作日志。")
@click.option("--yes", is_flag=True, help="修复前不再询问。")
@click.option("--all", "everything", is_flag=True, help="同类问题全部列出。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@with_appcontext
def doctor(proceedings: tuple[str, ...], fix: bool, yes: bool, everything: bool, as_json: bool) -> None:
    if fix and as_json and not yes:
        raise click.UsageError("--json 与 --fix 同用时须加 --yes。")
    report = Report(machine=[] if proceedings else [checked(name, check) for name, check in CHECKS.items()])
    if all(well for _, well, _ in report.machine):
        report.findings = examined(proceedings)
    if not as_json:
        tell(report, everything=everything)
    if fix:
        mend(report, proceedings, yes=yes)
    if as_json:
        click.echo(json.dumps(as_data(report), ensure_ascii=False, indent=1))
    raise SystemExit(report.status)


# ---- the proceedings


def examined(proceedings: Sequence[str]) -> list[Finding]:
    """Everything found; what belongs to no proceeding only where none was named."""
    from app.services import examination  # noqa: PLC0415  (loads the engine; the machine is checked without it)

    now = datetime.now(UTC)
    found = list(examination.examine_many(proceedings, now=now))
    return found if proceedings else [*found, *examination.examine_surroundings(now=now)]


def mend(report: Report, proceedings: Sequence[str], *, yes: bool) -> None:
    """Mend after asking; then examine again, so that the exit status tells what is left."""
    mendable = [finding for finding in report.findings if finding.mendable]
    if not mendable:
        return
    ids = list(dict.fromkeys(finding.proceeding_id for finding in mendable if finding.proceeding_id))
    if not yes:
        click.confirm(f"有{len(mendable)}处可以修复，涉及{len(ids)}件。现在修复吗？", abort=True, err=True)
    mend_each(report, ids, mendable)
    for words in report.mended:
        click.echo(f"已修复  {words}", err=True)
    for number, why in report.refused:
        click.echo(f"未修复  {number}：{why}", err=True)
    report.findings = examined(proceedings)
    click.echo(f"复查：还有{len(report.findings)}处。", err=True)


def mend_each(report: Report, ids: Iterable[str], mendable: Sequence[Finding]) -> None:
    """Each proceeding on its own: one that cannot be mended stops no other."""
    from app.services import mending  # noqa: PLC0415  (as in `examined`)

    by, now = who(), datetime.now(UTC)
    numbers = {finding.proceeding_id: finding.number for finding in mendable}
    for id_ in ids:
        try:
            codes = mending.mend(id_, by=by, now=now)
        except DomainError as refusal:
            report.refused.append((numbers[id_], str(refusal)))
        else:
            report.mended.append(f"{numbers[id_]}：{'、'.join(codes)}")
    report.mended.extend(str(finding) for finding in mending.mend_surroundings(mendable, by=by, now=now))


def who() -> str:
    """The account of the machine that asked; the journal keeps it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "wenze"


# ---- how it is told


def tell(report: Report, *, everything: bool) -> None:
    for name, well, words in report.machine:
        click.echo(f"{'正常' if well else '异常'}  {name}：{words}", err=not well)
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in sorted(report.findings, key=lambda finding: (-finding.gravity, finding.code)):
        groups[finding.code].append(finding)
    for code, found in groups.items():
        tell_group(code, found, everything=everything)
    if not report.findings and all(well for _, well, _ in report.machine):
        click.echo("正常  案件：没有发现问题")


def tell_group(code: str, found: Sequence[Finding], *, everything: bool) -> None:
    kind = found[0].kind
    click.echo(f"\n{WORDS[kind.gravity]}  {code}（{len(found)}处）")
    for finding in found if everything else found[:SHOWN]:
        click.echo(f"  {finding.number or finding.place}  {finding.sentence}{finding.obstacle}")
    if len(found) > SHOWN and not everything:
        click.echo(f"  另有{len(found) - SHOWN}处，加 --all 全部列出。")
    click.echo(f"  影响：{kind.why}")
    click.echo(f"  处理：{kind.remedy}")


def as_data(report: Report) -> dict[str, object]:
    return {
        "status": report.status,
        "machine": [{"check": name, "well": well, "words": words} for name, well, words in report.machine],
        "findings": [
            {
                "code": finding.code,
                "gravity": finding.gravity.name,
                "proceeding": finding.proceeding_id,
                "number": finding.number,
                "place": finding.place,
                "what": finding.sentence,
                "why": finding.kind.why,
                "remedy": finding.kind.remedy,
                "mendable": finding.mendable,
            }
            for finding in report.findings
        ],
        "mended": report.mended,
        "refused": [{"number": number, "why": why} for number, why in report.refused],
    }


# ---- the machine


def checked(name: str, check: Callable[[], str]) -> tuple[str, bool, str]:
    """One check: its name, whether it went well, and what there is to say."""
    try:
        return name, True, check()
    except (OSError, LookupError, RuntimeError, SQLAlchemyError) as error:
        return name, False, str(error).partition(chr(10))[0]


def python_version() -> str:
    return sys.version.partition(" ")[0]


def data_folder() -> str:
    data = current_app.config["WENZE_DATA"]
    if not os.access(data, os.W_OK):
        raise PermissionError(f"{data} 不可写")
    key = data / "secret.key"
    if key.exists() and key.stat().st_mode & 0o077:
        raise PermissionError(f"{key} 可被他人读取，请执行 chmod 600 {key}")
    return str(data)


def seal_keys() -> str:
    """Whether everything that lies sealed can be opened, as far as its keys tell."""
    from app.services import keys  # noqa: PLC0415  (as in `examined`)

    file = current_app.config["WENZE_SEAL_KEY_FILE"]
    if file.exists() and file.stat().st_mode & 0o077:
        raise PermissionError(f"{file} 可被他人读取，请执行 chmod 600 {file}")
    try:
        found = keys.census()
    except DomainError as error:
        raise RuntimeError(str(error)) from error
    if found.lost:
        raise RuntimeError(f"缺少密钥 {'、'.join(found.lost)}，用它加密的内容打不开，请找回密钥文件 {file}")
    left = f"，{found.left} 项尚未换用，可运行 wenze keys reseal" if found.left else ""
    return f"{len(found.known)} 个，现用 {found.current}{left}"


def database() -> str:
    with db.engine.connect() as connection:
        version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
        return f"{connection.dialect.name} {version}"


def schema_version() -> str:
    state = schema.state(current_app.config["WENZE_ROOT"])
    if not state.is_current:
        raise RuntimeError(f"现为 {state.current}，应为 {state.head}，请运行 wenze db upgrade")
    return state.head or "-"


def box_counts() -> str:
    if wrong := inbox.wrong_boxes():
        raise RuntimeError(f"{len(wrong)} 处与事项不符（{wrong[0]}…），请运行 wenze db recount")
    return "与事项一致"


def bundle() -> str:
    folder = current_app.config["WENZE_ROOT"] / "app" / "static" / "dist"
    if not any(folder.glob("*.js")):
        raise FileNotFoundError("前端文件尚未生成，请运行 make setup")
    return f"{len(list(folder.glob('*')))} 个文件"


def time_zone() -> str:
    return str(ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"]))


CHECKS: dict[str, Callable[[], str]] = {
    "Python": python_version,
    "数据目录": data_folder,
    "数据库": database,
    "数据库结构": schema_version,
    "工作台件数": box_counts,
    "加密密钥": seal_keys,
    "前端文件": bundle,
    "时区数据": time_zone,
}
