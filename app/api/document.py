"""The OpenAPI document."""

from flask import Response, current_app, json

from app.api.blueprint import explained, gives, route
from app.api.permission import public


@route("GET", "/openapi.json", tag="document")
@public
@explained(security=[])
@gives(200, {"type": "object"})
def get_document() -> Response:
    """This document."""
    registry = current_app.extensions["wenze-api"]
    return Response(json.dumps(registry.spec.to_dict()), content_type="application/json")
