"""试算: enter the facts of a lost case and see what the tables of a regulation propose, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from app.domain import vocabulary
from app.domain.errors import ConflictError, InvalidAnswersError, NotFoundError
from app.forms.assessed import facts_in
from app.law.clauses import Clause
from app.queries.assessments import Assessable, Assessed, assess_case, assessable
from app.web import clock
from app.web.assess_form import Entered, entered, first, stated
from app.web.permission import actor, needs_sign_in
from app.web.problems import in_words

screen = Blueprint("assess", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as the page shows it."""

    found: Assessed
    clauses: Mapping[str, Clause]
    """By id, also as answers shorten it."""

    def clause(self, id_: str) -> Clause | None:
        return self.clauses.get(id_)


@screen.get("/assess")
@needs_sign_in
def show() -> str:
    return _page(_chosen(request.args.get("regulation")), first())


@screen.post("/assess")
@needs_sign_in
def calculate() -> tuple[str, int]:
    """The same page with what was entered: with the proposal, with another row, or with sentences at the fields."""
    here, filled = _chosen(request.form.get("regulation")), entered(request.form)
    if here is None or request.form.get("act", "assess") != "assess":
        return _page(here, filled), 200
    try:
        shown = _shown(assess_case(here.id, facts_in(stated(filled)), now=clock.now()))
    except InvalidAnswersError as error:
        errors = {path: [in_words(sentence) for sentence in said] for path, said in error.fields.items()}
        return _page(here, filled, errors=errors), 422
    except ConflictError as error:
        return _page(here, filled, errors={"": [in_words(error.sentence)]}), 409
    return _page(here, filled, shown=shown), 200


def _chosen(regulation_id: str | None) -> Assessable | None:
    """The regulation asked for, else the one of the reader's county, else the first; None where there is none."""
    every = assessable()
    asked = next((one for one in every if one.id == regulation_id), None)
    if regulation_id and asked is None:
        raise NotFoundError
    own = next((one for one in every if one.register.county == actor().county_id), None)
    return asked or own or next(iter(every), None)


def _shown(found: Assessed) -> Shown:
    plan = found.register.assessment
    short = plan.short_ids if plan else {}
    clauses = dict(found.register.clauses)
    for long, brief in short.items():
        clauses |= {
            brief + id_.removeprefix(long): clause
            for id_, clause in found.register.clauses.items()
            if id_.startswith(long)
        }
    return Shown(found, clauses)


def _page(
    here: Assessable | None,
    filled: Entered,
    *,
    shown: Shown | None = None,
    errors: Mapping[str, list[str]] | None = None,
) -> str:
    return render_template(
        "assess.html",
        here=here,
        regulations=assessable(),
        filled=filled,
        errors=errors or {},
        shown=shown,
        words=vocabulary,
    )
