"""How `wenze serve` runs gunicorn; figures are seconds unless said."""

import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
# Work is mostly processor time, so a few processes; threads only keep idle browser connections from occupying one.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 20
keepalive = 5

# Every worker builds its own application: the JavaScript isolate that evaluates FEEL has threads, and threads do not
# survive a fork. Nothing may therefore be loaded before the fork.
preload_app = False
# The heartbeat file belongs in memory: on a slow disk a worker would look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True

accesslog = "-" if os.environ.get("WENZE_ACCESS_LOG", "0") == "1" else None
access_log_format = (
    '{"at":"%(t)s","method":"%(m)s","path":"%(U)s","status":%(s)s,"bytes":%(B)s,"ms":%(M)s,'
    '"request":"%({x-request-id}o)s","pid":"%(p)s"}'
)
errorlog = "-"
loglevel = "warning"


def post_worker_init(worker: Any) -> None:
    """Start with no database connection that was opened while the application was being built."""
    from app.extensions import db  # noqa: PLC0415  (only a worker may load the application)

    with worker.wsgi.app_context():
        db.engine.dispose()
