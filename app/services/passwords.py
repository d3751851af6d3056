"""Passwords: what the policy asks of a new one, and choosing one's own."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotFoundError, Sentence
from app.domain.security_rules import SecurityRules
from app.extensions import db
from app.services.accounts import digest_of, hash_password, matches
from app.storage import accounts as rows
from app.storage import journal, security_rules
from app.storage.models import Account, Organ, Person, UsedPassword
from app.storage.organisation import record_account
from app.storage.transaction import transaction

MOST_COMMON = 3000
KINDS = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
LONGEST = 256


@cache
def common() -> frozenset[str]:
    """The passwords that are guessed first."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415  (12 MB, which a process without a choice saves)

    return frozenset(FREQUENCY_LISTS["passwords"][:MOST_COMMON])


def problem_of(password: str, rules: SecurityRules, *, words: frozenset[str] = frozenset()) -> Sentence | None:
    """Why the policy refuses the password; None for a good one. `words`: of the person and his organ, lower case."""
    length, kinds = rules.of("password_length"), rules.of("password_kinds")
    if len(password) > LONGEST:
        return Sentence(N_("密码不超过256位。"))
    if len(password) < length or sum(any(map(kind, password)) for kind in KINDS) < kinds:
        return Sentence(
            N_("密码至少%(length)s位，并包含大写字母、小写字母、数字、符号中的%(kinds)s类。"),
            length=length,
            kinds=kinds,
        )
    if not rules.of("password_words"):
        return None
    plain = password.casefold()
    if not common().isdisjoint((plain, plain.strip("0123456789!@#$%^&*._-+=?~"))):
        return Sentence(N_("这是常见密码，容易被猜到，请换一个。"))
    if any(word in plain for word in words):
        return Sentence(N_("密码不能包含账号、姓名或机关名称，请换一个。"))
    return None


def words_of(account: Account) -> frozenset[str]:
    """What stands for the person and is guessed first: account, name, organ; nothing shorter than two signs."""
    person = db.session.get_one(Person, account.person_id)
    organ = db.session.get(Organ, person.organ_id) if person.organ_id else None
    named = (*account.username.split("."), account.username, person.name, organ.name if organ else "")
    short = (organ.short_name if organ else "", organ.code if organ else "")
    found = {word.casefold() for word in (*named, *short)}
    return frozenset(word for word in found if len(word) > 3 or (len(word) > 1 and not word.isascii()))


def is_due(actor: Actor, *, now: datetime) -> bool:
    """Whether nothing else is done before the password is changed: somebody else chose it, or it is too old.

    Who came in without one is not asked for it; the next time that he uses it he is.
    """
    if actor.by_provider:
        return False
    if actor.must_change:
        return True
    days = security_rules.kept().of("password_days") if actor.password_set_at else 0
    return bool(days and actor.password_set_at and now - actor.password_set_at > timedelta(days=days))


def change_own(old: str, *, new: str, again: str, cookie: str, actor: Actor, now: datetime) -> None:
    """Choose a new password; all other sessions of the account end. Raises InvalidAnswersError by field."""
    account = rows.find_account(actor.username)
    knows = account is not None and matches(account.password_hash, old)
    with transaction():
        account = db.session.get_one(Account, actor.username, with_for_update=True)
        problems = _problems(account, old, new, again, knows)
        if problems:
            raise InvalidAnswersError(problems)
        keep(account, hash_password(new), now=now)
        account.must_change = False
        rows.end_other_sessions(actor.username, digest_of(cookie))
        journal.write_administrative(
            "accounts", actor=actor.username, act="password", object_=actor.username, payload={}, now=now
        )


def _problems(account: Account, old: str, new: str, again: str, knows: bool) -> dict[str, list[Sentence | str]]:
    rules = security_rules.current()
    problems: dict[str, list[Sentence | str]] = {}
    if not knows:
        problems["old"] = [N_("原密码不正确。")]
    if problem := problem_of(new, rules, words=words_of(account)):
        problems["new"] = [problem]
    elif new == old or _was_used(account, new, rules.of("password_history")):
        count = max(1, rules.of("password_history"))
        problems["new"] = [Sentence(N_("不能与最近%(count)s次用过的密码相同。"), count=count)]
    if new != again:
        problems["again"] = [N_("两次输入的新密码不一致。")]
    return problems


def _was_used(account: Account, password: str, count: int) -> bool:
    """Whether it is one of the newest `count` passwords, the present one among them."""
    if not count:
        return False
    newest = select(UsedPassword.password_hash).where(UsedPassword.username == account.username)
    before = db.session.scalars(newest.order_by(UsedPassword.id.desc()).limit(count - 1)).all()
    return any(matches(stored, password) for stored in (account.password_hash, *before))


def keep(account: Account, hashed: str, *, now: datetime) -> None:
    """Inside a transaction: the account has a new password, the old one is remembered as used."""
    used = UsedPassword(username=account.username, password_hash=account.password_hash)
    used.set_at = account.password_set_at or account.created_at
    db.session.add(used)
    account.password_hash, account.password_set_at = hashed, now


def demands() -> SecurityRules:
    """The policy in force, for who chooses a password."""
    return security_rules.current()


def create_account(username: str, person_id: str, *, password: str, now: datetime) -> None:
    """An account for a person, by an operator at the console: its password is changed with the first sign-in.

    Raises NotFoundError for an unknown person, ConflictError for a taken name or a password that is not good enough.
    """
    with transaction():
        if db.session.get(Person, person_id) is None:
            raise NotFoundError(N_("没有编号为“%(person)s”的人员。"), person=person_id)
        if db.session.get(Account, username) is not None:
            raise ConflictError(N_("账号“%(username)s”已存在。"), username=username)
        account = record_account(username, "", person_id=person_id, now=now, must_change=True, ages=True)
        _ensure_good(account, password)
        account.password_hash = hash_password(password)
        journal.write_administrative("accounts", actor="system", act="create", object_=username, payload={}, now=now)


def set_password(username: str, *, password: str, now: datetime) -> None:
    """A new password by an operator at the console, to be changed with the next sign-in; all sessions end.

    Raises NotFoundError, ConflictError for a password that is not good enough.
    """
    with transaction():
        account = db.session.get(Account, username, with_for_update=True)
        if account is None:
            raise NotFoundError(N_("没有名为“%(username)s”的账号。"), username=username)
        _ensure_good(account, password)
        keep(account, hash_password(password), now=now)
        account.must_change = True
        rows.end_sessions(username)
        journal.write_administrative("accounts", actor="system", act="password", object_=username, payload={}, now=now)


def _ensure_good(account: Account, password: str) -> None:
    """Raises ConflictError."""
    if problem := problem_of(password, security_rules.current(), words=words_of(account)):
        raise ConflictError(problem.id, **problem.values)
