"""For the machines that watch: does the process live, can it work, what are its figures."""

import hmac
import ipaddress
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import NotFoundError
from app.queries import health as query
from app.queries import schema
from app.services import anchoring
from app.web import clock
from app.web.permission import public
from app.web.warming import is_warm

screen = Blueprint("health", __name__)


@screen.get("/healthz")
@public
def healthz() -> dict[str, str]:
    """The process answers. Asks nobody else, so a slow database does not get it killed."""
    return {"status": "ok"}


@screen.get("/readyz")
@public
def readyz() -> tuple[dict[str, Any], int]:
    """Ready to serve people: the database answers, has this version's schema, a worker lives, and what nearly every act
    needs is loaded."""
    checks = {"database": query.database_answers()}
    if checks["database"]:
        checks["migrations"] = _schema_is_current()
        checks["worker"] = _worker_lives()
        checks["clock"] = _clock_is_sound()
    checks["warm"] = is_warm()
    ready = all(checks.values())
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ready" if ready else "not ready", "checks": checks}, status


def _schema_is_current() -> bool:
    try:
        return schema.state(current_app.config["WENZE_ROOT"]).is_current
    except SQLAlchemyError:
        return False


def _worker_lives() -> bool:
    try:
        return query.worker_state(clock.now()).alive
    except SQLAlchemyError:
        return False


def _clock_is_sound() -> bool:
    try:
        return query.clock_state(clock.now()).sound
    except SQLAlchemyError:
        return False


@screen.get("/metrics")
@public
def metrics() -> Response:
    """Prometheus figures: to this machine, or with the configured token; nobody else learns that they exist."""
    if not (_is_own_machine() or _has_token()):
        raise NotFoundError
    return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _is_own_machine() -> bool:
    """Whether the caller itself sits here: a proxy in front adds a header, and then loopback says nothing."""
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _has_token() -> bool:
    wanted = current_app.config.get("WENZE_METRICS_TOKEN") or ""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(wanted) and hmac.compare_digest(wanted.encode(), given.encode())


def _registry() -> CollectorRegistry:
    figures = query.figures(clock.now())
    registry = CollectorRegistry()
    proceedings = Gauge("wenze_proceedings", "Cases and meetings", ["kind", "status"], registry=registry)
    for (kind, status), number in figures.proceedings.items():
        proceedings.labels(kind, status).set(number)
    outbox = Gauge("wenze_outbox", "Messages and notices not yet delivered", ["status"], registry=registry)
    for status, number in figures.outbox.items():
        outbox.labels(status).set(number)
    deliveries = Gauge("wenze_deliveries", "Messages to people outside not yet sent", ["status"], registry=registry)
    for status, number in figures.deliveries.items():
        deliveries.labels(status).set(number)
    files = Gauge("wenze_file_orders", "PDFs and packages not yet made, and given up", ["status"], registry=registry)
    for status, number in figures.files.items():
        files.labels(status).set(number)
    for name, text, number in (
        ("wenze_open_tasks", "Human steps that wait", figures.open_tasks),
        ("wenze_late_tasks", "Human steps past their deadline", figures.late_tasks),
        ("wenze_incidents", "Steps held by a failure", figures.incidents),
        ("wenze_calendar_years_missing", "Years whose holidays should be known", figures.years_missing),
        ("wenze_provisional_deadlines", "Open steps whose deadline waits for a notice", figures.provisional),
        ("wenze_timers_due", "Timers that should have fired", figures.timers_due),
        ("wenze_journal_breaks", "Places at which the journal is not whole", figures.journal_breaks),
    ):
        Gauge(name, text, registry=registry).set(number)
    behind = query.clock_state(clock.now()).behind.total_seconds()
    Gauge("wenze_clock_behind_seconds", "Clock behind the last act; above 300 no timer fires", registry=registry).set(
        behind
    )
    seen_at = query.worker_state(clock.now()).seen_at
    age = (clock.now() - seen_at).total_seconds() if seen_at else float("inf")
    Gauge("wenze_worker_heartbeat_age_seconds", "Since a worker was heard last", registry=registry).set(age)
    anchored = anchoring.last_anchor()
    age = (clock.now() - anchored.at).total_seconds() if anchored else float("inf")
    Gauge("wenze_journal_anchor_age_seconds", "Since the journal was anchored last", registry=registry).set(age)
    return registry
