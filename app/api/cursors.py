"""The opaque cursor of a listing: where the page before ended. It carries no right; what is visible is asked anew."""

import base64
import json
from datetime import UTC, datetime
from http import HTTPStatus

from app.api.bodies import ensure_storable
from app.api.problems import RequestRefusedError
from app.domain.errors import N_
from app.queries.listings import Place


def written(place: Place | None) -> str | None:
    if place is None:
        return None
    content = json.dumps([place.at.isoformat(), place.id]).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def read(cursor: str) -> Place | None:
    """None for the first page. Raises RequestRefusedError (400) for a cursor that we did not write."""
    if not cursor:
        return None
    try:
        at, id_ = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=="))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not isinstance(id_, str):
            raise ValueError
        moment.astimezone(UTC)  # the first and last day of all years have no UTC
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise RequestRefusedError(HTTPStatus.BAD_REQUEST, N_("cursor 无效，请从第一页重新读取。")) from None
    ensure_storable(id_)
    return Place(moment, id_)
