"""What is proposed for a field, said beside it."""

import json
from collections.abc import Iterator
from typing import Any

from app.queries.formdata import FormView
from app.queries.proposals import FieldProposal
from app.web.problems import in_words
from app.web.words import gettext


def with_proposals(form: FormView) -> dict[str, Any]:
    """The schema of the form; a field that has a proposal says it in its description, with row and clause."""
    schema: dict[str, Any] = json.loads(json.dumps(form.schema))
    proposed = {proposal.field: proposal for proposal in form.proposals}
    for component in _parts(schema):
        proposal = proposed.get(str(component.get("key")))
        if proposal is not None:
            said = [sentence_of(proposal), str(component.get("description") or "")]
            component["description"] = "\n".join(part for part in said if part)
    return schema


def _parts(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for component in part.get("components") or ():
        yield component
        yield from _parts(component)


def sentence_of(proposal: FieldProposal) -> str:
    """建议：… with the table, its rows and the articles."""
    said = gettext("建议：%(words)s", words=proposal.words or gettext("没有"))
    if not proposal.table or not proposal.rows:
        return said
    rows = gettext("、").join(str(number) for number in proposal.rows)
    articles = gettext("、").join(in_words(clause.article) for clause in proposal.clauses)
    source = gettext(
        "决策表“%(table)s”第%(rows)s行 %(articles)s", table=in_words(proposal.table), rows=rows, articles=articles
    )
    return gettext("%(said)s（%(source)s）", said=said, source=source.strip())
