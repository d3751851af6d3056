"""归档包: the package of a closed case, listed on its pages and handed out as one file."""

from flask import Blueprint
from werkzeug.wrappers import Response

from app.queries.archives import Packages, packages_of
from app.queries.heads import Head
from app.services.archives import opening
from app.web import clock
from app.web.permission import actor, needs_sign_in
from app.web.sending import as_download, stored_file
from app.web.words import gettext

screen = Blueprint("archives", __name__)


@screen.app_template_global()
def packages_told(head: Head) -> Packages | None:
    """The packages of a case for its reader; None where he may not have them."""
    return packages_of(actor(), head)


@screen.get("/archives/<package_id>")
@needs_sign_in
def download(package_id: str) -> Response:
    """The zip, from the disk; that it was taken is in the journal."""
    taken = opening.take(package_id, actor=actor(), now=clock.now())
    answer = stored_file(taken.path, "application/zip", as_attachment=True, name=taken.path.name)
    name = gettext("归档包 %(number)s 第%(version)s版", number=taken.number, version=taken.version)
    answer.headers["Content-Disposition"] = as_download(f"{name}.zip")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return answer
