"""The application factory: the one place where the rooms are wired together."""

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask, Request, has_app_context
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from config import Config


class _Sessions(SecureCookieSessionInterface):
    """Flask's own. Who sends no cookie, as no caller of the API does, has nothing that must be unsealed."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


class Application(Flask):
    """Flask with ordinary functions only: none is asked at every request whether it is a coroutine."""

    session_interface = _Sessions()

    def ensure_sync(self, func: "Callable[..., Any]") -> "Callable[..., Any]":
        return func


@contextmanager
def without_collections() -> "Iterator[None]":
    """What is loaded stays: looking through all of it for what might be gone takes a quarter of a start."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@without_collections()
def create_app(config: "Config | None" = None) -> Flask:
    """The application for one configuration; without one it is read from the environment.

    The rooms are imported here, not above: every `import app.something` runs this file, and neither a test of the
    domain nor `wenze --help` should load, or break with, all the screens.
    """
    from app import api, logs, web  # noqa: PLC0415
    from app.extensions import babel, csrf, db, migrate  # noqa: PLC0415
    from app.storage.connections import install_discipline  # noqa: PLC0415

    if config is None:
        from config import Config  # noqa: PLC0415  (read the environment only when nothing was given)

        config = Config.from_environment()
    logs.configure()
    app = Application(__name__)
    configure(app, config)
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    babel.init_app(app, timezone_selector=lambda: "Asia/Shanghai")
    with app.app_context():
        install_discipline(db.engine)
    web.init_app(app)
    api.init_app(app)
    return app


def configure(app: Flask, config: "Config") -> None:
    """Tell the application and every room its settings; the last call counts for the whole process.

    The database is opened by `create_app`.
    """
    from app.documents import scanning  # noqa: PLC0415  (as above)
    from app.law import calendar  # noqa: PLC0415
    from app.seals import provider  # noqa: PLC0415
    from app.services import identity_provider, settings  # noqa: PLC0415
    from app.services.notifying import outlets  # noqa: PLC0415
    from app.storage import calendars, journal  # noqa: PLC0415

    app.config.from_object(config)
    settings.configure(
        data_folder=config.WENZE_DATA,
        root=config.WENZE_ROOT,
        demo=config.WENZE_DEMO,
        secret=config.SECRET_KEY,
        anchors=config.WENZE_ANCHORS,
    )
    outlets.configure(
        url=config.WENZE_URL,
        smtp=config.WENZE_SMTP_URL,
        sender=config.WENZE_MAIL_FROM,
        domains=config.WENZE_MAIL_DOMAINS,
        robots=config.WENZE_IM,
        webhook_hosts=config.WENZE_WEBHOOK_HOSTS,
    )
    identity_provider.configure(config.WENZE_OIDC, url=config.WENZE_URL)
    calendar.use(lambda known: calendars.current(known) if has_app_context() else known)
    journal.use(config.WENZE_JOURNAL_KEYS)
    provider.use(config.WENZE_SEAL_MODULE, config.WENZE_SEAL_KEY_FILE)
    scanning.use(config.WENZE_CLAMD)
