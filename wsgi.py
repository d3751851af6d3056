"""What gunicorn serves."""

from werkzeug.middleware.proxy_fix import ProxyFix

from app import create_app

app = create_app()

if app.config["WENZE_TLS"]:
    # One proxy of ours is in front: without this every visitor would have the proxy's address, and one who guesses
    # passwords would lock out all. Without a proxy the header is a stranger's word and is not believed.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
