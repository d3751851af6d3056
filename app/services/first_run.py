"""首次运行: the three administrators of a new system are made once, by who reads its console."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.domain.administrators import ADMINISTRATORS
from app.domain.errors import N_, InvalidAnswersError, NotFoundError, Sentence
from app.domain.security_rules import STRICT, SecurityRules
from app.services import settings
from app.services.accounts import hash_password
from app.services.passwords import problem_of
from app.storage import administration as found
from app.storage import journal, organisation, security_rules
from app.storage.transaction import transaction


@dataclass(frozen=True, slots=True)
class NewAdministrator:
    name: str
    username: str
    password: str
    again: str


def is_open() -> bool:
    """Whether there is no administrator yet, and this is no demonstration."""
    return not settings.is_demo() and not found.has_administrator()


def draw_code() -> str | None:
    """A new one-time code for the console, where the first run is still to come; earlier ones are void then."""
    if not is_open():
        return None
    code = "-".join(secrets.token_hex(2) for _ in range(5))
    file = _file()
    file.touch(mode=0o600)
    file.write_text(_digest(code), "ascii")
    return code


def set_up(code: str, people: Mapping[str, NewAdministrator], *, now: datetime) -> None:
    """Make the three, by role. Raises NotFoundError once there is one, InvalidAnswersError by `role.field`."""
    if not is_open():
        raise NotFoundError
    problems = _problems(code, people)
    if problems:
        raise InvalidAnswersError(problems)
    hashed = {role: hash_password(one.password) for role, one in people.items()}
    with transaction():
        journal.write_administrative("accounts", actor="system", act="set up", object_="", payload={}, now=now)
        if found.has_administrator():  # the journal's lock was held by somebody who was faster
            raise NotFoundError
        for role, one in people.items():
            organisation.record_person(one.username, name=one.name.strip())
            organisation.record_account(one.username, hashed[role], now=now, ages=True)
            found.record_administrator(one.username, role, organ_id=None, by="system", now=now)
        for name, value in STRICT.items():
            security_rules.set_rule(name, value, by="system", now=now)
    _file().unlink(missing_ok=True)


def _problems(code: str, people: Mapping[str, NewAdministrator]) -> dict[str, list[Sentence | str]]:
    problems: dict[str, list[Sentence | str]] = {}
    file = _file()
    stored = file.read_text("ascii") if file.exists() else ""
    if not hmac.compare_digest(stored, _digest(code.strip().lower())):
        problems["code"] = [N_("一次性代码不正确；它在启动系统的控制台上，每次启动都会更换。")]
    for role in ADMINISTRATORS:
        problems |= {f"{role}.{name}": said for name, said in _problems_of(people[role]).items()}
    for field in ("username", "name", "password"):
        if len({getattr(one, field) for one in people.values()}) < len(people):
            problems[f"{ADMINISTRATORS[-1]}.{field}"] = [N_("三名管理员必须是三个人，账号、姓名和密码各不相同。")]
    return problems


def _problems_of(one: NewAdministrator) -> dict[str, list[Sentence | str]]:
    problems: dict[str, list[Sentence | str]] = {}
    try:
        found.ensure_filled({"name": one.name, "username": one.username}, ids=("username",))
    except InvalidAnswersError as error:
        problems |= error.fields
    words = frozenset(word.casefold() for word in (one.name, one.username) if len(word) > 1)
    if problem := problem_of(one.password, SecurityRules({}), words=words):
        problems["password"] = [problem]
    if one.password != one.again:
        problems["again"] = [N_("两次输入的密码不一致。")]
    return problems


def _file() -> Path:
    return settings.data_folder() / "setup.code"


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
