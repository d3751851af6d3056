"""Rule settings: what a text leaves open, answered by a default, changed only by a dated setting with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

DEADLINE_PREFIX = "deadline:"
"""Settings so named hold an internal deadline: `deadline:<process>/<step>` -> ISO duration."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A question that the text leaves open, with the recommended answer."""

    name: str
    zh: str
    risk: str
    """Numbers of the open questions, e.g. `R6 R7`; empty where the text itself fixes the value."""
    default: str
    values: Mapping[str, str]
    """Allowed value -> what it is called."""
    why: str
    clauses: tuple[str, ...]
    locked: bool
    by_organ: bool
    """Whether an organ's own implementing rules may answer it differently."""

    @property
    def fixed(self) -> bool:
        """Nobody can change it: higher law demands the value, or there is no other."""
        return self.locked or len(self.values) < 2


@dataclass(frozen=True, slots=True)
class Setting:
    """An answer given by a rule administrator, in force from the beginning of `valid_from`."""

    name: str
    value: str
    valid_from: date
    set_at: datetime
    organ_id: str | None = None


def in_force(settings: Iterable[Setting], *, on: date, organ_id: str | None) -> dict[str, str]:
    """Values by name on a day: an organ's own settings before the county's, the later day before the earlier,
    and of two for the same day the one made last. Defaults are not included."""
    mine = [s for s in settings if s.valid_from <= on and s.organ_id in (None, organ_id)]
    mine.sort(key=lambda s: (s.organ_id is not None, s.valid_from, s.set_at))
    return {setting.name: setting.value for setting in mine}
