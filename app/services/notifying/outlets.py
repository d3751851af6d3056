"""Which ways out of the product this installation has, set once by the application factory. None unless configured."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.domain.errors import N_, ConflictError
from app.domain.notifications import Channel

ROBOTS = {
    Channel.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
    Channel.DINGTALK: "https://oapi.dingtalk.com/robot/send",
    Channel.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook",
}
"""Where the makers take what robots say; an office with a server of its own names that."""

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_KEY = re.compile(r"[A-Za-z0-9_-]{8,128}")


@dataclass(frozen=True, slots=True)
class Outlets:
    url: str = ""
    """Where people reach the product; links begin with it."""
    smtp: str | None = field(default=None, repr=False)
    sender: str = ""
    domains: tuple[str, ...] = ()
    robots: Mapping[Channel, str] = field(default_factory=dict)
    webhook_hosts: tuple[str, ...] = ()

    def channels(self) -> tuple[Channel, ...]:
        """Those that work here, in the order of the list."""
        mail = {Channel.EMAIL} if self.smtp and self.sender else set()
        hooks = {Channel.WEBHOOK} if self.webhook_hosts else set()
        open_ones = mail | set(self.robots) | hooks
        return tuple(channel for channel in Channel if channel in open_ones)

    def ensure_address(self, channel: Channel, address: str) -> None:
        """Whether something may be sent there. Raises ConflictError with what is wrong.

        A person names only the key of a robot, and a webhook only on hosts that the operator has listed: nobody makes
        this server speak to a place of his choice.
        """
        if channel not in self.channels():
            raise ConflictError(N_("本系统没有开通这种接收方式，请联系系统管理员。"))
        if channel is Channel.EMAIL:
            self._ensure_mail(address)
        elif channel is Channel.WEBHOOK:
            self._ensure_hook(address)
        elif not _KEY.fullmatch(address):
            raise ConflictError(N_("机器人密钥只含字母、数字、“-”和“_”，请从机器人设置页复制，不要填整个网址。"))

    def _ensure_mail(self, address: str) -> None:
        if not _ADDRESS.fullmatch(address):
            raise ConflictError(N_("邮箱地址的格式不正确，例如 zhangsan@example.gov.cn。"))
        domain = address.rpartition("@")[2].lower()
        if self.domains and domain not in self.domains:
            allowed = "、".join(self.domains)
            raise ConflictError(N_("只能使用以下域名的邮箱：%(domains)s。"), domains=allowed)

    def _ensure_hook(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or parts.username or not parts.hostname or len(address) > 500:
            raise ConflictError(N_("回调地址应当是 https:// 开头的网址。"))
        if parts.netloc.lower() not in self.webhook_hosts:
            hosts = "、".join(self.webhook_hosts)
            raise ConflictError(N_("回调地址只能在以下主机上：%(hosts)s。"), hosts=hosts)


_outlets = [Outlets()]


def configure(
    *,
    url: str,
    smtp: str | None,
    sender: str,
    domains: Sequence[str],
    robots: Mapping[str, str],
    webhook_hosts: Sequence[str],
) -> None:
    """Take the deployment's word. Raises ValueError for a robot that nobody knows."""
    known = {Channel(name.upper()): address for name, address in robots.items()}
    if not known.keys() <= ROBOTS.keys():
        raise ValueError(f"no robots: {sorted(set(known) - set(ROBOTS))}")
    _outlets[0] = Outlets(
        url=url,
        smtp=smtp,
        sender=sender,
        domains=tuple(domains),
        robots={channel: address or ROBOTS[channel] for channel, address in known.items()},
        webhook_hosts=tuple(webhook_hosts),
    )


def outlets() -> Outlets:
    return _outlets[0]


def any_open() -> bool:
    """Whether anything can leave at all."""
    return bool(outlets().channels())
