"""The application factory: the one place where the rooms are wired together."""

from typing import TYPE_CHECKING

from flask import Flask

from app import api, web
from app.extensions import babel, csrf, db, migrate
from app.services import settings
from app.storage.transaction import install_sqlite_discipline

if TYPE_CHECKING:
    from config import Config


def create_app(config: "Config | None" = None) -> Flask:
    """The application for one configuration; without one it is read from the environment."""
    if config is None:
        from config import Config  # noqa: PLC0415  (read the environment only when nothing was given)

        config = Config.from_environment()
    app = Flask(__name__)
    app.config.from_object(config)
    settings.configure(data_folder=config.WENZE_DATA, root=config.WENZE_ROOT)
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=web.locale, timezone_selector=lambda: "Asia/Shanghai")
    with app.app_context():
        install_sqlite_discipline(db.engine)
    web.init_app(app)
    api.init_app(app)
    return app
