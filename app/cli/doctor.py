"""`wenze doctor`: is everything in place that the product needs on this machine?"""

import os
import sys
from collections.abc import Callable
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.queries import schema


@click.command(help="检查运行环境，逐项说明；有问题时以非零状态结束。")
@with_appcontext
def doctor() -> None:
    failed = [name for name, check in CHECKS.items() if not report(name, check)]
    if failed:
        raise SystemExit(1)


def report(name: str, check: Callable[[], str]) -> bool:
    """Run one check, say how it went; true when it went well."""
    try:
        click.echo(f"正常  {name}：{check()}")
    except (OSError, LookupError, RuntimeError, SQLAlchemyError) as error:
        click.echo(f"异常  {name}：{str(error).partition(chr(10))[0]}", err=True)
        return False
    return True


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


def database() -> str:
    with db.engine.connect() as connection:
        version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
        return f"{connection.dialect.name} {version}"


def schema_version() -> str:
    state = schema.state(current_app.config["WENZE_ROOT"])
    if not state.is_current:
        raise RuntimeError(f"现为 {state.current}，应为 {state.head}，请运行 wenze db upgrade")
    return state.head or "-"


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
    "前端文件": bundle,
    "时区数据": time_zone,
}
