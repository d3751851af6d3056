"""JSON in, JSON out: the same services and queries as the pages, under /api/v1 with bearer tokens."""

from flask import Flask

from app.api import (
    attachments,
    blueprint,
    cases,
    definitions,
    document,
    handling,
    law,
    me,
    meetings,
    periods,
    problems,
    procedures,
    recusals,
    regulations,
    rules,
    series,
    stats,
    subjects,
    tasks,
)

VIEWS = (
    *(law, me, tasks, handling, cases, series, periods, subjects, recusals, meetings, procedures),
    *(regulations, rules, stats, definitions, attachments, document),
)
"""Imported so that their routes are known before the blueprint is registered."""


def init_app(app: Flask) -> None:
    """Called once by `create_app`, after the extensions are bound."""
    problems.init_app(app)
    blueprint.init_app(app)
