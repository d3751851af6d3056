"""Quiet hours, names and topics of what people are told."""

from datetime import UTC, datetime

import pytest

from app.domain.notifications import CHOICES, NAMES, TOPICS, Quiet, dedup_id


def at(hour: int, minute: int = 0) -> datetime:
    """On 2 March 2026 in the offices' time, as UTC."""
    return (
        datetime(2026, 3, 1, 16 + hour, minute, tzinfo=UTC)
        if hour < 8
        else datetime(2026, 3, 2, hour - 8, minute, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("quiet", "now", "end"),
    [
        (Quiet("22:00", "07:30"), at(23), "03-03 07:30"),
        (Quiet("22:00", "07:30"), at(6), "03-02 07:30"),
        (Quiet("22:00", "07:30"), at(7, 30), None),
        (Quiet("22:00", "07:30"), at(12), None),
        (Quiet("12:00", "14:00"), at(12), "03-02 14:00"),
        (Quiet("12:00", "14:00"), at(14), None),
        (Quiet("12:00", "12:00"), at(12), None),
        (Quiet(), at(3), None),
    ],
)
def test_quiet_hours_end_where_the_person_said_also_after_midnight(
    quiet: Quiet, now: datetime, end: str | None
) -> None:
    ends = quiet.end_after(now)

    assert (ends.strftime("%m-%d %H:%M") if ends else None) == end


def test_every_kind_that_has_a_topic_has_a_name_and_a_topic_that_people_may_choose() -> None:
    assert set(TOPICS) <= set(NAMES)
    assert set(TOPICS.values()) <= set(CHOICES)


def test_the_name_of_a_delivery_follows_from_its_parts_alone() -> None:
    assert dedup_id("a", "b") == dedup_id("a", "b")
    assert dedup_id("a", "b") != dedup_id("ab")
