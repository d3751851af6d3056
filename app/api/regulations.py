"""试算: what a regulation proposes for given facts."""

from dataclasses import asdict
from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.permission import needs_token
from app.domain.assessment import CaseFacts
from app.forms.assessed import AssessedCase
from app.queries.assessments import assess_case


@route("POST", "/regulations/<regulation_id>/assess", tag="regulations")
@needs_token
@takes(AssessedCase)
@gives(200, schemas.AssessmentAnswer)
def assess_facts(facts: CaseFacts, regulation_id: str) -> dict[str, Any]:
    """Assess facts under a regulation, row by row. It reads and keeps no data of any case; a county's id stands for
    its regulation in force last."""
    found = assess_case(regulation_id, facts, now=clock.now())
    return {
        **{name: getattr(found.assessment, name) for name in asdict(found.assessment)},
        "regulation": found.register.id,
    }
