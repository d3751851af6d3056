"""Runs (docs/decisions/0011): many like acts ordered with one, done by the worker row after row.

Each row is the ordinary act in a transaction of its own that also settles the row; a refused one says why and changed
nothing, and the others go on.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import structlog

from app.domain.errors import N_, DomainError, InvalidAnswersError
from app.extensions import OUTAGES
from app.storage.runs import REFUSED, Row, settle
from app.storage.transaction import savepoint, transaction

log = structlog.get_logger()

AT_ONCE = 10
FAULT = N_("处理时发生故障，已记录；请单独办理本件或者联系系统管理员。")

Item = TypeVar("Item", bound=Row)
Run = TypeVar("Run")


def do_some(do_next: Callable[[datetime], bool], now: datetime) -> int:
    """Do a few rows, so that what is due in between does not wait for hundreds of acts; how many were done."""
    done = 0
    while done < AT_ONCE and do_next(now):
        done += 1
    return done


def do_next(
    claim: Callable[[], tuple[Item, Run] | None], perform: Callable[[Item, Run], str], *, action: str, now: datetime
) -> bool:
    """Do the next row that `claim` finds; `perform` does it and says how it stands then. False when none waits."""
    with transaction():
        claimed = claim()
        if claimed is None:
            return False
        item, run = claimed
        try:
            with savepoint():
                status = perform(item, run)
        except OUTAGES:
            raise  # the database, not the row
        except DomainError as error:
            settle(item, REFUSED, now=now, refusal=refusal_of(error))
        except Exception:  # one that breaks must not stop all others
            log.exception("row of a run failed", action=action, row_id=getattr(item, "id", None))
            settle(item, REFUSED, now=now, refusal={"sentence": FAULT, "values": {}})
        else:
            settle(item, status, now=now)
    return True


def refusal_of(error: DomainError) -> dict[str, Any]:
    """Why a row was refused, as its column keeps it."""
    if isinstance(error, InvalidAnswersError):
        return {"fields": _fields(error)}
    return {"sentence": error.sentence, "values": _plain(error.values)}


def _fields(error: InvalidAnswersError) -> dict[str, list[dict[str, Any]]]:
    return {
        path: [
            {"sentence": getattr(sentence, "id", sentence), "values": _plain(getattr(sentence, "values", {}))}
            for sentence in sentences
        ]
        for path, sentences in error.fields.items()
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps them."""
    return {name: value if isinstance(value, (int, float)) else str(value) for name, value in values.items()}
