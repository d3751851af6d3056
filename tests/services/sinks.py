"""What stands outside in tests: a mail server and a web server on loopback that keep what they are given."""

import email
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Sink:
    """Where it listens, what came, and what it says next (the first of `answers`, else that all is well)."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    posts: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)


@contextmanager
def mail_sink() -> Iterator[Sink]:
    """Just enough of SMTP. An answer is the reply to RCPT."""
    sink = Sink()

    class Conversation(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 sink")
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "QUIT":
                    return self.say("221 bye")
                if verb == "RCPT" and sink.answers:
                    self.say(sink.answers.pop(0))
                elif verb == "DATA":
                    self.say("354 go on")
                    self.take()
                else:
                    self.say("250 ok")
            return None

        def take(self) -> None:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            letter = email.message_from_bytes(b"".join(lines), policy=default)
            assert isinstance(letter, EmailMessage)
            sink.letters.append(letter)
            self.say("250 taken")

    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation), sink):
        yield sink


@contextmanager
def web_sink() -> Iterator[Sink]:
    """Takes every POST. An answer is a status, or the JSON of a robot."""
    sink = Sink()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            sink.posts.append((self.path, dict(self.headers), body))
            said = sink.answers.pop(0) if sink.answers else {"errcode": 0, "code": 0}
            content = json.dumps(said).encode() if isinstance(said, dict) else b""
            self.send_response(200 if isinstance(said, dict) else said)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Answer), sink):
        yield sink


@contextmanager
def _running(server: socketserver.TCPServer, sink: Sink) -> Iterator[None]:
    sink.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
