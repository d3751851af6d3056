"""身份证号码 of a case: masked; a whole one for who may see it and says why."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.permission import actor, needs_token
from app.queries.identity_numbers import NumbersPage, numbers_page
from app.services import identity_numbers
from app.services.identity_numbers import Revealed


@route("GET", "/cases/<proceeding_id>/identity-numbers", tag="identity-numbers")
@needs_token
@gives(200, schemas.IdentityNumbers)
def list_identity_numbers(proceeding_id: str) -> NumbersPage:
    """The numbers that the caller may have shown to him, masked, and who had which one shown and why."""
    return numbers_page(actor(), proceeding_id)


@route("POST", "/cases/<proceeding_id>/identity-numbers/<number_id>/reveal", tag="identity-numbers")
@needs_token
@takes(schemas.Revealing)
@gives(200, schemas.RevealedNumber)
def reveal_identity_number(body: dict[str, Any], proceeding_id: str, number_id: str) -> Revealed:
    """The whole number. Each call is kept with its reason; the caller may have to confirm who he is before."""
    numbers_page(actor(), proceeding_id)  # hidden from who may not see the case, or none of its numbers
    return identity_numbers.reveal(
        number_id, proceeding_id=proceeding_id, reason=body["reason"], actor=actor(), now=clock.now()
    )
