"""`wenze user` and `wenze token`: how people and machines come in."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from app.domain.errors import DomainError
from app.services import accounts, passwords


@click.group(help="接口令牌。")
def token() -> None:
    pass


@token.command(name="create", help="为账号建立接口令牌；令牌只显示这一次。")
@click.argument("username")
@click.option("--name", default="cli", show_default=True, help="令牌的用途。")
@with_appcontext
def create_token(username: str, name: str) -> None:
    try:
        click.echo(accounts.create_token(username, name=name, now=datetime.now(UTC)))
    except DomainError as error:
        raise click.ClickException(str(error)) from error


@click.group(help="账号。")
def user() -> None:
    pass


@user.command(name="create", help="为人员 PERSON 建立账号 USERNAME。")
@click.argument("username")
@click.argument("person")
@click.password_option(help="不写则询问。")
@with_appcontext
def create_user(username: str, person: str, password: str) -> None:
    try:
        passwords.create_account(username, person, password=password, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(str(error)) from error


@user.command(name="password", help="重设密码。")
@click.argument("username")
@click.password_option(help="不写则询问。")
@with_appcontext
def set_password(username: str, password: str) -> None:
    try:
        passwords.set_password(username, password=password, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(str(error)) from error


@user.command(help="停用账号：立即退出，不能再登录，接口令牌失效。")
@click.argument("username")
@with_appcontext
def disable(username: str) -> None:
    set_enabled(username, enabled=False)


@user.command(help="重新启用账号。")
@click.argument("username")
@with_appcontext
def enable(username: str) -> None:
    set_enabled(username, enabled=True)


def set_enabled(username: str, *, enabled: bool) -> None:
    try:
        accounts.set_enabled(username, enabled=enabled, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
