"""What leaves a page's way gives the same answer: search, the calendar feed, messages that go outside."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.extensions import db
from tests.access.conftest import READ, SETTLED, Ground
from tests.access.readers import kind_of, may_meet
from tests.access.world import PEOPLE, STRANGER

pytestmark = pytest.mark.slow
CANARY = re.compile(r"jm\.[0-9a-f]{12}\.[A-Z]+\.\w+\.\w*\.")


@pytest.fixture(scope="module")
def there(ground: Ground) -> Iterator[Ground]:
    """May be written to; put back afterwards."""
    ground.restore(SETTLED)
    yield ground
    ground.restore(READ)


def one_of_each(ground: Ground) -> list[str]:
    """A canary for each side of each kind of proceeding."""
    kinds = {id_[:12]: kind_of(name) for name, id_ in ground.settled.built.proceedings.items()}
    found = {(kinds[c.split(".")[1]], c.split(".")[2]): c for c in sorted(ground.settled.canaries)}
    return sorted(found.values())


def test_a_search_for_a_sentence_finds_it_for_who_may_read_it_alone(there: Ground) -> None:
    finders: dict[str, set[str]] = {}
    with there.visits.undone():
        for canary in one_of_each(there):
            words = canary.rstrip(".")
            answers = {who: there.visits.read(f"/search?q={words}", who) for who in PEOPLE}
            # the page repeats what was asked for, without what follows it in the text
            finders[canary] = {who for who, met in answers.items() if canary in met.canaries}

    leaks = {canary: found - may_meet(there, canary) for canary, found in finders.items()}
    assert {canary: found for canary, found in leaks.items() if found} == {}
    assert sum(bool(found) for found in finders.values()) >= 6, "the search was not asked in earnest"


def test_a_calendar_tells_nobody_a_sentence(there: Ground) -> None:
    from app.services import feeds  # noqa: PLC0415  (see tests.conftest)
    from app.storage.accounts import actor_of  # noqa: PLC0415

    met = {}
    for who, username in PEOPLE.items():
        with there.app.app_context():
            actor = actor_of(username)
            assert actor is not None
            token = feeds.create(actor=actor, now=there.settled.built.now)
        met[who] = there.visits.read(f"/calendar/{token}.ics", STRANGER)

    assert all(one.status == 200 and "BEGIN:VCALENDAR" in one.text for one in met.values())
    assert {who: one.canaries for who, one in met.items() if one.canaries} == {}
    assert met["recused"].text.count("BEGIN:VEVENT") == 0


def test_a_message_tells_nobody_a_sentence_and_others_nothing_at_all(there: Ground) -> None:
    from app.domain.notifications import Channel, topic_of  # noqa: PLC0415  (see tests.conftest)
    from app.services.notifying import letters  # noqa: PLC0415
    from app.storage.accounts import actor_of  # noqa: PLC0415
    from app.storage.models import Delivery, Notice  # noqa: PLC0415

    told, leaks = 0, []
    with there.app.app_context():
        notices = list(db.session.scalars(select(Notice).order_by(Notice.id)))
        for who, username in PEOPLE.items():
            actor = actor_of(username)
            assert actor is not None
            for notice in notices:
                about = {"kind": notice.kind, "notice_id": notice.id, "topic": topic_of(notice.kind)}
                delivery = Delivery(id="d", person_id=actor.person_id, channel=Channel.EMAIL, **about)
                message = letters.compose(delivery, actor, now=there.settled.built.now)
                told += message is not None
                if message is not None and (CANARY.search(message.text) or who in STRANGERS):
                    leaks.append((who, notice.kind))

    assert leaks == []
    assert told > 5


STRANGERS = ("other_county", "owner", "auditor", "system_admin", "security_admin", "audit_admin")
"""Nothing of a case is theirs to hear of."""
