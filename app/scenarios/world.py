"""The world of a scenario: the county's people and papers, a moved clock, the usual answers of its forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app import yamlfiles
from app.domain.actors import Actor
from app.domain.deadlines import OFFICE_ZONE, office_day, start_of
from app.domain.errors import NotFoundError
from app.forms.options import parse_options
from app.law.calendar import legal_calendar
from app.queries import evidence, open_steps
from app.scenarios.filling import Scene
from app.scenarios.hands import Hands, ServiceHands
from app.services import clockwork

PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""An empty page: a play shows where papers are, not what they say."""


@dataclass
class World:
    """State of one play. `now` only goes forward."""

    county: str
    now: datetime
    usual: Mapping[str, Mapping[str, Any]]
    """Form key -> usual answers."""
    pace: timedelta = timedelta(hours=1)
    hands: Hands = field(default_factory=ServiceHands)
    paper: Callable[[str], bytes] = lambda _name: PAPER
    """What a paper of some name holds."""
    proceedings: dict[str, str] = field(default_factory=dict)
    """The scenario's own names of cases and meetings -> proceeding ids."""
    ends: datetime | None = None
    """No pause goes beyond it: what is told as past must not lie in days to come."""

    def actor(self, username: str) -> Actor:
        """Raises NotFoundError."""
        found = open_steps.actor_of_username(username, now=self.now)
        if found is None:
            raise NotFoundError
        return found

    def move_to(self, moment: datetime) -> None:
        """Let the clock run to a moment; whatever falls due on the way happens at its own time."""
        while self.now < moment:
            due = evidence.next_event(self.now)
            self.now = moment if due is None else min(moment, due)
            self.settle()

    def settle(self) -> None:
        """Timers and messages until nothing is left to do."""
        while evidence.anything_due(self.now) and clockwork.tick(self.now):
            pass

    def rest(self) -> None:
        """A pause between two acts, in office hours: after five it is nine on the next working day."""
        self.now += self.pace
        if self.now.astimezone(OFFICE_ZONE).hour >= 17:
            day = office_day(self.now) + timedelta(days=1)
            while not legal_calendar().is_working(day):
                day += timedelta(days=1)
            self.now = start_of(day) + timedelta(hours=9)
        self.now = self.now if self.ends is None else min(self.now, self.ends)
        self.settle()

    def scene(self, actor: Actor, *, step: open_steps.OpenStep, names: Mapping[str, Any]) -> Scene:
        """What a form that the actor fills may refer to."""
        members = open_steps.members_of(self.county, self.now.date())
        known = {
            "actor": actor.person_id,
            "organ": actor.organ_id,
            "lead_organ": step.lead_organ,
            "members": members,
            "county": self.county,
            **step.element,
            **names,
        }
        options = parse_options(open_steps.options_of(step)).lists
        return Scene(now=self.now, names=known, options=options, upload=lambda name: self._upload(actor, name))

    def _upload(self, actor: Actor, name: str) -> str:
        return self.hands.upload(actor, self.now, content=self.paper(name), name=name)


def read_yaml(path: Path) -> Any:
    return yamlfiles.read(path.read_text("utf-8"))
