"""Keeps tests off the network: only this machine's own addresses can be reached."""

import ipaddress
import socket
from typing import Any

_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


class NetworkBlockedError(RuntimeError):
    """A test tried to leave the machine."""


def is_own(host: object) -> bool:
    """Loopback, by name or number."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def _check(address: object) -> None:
    if isinstance(address, tuple) and not is_own(address[0]):
        raise NetworkBlockedError(f"tests may not connect to {address[0]}")


def block() -> None:
    """From now on every connection or look-up that would leave the machine raises NetworkBlockedError."""

    def connect(self: socket.socket, address: Any) -> None:
        _check(address)
        return _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _check(address)
        return _connect_ex(self, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_own(host):
            raise NetworkBlockedError(f"tests may not look up {host}")
        return _getaddrinfo(host, *args, **kwargs)

    socket.socket.connect = connect  # type: ignore[method-assign]
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = getaddrinfo


def unblock() -> None:
    """Undo `block`."""
    socket.socket.connect, socket.socket.connect_ex = _connect, _connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = _getaddrinfo
