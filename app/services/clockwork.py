"""What happens without a person: due timers and the outbox, each proceeding in a transaction of its own.

Any number of workers may run this at once: rows are claimed with SKIP LOCKED, and the effect commits with the claim.
"""

from datetime import datetime, timedelta

import structlog

from app.domain.errors import N_, DomainError
from app.domain.history import Act
from app.engine import run
from app.extensions import OUTAGES, db
from app.services import migration_runs, series
from app.services.command import Command
from app.services.notifying import routing
from app.storage import journal, notices, organs, outbox, proceedings, subscriptions, timers
from app.storage.models import Notice, OutboxRow, WorkerBeat
from app.storage.transaction import savepoint, transaction

log = structlog.get_logger()

BATCH = 200
"""Most things done in one tick, so that a heartbeat comes in between."""


def tick(now: datetime) -> int:
    """Fire what is due, deliver what waits, go on with runs over many cases; returns how many things were done.

    While the clock is behind what was done already, no timer fires: which of the two is right, only a person knows.
    """
    done, fires = 0, journal.behind(now) <= journal.WENT_BACK
    while done < BATCH and (some := (fires and fire_one(now)) or deliver_one(now) or _go_on(now)):
        done += some
    return done


def _go_on(now: datetime) -> int:
    """With what many cases do at once: steps of a series, changes of version."""
    return series.do_some(now) or migration_runs.do_some(now)


def fire_one(now: datetime) -> bool:
    """Fire the due timers of one proceeding. False when nothing is due."""
    proceeding_id = ""
    try:
        with transaction():
            file = timers.claim_due(now)
            if file is None:
                return False
            proceeding_id = file.proceeding.id
            command = Command(file, actor=None, now=now)
            command.record(command.move(run.fire_due), act="timer", object_="", payload={})
    except OUTAGES:
        raise  # the database, not the case: its timers are not put off
    except Exception:
        if not proceeding_id:
            raise
        log.exception("timer failed", action="timer", proceeding_id=proceeding_id)
        with transaction():
            timers.postpone_timers(proceeding_id, until=now + timedelta(minutes=5), now=now)
    return True


def deliver_one(now: datetime) -> bool:
    """Deliver one message or notice. False when the outbox has nothing due."""
    with transaction():
        row = outbox.claim_due(now)
        if row is None:
            return False
        try:
            with savepoint():
                _deliver(row, now)
        except OUTAGES:
            raise  # the database, not the message
        except DomainError as refusal:
            log.info("delivery refused", action="deliver", proceeding_id=row.proceeding_id, why=str(refusal))
            outbox.failed(row, why=str(refusal), now=now)
        except Exception as error:  # one message that breaks its receiver must not stop all others
            log.exception("delivery failed", action="deliver", proceeding_id=row.proceeding_id)
            outbox.failed(row, why=f"{type(error).__name__}: {error}", now=now)
        else:
            outbox.done(row, now=now)
    return True


def _deliver(row: OutboxRow, now: datetime) -> None:
    if row.kind == notices.NOTIFY:
        routing.route(row, now=now)
        return
    if row.kind == "NOTICE":
        db.session.add(
            Notice(
                id=row.id,
                county_id=row.county_id,
                proceeding_id=row.proceeding_id,
                role=row.payload["role"],
                organ_id=organs.heir_of(row.payload.get("organ")),
                person_id=row.payload.get("person"),
                text=row.payload.get("text", ""),
                kind=row.name,
                created_at=now,
            )
        )
        db.session.flush()
        routing.route(row, now=now)
        return
    subscriber = subscriptions.find_subscriber(row.name, row.correlation)
    if subscriber is None:
        raise UndeliverableError(UndeliverableError.sentence, message=row.name, correlation=row.correlation)
    command = Command(proceedings.get_for_update(subscriber.proceeding_id), actor=None, now=now)
    step = command.definition.steps.get(subscriber.step_id)
    command.told_step = subscriber.step_id
    command.tell(
        Act.MESSAGE_RECEIVED,
        step.name if step and step.name else row.name,
        process_key=step.process_key if step else "",
        step_id=subscriber.step_id,
        details={"message": row.name, "payload": row.payload},
        by_system=True,
    )
    advance = command.move(
        run.deliver_message,
        subscription_task_id=subscriber.engine_task_id,
        message=row.name,
        payload=row.payload,
        correlation=dict(pair.split("=", 1) for pair in row.correlation.split("&") if pair),
    )
    command.record(advance, act="message", object_=row.id, payload=row.payload)


class UndeliverableError(DomainError):
    """Nobody waits for the message (yet)."""

    sentence = N_("消息“%(message)s”（%(correlation)s）暂无接收环节。")


def beat(worker: str, now: datetime) -> None:
    """Say that the worker lives; readiness looks at the youngest beat."""
    with transaction():
        db.session.merge(WorkerBeat(worker=worker, seen_at=now))
