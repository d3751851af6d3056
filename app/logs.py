"""How the program's own log is written: one JSON object a line, whatever was sent to it.

What people typed, asked for or sent may stand in a value; no value ends its line or forges another one. A line that
finds no room (a full disk, a pipe that nobody reads any more) is lost, and nothing that was to be done with it.
"""

import logging
import sys
from contextlib import suppress
from typing import Any

import structlog

_ON_EVERY_LINE = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    structlog.processors.format_exc_info,
)
_AS_JSON = structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True)


def configure() -> None:
    """Set both ways of logging to it: structlog on standard output, the standard library's on standard error."""
    structlog.configure(
        processors=[*_ON_EVERY_LINE, _AS_JSON],
        logger_factory=lambda *_: _Printer(),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, _OneLineHandler) for handler in root.handlers):
        root.addHandler(_OneLineHandler())


class _Printer(structlog.PrintLogger):
    """Writes to standard output as it is at that moment. The standard library's handlers raise nothing either."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


class _OneLineHandler(logging.StreamHandler[Any]):
    """Writes to standard error as it is at that moment, which a test or a supervisor may have exchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _AS_JSON],
                foreign_pre_chain=_ON_EVERY_LINE,
            )
        )

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)
