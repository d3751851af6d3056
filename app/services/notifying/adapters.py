"""One way out each: takes an address and a message, and either has handed it over or raises. Knows no database.

Robots answer 200 whatever happened and say in the body whether they took the message, so the body is read. Nothing is
followed to another address. The id goes with everything, for receivers that drop repeats.
"""

import json
import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from app.domain.notifications import Channel
from app.services.notifying.outlets import Outlets

TIMEOUT = 15
"""Seconds for a connection and for each answer; a lease is much longer."""
MOST_ANSWER = 65536
_TRY_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


@dataclass(frozen=True, slots=True)
class Message:
    """What is told. It names a case and a step, never a person who answers in it."""

    id: str
    subject: str
    text: str
    link: str
    at: datetime
    data: Mapping[str, Any]
    """The same for machines."""


class SendingError(Exception):
    """It was not taken. Begins with a word of `domain.notifications.WHY`. `for_good`: trying again would not help."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


def send(channel: Channel, address: str, message: Message, *, outlets: Outlets) -> None:
    """Hand the message over. Raises SendingError."""
    _WAYS[channel](address, message, outlets)


# ---- mail


def _mail(address: str, message: Message, outlets: Outlets) -> None:
    try:
        with closing(_connection(outlets.smtp or "")) as server:
            refused = server.send_message(_letter(address, message, outlets))
            if refused:
                raise SendingError("RECIPIENT", for_good=True)
            server.quit()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise SendingError(f"RECIPIENT {codes[0]}", for_good=all(code >= 500 for code in codes)) from error
    except smtplib.SMTPResponseException as error:
        raise SendingError(f"MAIL {error.smtp_code}", for_good=error.smtp_code in (550, 551, 553)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendingError(f"MAIL {type(error).__name__}") from error


def _connection(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, secure = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=secure)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    try:
        server.ehlo()
        if parts.scheme == "smtp+starttls" or (parts.scheme == "smtp" and server.has_extn("starttls")):
            server.starttls(context=secure)
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _letter(address: str, message: Message, outlets: Outlets) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = outlets.sender, address, _one_line(message.subject)
    letter["Date"] = format_datetime(message.at)
    domain = outlets.sender.rpartition("@")[2].strip("> ") or "wenze"
    letter["Message-ID"] = f"<{message.id}@{domain}>"
    letter["X-Wenze-Delivery"] = message.id
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    return letter


def _one_line(text: str) -> str:
    """Words for a head of a mail: the name of an organ or a step may hold a line break, or one that is encoded (`=?`),
    which would begin a head of its own."""
    return " ".join(text.split()).replace("=?", "= ?")


# ---- robots and webhooks


def _wecom(key: str, message: Message, outlets: Outlets) -> None:
    body = {"msgtype": "text", "text": {"content": message.text}}
    _ensure_zero(_post(_with(outlets.robots[Channel.WECOM], key=key), body, message), "errcode")


def _dingtalk(key: str, message: Message, outlets: Outlets) -> None:
    body = {"msgtype": "text", "text": {"content": message.text}}
    _ensure_zero(_post(_with(outlets.robots[Channel.DINGTALK], access_token=key), body, message), "errcode")


def _feishu(key: str, message: Message, outlets: Outlets) -> None:
    body = {"msg_type": "text", "content": {"text": message.text}, "uuid": message.id}
    _ensure_zero(_post(f"{outlets.robots[Channel.FEISHU]}/{quote(key)}", body, message), "code")


def _webhook(address: str, message: Message, outlets: Outlets) -> None:
    text = {"id": message.id, "subject": message.subject, "text": message.text, "link": message.link}
    _post(address, {**text, **message.data}, message)


def _with(url: str, **query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = build_opener(_NoRedirect(), ProxyHandler())


def _post(url: str, body: Mapping[str, Any], message: Message) -> Any:
    """The answer as JSON, None where it is none."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": message.id,
        "X-Wenze-Delivery": message.id,
        "User-Agent": "wenze",
    }
    request = Request(url, json.dumps(body, ensure_ascii=False).encode(), headers, method="POST")
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            content = answer.read(MOST_ANSWER)
    except HTTPError as error:
        for_good = 300 <= error.code < 500 and error.code not in _TRY_LATER
        error.close()
        raise SendingError(f"HTTP {error.code}", for_good=for_good) from None
    except (URLError, OSError, ValueError) as error:
        # never with the address: it holds the key
        raise SendingError(f"SILENT {type(getattr(error, 'reason', error)).__name__}") from None
    try:
        return json.loads(content)
    except ValueError:
        return None


def _ensure_zero(answer: Any, field: str) -> None:
    code = answer.get(field) if isinstance(answer, dict) else None
    if code != 0:
        raise SendingError(f"ROBOT {field} {code}")


_WAYS: Mapping[Channel, Callable[[str, Message, Outlets], None]] = {
    Channel.EMAIL: _mail,
    Channel.WECOM: _wecom,
    Channel.DINGTALK: _dingtalk,
    Channel.FEISHU: _feishu,
    Channel.WEBHOOK: _webhook,
}
