"""A proposal of a decision table as the deciding person reads it: labels and articles, no codes."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.queries import drawings
from app.queries.drawings import DecisionView, decision_view
from app.storage.models import Release


def proposal(locale: str) -> DecisionView:
    release_id = db.session.scalars(select(Release.id).where(Release.process_key == "jinzhai-case")).first()
    assert release_id is not None
    return decision_view(release_id, {"table": "jinzhai-scope", "hits": ["scope_revoke"]}, locale=locale)


@pytest.mark.parametrize(
    ("locale", "condition", "outcome"),
    [
        ("zh", ("案件类型", "撤销、部分撤销"), "属于直接追责范围"),
        ("en", ("案件类型", "Revoked, Partly revoked"), "Directly in scope"),
    ],
)
def test_a_proposal_reads_in_words(county: Flask, locale: str, condition: tuple[str, str], outcome: str) -> None:
    with county.app_context():
        row = proposal(locale).rows[0]

        assert condition in row.conditions
        assert outcome in [text for _, text in row.outputs]
        assert row.note.startswith("第三条第（一）项")


@pytest.mark.parametrize("table", ["jinzhai-mitigation", "jinzhai-sanctions", "jinzhai-scope"])
def test_a_clause_is_named_by_its_article_and_a_list_reads_without_brackets(county: Flask, table: str) -> None:
    with county.app_context():
        release_id = db.session.scalars(select(Release.id).where(Release.process_key == "jinzhai-case")).first()
        assert release_id is not None
        _, rows = drawings.table_in_words(release_id, table, "zh")

        told = [text for row in rows.values() for _, text in row.outputs]
        assert any(text.startswith("第") for text in told)
        assert [text for text in told if "JZ-" in text or text.startswith("[")] == []


def test_a_code_that_no_field_offers_is_called_as_the_facts_are(county: Flask) -> None:
    with county.app_context():
        release_id = db.session.scalars(select(Release.id).where(Release.process_key == "jinzhai-case")).first()
        assert release_id is not None
        _, rows = drawings.table_in_words(release_id, "jinzhai-mental-state", "zh")

        told = {text for row in rows.values() for _, text in row.outputs}
        assert "应当问责" in told
        assert "ACCOUNTABLE_NORMAL" not in told
