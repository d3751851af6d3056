"""What a process needs for nearly every act and makes once: parsed definitions of running cases, V8."""

import time

from sqlalchemy import func, select

from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.feel import FeelError, interpreter
from app.forms.options import parse_options
from app.services import definitions
from app.storage import releases
from app.storage.models import Proceeding, Release

LONGEST = 5.0
"""Seconds after which no further release is parsed: it is when it is first asked for."""


def parse_releases(*, seconds: float = LONGEST) -> int:
    """Parse what running proceedings need, the releases of most of them first; returns how many releases."""
    until, done = time.monotonic() + seconds, 0
    for release_id, process_key in _most_used():
        if time.monotonic() >= until:
            break
        definitions.definition_of(release_id, process_key)
        definitions.register_of(release_id)
        definitions.fact_names(release_id)
        parse_options(definitions.options_of(release_id))
        for name in releases.files_of(release_id):
            if name.endswith(".form"):
                definitions.form_of(release_id, name.removesuffix(".form"))
        done += 1
    return done


def _most_used() -> list[tuple[str, str]]:
    query = (
        select(Release.id, Release.process_key)
        .join(Proceeding, Proceeding.release_id == Release.id)
        .where(Proceeding.status == ProceedingStatus.RUNNING)
        .group_by(Release.id, Release.process_key, Release.number)
        .order_by(func.count(Proceeding.id).desc(), Release.number.desc(), Release.id)
    )
    return [(release_id, process_key) for release_id, process_key in db.session.execute(query)]


def start_interpreter() -> None:
    """Let the interpreter of expressions be there before it is asked."""
    try:
        interpreter.evaluate("today()", {}, now=None)
    except FeelError:  # no clock was given: but it has answered
        return
