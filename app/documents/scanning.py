"""An optional virus scanner: clamd, asked over its socket (INSTREAM). Set and silent: nothing is taken in."""

import socket
import struct
from pathlib import Path

from app.domain.errors import N_, InvalidFileError

PATIENCE = 20.0
"""Seconds for connecting, and for each answer."""
_PIECE = 1 << 16
_address = ""


def use(address: str) -> None:
    """`/path/of/socket` or `host:port`; empty: nothing is scanned."""
    global _address
    _address = address


def ensure_clean(content: bytes, *, name: str) -> None:
    """Raises InvalidFileError: the scanner found something, or gave no answer (the file is refused then too)."""
    if not _address:
        return
    try:
        answer = _asked(content)
    except OSError as error:
        raise InvalidFileError(N_("病毒查杀服务没有应答，暂不能接收文件，请稍后再试。")) from error
    if answer.endswith("FOUND"):
        raise InvalidFileError(N_("文件“%(name)s”没有通过病毒查杀，不能接收。"), name=name)
    if not answer.endswith("OK"):
        raise InvalidFileError(N_("病毒查杀服务没有应答，暂不能接收文件，请稍后再试。"))


def _asked(content: bytes) -> str:
    with _connected() as connection:
        connection.sendall(b"zINSTREAM\0")
        for begin in range(0, len(content), _PIECE):
            piece = content[begin : begin + _PIECE]
            connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(struct.pack("!L", 0))
        answer = b""
        while b"\0" not in answer and (more := connection.recv(4096)) and len(answer) < 10_000:
            answer += more
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connected() -> socket.socket:
    if Path(_address).is_absolute():
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(PATIENCE)
        try:
            connection.connect(_address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = _address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)
