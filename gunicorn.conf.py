"""How `wenze serve` runs gunicorn; figures are seconds unless said."""

import gc
import os
from typing import Any

from app.cli.request_log import RequestLogger

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
# Work is mostly processor time, so a few processes; threads only keep idle browser connections from occupying one.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 20
keepalive = 5

# Loaded once and forked: a worker that dies is replaced in an instant. What does not survive a fork is made on first
# use in the worker: database connections, and the JavaScript isolate that evaluates FEEL.
preload_app = True
# The heartbeat file belongs in memory: on a slow disk a worker would look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True

logger_class = RequestLogger
accesslog = "-" if os.environ.get("WENZE_ACCESS_LOG", "0") == "1" else None
access_log_format = (
    '{"at":"%(t)s","method":"%(m)s","path":"%(U)s","status":%(s)s,"bytes":%(B)s,"ms":%(M)s,'
    '"request":"%({x-request-id}o)s","pid":"%(p)s"}'
)
errorlog = "-"
loglevel = "warning"


def when_ready(_server: object) -> None:
    """Before the workers are forked: no collection of theirs writes its marks into what all of them share."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """A worker begins: what it will need is made beside its first requests (`app.web.warming`)."""
    getattr(worker.wsgi, "extensions", {}).get("wenze-warm-up", lambda: None)()
