"""The API's one blueprint: flask-smorest with types, our reading of requests, and its OpenAPI document."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

from flask import Flask
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema
from werkzeug.exceptions import HTTPException

from app.api import bodies, problems
from app.api.schemas import Problem
from app.domain.errors import DomainError
from app.extensions import OUTAGES, csrf

View = TypeVar("View", bound=Callable[..., Any])


class Decorator(Protocol):
    """Gives a view back with its own type: flask-smorest has none."""

    def __call__(self, view: View, /) -> View: ...


VERSION = "1"
ADDRESS = f"/api/v{VERSION}"


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    ARGUMENTS_PARSER = bodies.Parser()


class Api(SmorestApi):  # type: ignore[misc]
    """flask-smorest's registry of routes. The document has its own view and the refusals their own handlers."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Nothing: theirs would answer for the pages too."""

    def _register_responses(self) -> None:
        """A problem document for every status that a view may refer to by its name."""
        for name in (*(status.name for status in HTTPStatus), self.DEFAULT_ERROR_RESPONSE_NAME):
            content = {problems.MEDIA_TYPE: {"schema": self.ERROR_SCHEMA}}
            self.spec.components.response(name, {"description": "Problem (RFC 9457)", "content": content}, lazy=True)


api = Blueprint("api", __name__, url_prefix=ADDRESS, description="")
csrf.exempt(api)  # callers show a token on every request; cookies count for nothing here
api.before_request(bodies.check_address)
api.register_error_handler(DomainError, problems.refused)
api.register_error_handler(HTTPException, problems.failed)
for outage in OUTAGES:
    api.register_error_handler(outage, problems.away)
api.register_error_handler(OSError, problems.full)


def route(method: str, path: str, *, tag: str) -> Decorator:
    """Register a view. Its docstring is its summary in the document."""

    def register(view: View) -> View:
        api.add_url_rule(path, view.__name__, view, methods=[method], tags=[tag])
        return view

    return register


def takes(schema: type[Schema], *, location: str = "json", status: int = 422) -> Decorator:
    """Read and check what the caller sends; the view gets it as its next positional argument."""
    # unknown=None: the schema says what becomes of fields that nobody reads, in queries as in bodies
    decorator: Decorator = api.arguments(schema, location=location, error_status_code=status, unknown=None)
    return decorator


def gives(status: int, schema: type[Schema] | dict[str, str] | None = None, **more: Any) -> Decorator:
    """What the view answers when all is well."""
    decorator: Decorator = api.response(status, schema, **more)
    return decorator


def explained(**more: Any) -> Decorator:
    """Add to the document what the schemas cannot say."""
    decorator: Decorator = api.doc(**more)
    return decorator


def init_app(app: Flask) -> None:
    app.config.update(
        API_TITLE="Wenze",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        API_SPEC_OPTIONS={
            "info": {"description": "行政败诉案件过错责任追究：事项、案件、会议、流程版本。"},
            "servers": [{"url": "/"}],
            "security": [{"token": []}],
        },
    )
    registry = Api(app)
    registry.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    registry.register_blueprint(api)
    app.extensions["wenze-api"] = registry
