"""JSON in, JSON out: the same services and queries as the pages, under /api/v1 with bearer tokens."""

from flask import Flask

from app.api import (
    attachments,
    blueprint,
    cases,
    definitions,
    document,
    follows,
    handling,
    identity_numbers,
    law,
    me,
    meetings,
    outlines,
    periods,
    phrases,
    problems,
    procedures,
    recusals,
    regulations,
    remarks,
    rules,
    series,
    stats,
    subjects,
    tasks,
    views,
)

VIEWS = (
    *(law, me, tasks, handling, cases, series, periods, subjects, identity_numbers, recusals, meetings, procedures),
    *(regulations, rules, stats, definitions, attachments, document),
    *(remarks, outlines, follows, phrases, views),
)
"""Imported so that their routes are known before the blueprint is registered."""


def init_app(app: Flask) -> None:
    """Called once by `create_app`, after the extensions are bound."""
    problems.init_app(app)
    blueprint.init_app(app)
