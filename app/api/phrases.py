"""常用语: the phrases that the caller is offered beside a text field."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.once import once
from app.api.permission import actor, needs_token
from app.queries.phrases import phrases_of
from app.services import phrases


@route("GET", "/me/phrases", tag="me")
@needs_token
@gives(200, schemas.Phrases)
def list_phrases() -> dict[str, Any]:
    """The caller's own phrases first, then those of his organ."""
    return {"items": phrases_of(actor())}


@route("POST", "/me/phrases", tag="me")
@needs_token
@takes(schemas.PossibleKey, location="headers", status=400)
@takes(schemas.PhraseKeeping)
@gives(200, schemas.Phrases)
def keep_phrase(given: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Keep a phrase; the same words again are kept once."""
    with once(given["key"]):
        phrases.add(body["text"], shared=body["shared"], actor=actor(), now=clock.now())
    return list_phrases()


@route("DELETE", "/me/phrases/<phrase_id>", tag="me")
@needs_token
@takes(schemas.PossibleKey, location="headers", status=400)
@gives(204)
def drop_phrase(given: dict[str, Any], phrase_id: str) -> None:
    """Drop one of the caller's own."""
    with once(given["key"]):
        phrases.remove(phrase_id, actor=actor())
