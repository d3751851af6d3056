"""Which HTTP status a refusal has: one table for the pages and the API."""

from http import HTTPStatus

from app.domain.errors import (
    ConflictError,
    DomainError,
    InvalidAnswersError,
    InvalidDefinitionError,
    InvalidFileError,
    NotAllowedError,
    NotFoundError,
    TooManyError,
    UnknownChoiceError,
)

STATUS: dict[type[DomainError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    ConflictError: HTTPStatus.CONFLICT,
    InvalidAnswersError: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidFileError: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidDefinitionError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownChoiceError: HTTPStatus.BAD_REQUEST,
    TooManyError: HTTPStatus.TOO_MANY_REQUESTS,
    DomainError: HTTPStatus.BAD_REQUEST,
}


def status_of(error: DomainError) -> HTTPStatus:
    """The status of its kind, or of the nearest kind above it."""
    return STATUS[next(kind for kind in type(error).__mro__ if kind in STATUS)]
