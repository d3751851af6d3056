"""What a web process would otherwise do while its first caller waits, done beside the first requests after its start.

Not before: the first answer of a start would come later. Until it is done the process does not say that it is ready.
"""

import gc
import re
from threading import Event, Thread

import structlog
from babel import Locale
from flask import Flask

from app.services import warming

PAGES = ("task.html", "inbox.html")
"""Those that everybody opens first."""
EXTENSION = "wenze-warm-up"
"""Name under which the web server finds what it is to call (`gunicorn.conf.py`)."""
ROOMY = (2_000, 10, 5)
"""New objects between two collections of the youngest; how many of these between two of the older, and so on."""
_NAMED = re.compile(r"""\{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
_under_way = Event()
log = structlog.get_logger()


def is_warm() -> bool:
    """Whether this process has nothing under way."""
    return not _under_way.is_set()


def init_app(app: Flask) -> None:
    app.extensions[EXTENSION] = lambda: _begin(app)


def _begin(app: Flask) -> None:
    _under_way.set()
    Thread(target=_warm_up, args=(app,), name="warming", daemon=True).start()


def _warm_up(app: Flask) -> None:
    try:
        with app.app_context():
            warming.start_interpreter()
            warming.parse_releases()
        compile_pages(app)
        Locale.parse(app.config["BABEL_DEFAULT_LOCALE"]).date_formats  # noqa: B018  (read from its files when asked for)
        settle()
    except Exception:  # whoever needs what could not be done is told then
        log.exception("not warmed up", action="start")
    finally:
        _under_way.clear()


def settle() -> None:
    """What is made by now stays for good: definitions, forms, pages. No collection looks through it any more, and since
    a click leaves hardly any cycles behind, collections come less often than by default."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*ROOMY)


def compile_pages(app: Flask) -> None:
    """With all the parts that they name."""
    environment, ahead, known = app.jinja_env, list(PAGES), set(PAGES)
    while ahead:
        name = ahead.pop()
        environment.get_template(name)
        source = environment.loader.get_source(environment, name)[0] if environment.loader else ""
        named = set(_NAMED.findall(source)) - known
        known |= named
        ahead += named
