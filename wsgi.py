"""What gunicorn serves: `wsgi:app`, made when it is asked for. `wenze serve` has an application already."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import create_app


def behind_proxy(app: Flask) -> Flask:
    """The application as it is served.

    With TLS one proxy of ours is in front: without this every visitor would have the proxy's address, and one who
    guesses passwords would lock out all. Without a proxy the header is a stranger's word and is not believed.
    """
    if app.config["WENZE_TLS"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    return app


def __getattr__(name: str) -> Flask:
    if name == "app":
        return behind_proxy(create_app())
    raise AttributeError(name)
