"""The stepper: the stages of a regulation's register, and where a case stands among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.law import register
from app.storage.models import Proceeding
from app.storage.releases import register_file_of


class StageState(StrEnum):
    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    SKIPPED = "skipped"
    """The case went past without it, or closed before it."""


@dataclass(frozen=True, slots=True)
class StageView:
    key: str
    zh: str
    en: str
    state: StageState
    reached_at: datetime | None


def register_of(release_id: str) -> register.Register:
    return register.parse(register_file_of(release_id))


def stepper(proceeding: Proceeding) -> tuple[StageView, ...]:
    """Every stage of the case's regulation; all are done once the case is closed."""
    stages = register_of(proceeding.release_id).stages
    reached: Mapping[str, str] = proceeding.waiting.get("stages", {})
    keys = [stage.key for stage in stages]
    current = keys.index(proceeding.stage) if proceeding.stage in keys else -1
    closed = proceeding.closed_at is not None
    return tuple(
        StageView(
            key=stage.key,
            zh=stage.zh,
            en=stage.en,
            state=_state(index - current, was_reached=stage.key in reached, closed=closed),
            reached_at=_at(reached, stage.key),
        )
        for index, stage in enumerate(stages)
    )


def _state(distance: int, *, was_reached: bool, closed: bool) -> StageState:
    """`distance` from the current stage, negative for earlier ones."""
    if distance == 0 and not closed:
        return StageState.NOW
    if was_reached:
        return StageState.DONE
    return StageState.SKIPPED if closed or distance < 0 else StageState.AHEAD


def _at(reached: Mapping[str, str], key: str) -> datetime | None:
    return datetime.fromisoformat(reached[key]) if key in reached else None


def stage_names(release_ids: Iterable[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """Chinese and English name by release and stage key."""
    return {
        (release_id, stage.key): (stage.zh, stage.en)
        for release_id in release_ids
        for stage in register_of(release_id).stages
    }
