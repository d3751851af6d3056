"""Values computed before: what may be taken again, and what may not."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from app.feel import FeelError, evaluate, isolate, kept


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Requests that reached the interpreter."""
    kept.forget()
    sent: list[dict[str, Any]] = []
    real = isolate.call

    def call(request: dict[str, Any], *, time_limit: float) -> Any:
        sent.append(request)
        return real(request, time_limit=time_limit)

    monkeypatch.setattr(isolate, "call", call)
    yield sent
    kept.forget()


def test_the_same_expression_over_the_same_values_is_computed_once(calls: list[Any]) -> None:
    first = evaluate('case.level = "COUNTY"', {"case": {"level": "COUNTY", "title": "a"}, "other": 1})
    second = evaluate('case.level = "COUNTY"', {"case": {"level": "COUNTY", "title": "b"}, "other": 2})

    assert (first, second, len(calls)) == (True, True, 1)


def test_another_value_of_a_name_that_is_read_is_computed_anew(calls: list[Any]) -> None:
    values = [evaluate("case.amount + more", {"case": {"amount": amount}, "more": 1}) for amount in (1, 2, 1.5)]

    assert (values, len(calls)) == ([2, 3, 2.5], 3)


def test_only_what_can_be_read_is_sent(calls: list[Any]) -> None:
    evaluate("case.amount + 1", {"case": {"amount": 1, "title": "a"}, "other": 1})

    assert calls[0]["context"] == {"case": {"amount": 1}}


def test_a_name_that_also_stands_alone_is_read_whole(calls: list[Any]) -> None:
    case = {"amount": 1, "title": "a"}

    assert evaluate("{a: case.amount, b: case}", {"case": case}) == {"a": 1, "b": case}


def test_names_inside_filters_and_loops_see_the_elements(calls: list[Any]) -> None:
    people = [{"role": "HEAD", "organ": "x"}, {"role": "CLERK", "organ": "y"}]

    assert evaluate("people[role = wanted].organ", {"people": people, "wanted": "CLERK"}) == ["y"]
    assert evaluate("for p in people return p.organ", {"people": people, "p": {"other": 1}}) == ["x", "y"]


def test_the_clock_counts_only_where_it_is_asked_for(calls: list[Any]) -> None:
    morning, evening = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)

    values = [evaluate("string(now())", {}, now=now) for now in (morning, evening)]
    plain = [evaluate("1 + one", {"one": 1}, now=now) for now in (morning, evening)]

    assert values[0] != values[1]
    assert (plain, len(calls)) == ([2, 2], 3)


def test_what_asks_for_today_is_computed_once_a_day_of_the_offices(calls: list[Any]) -> None:
    asked, context = "date(received_on) <= today()", {"received_on": "2026-03-03"}
    last_of_the_day, first_of_the_next = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (15, 16))

    before = [evaluate(asked, context, now=now) for now in (datetime(2026, 3, 2, 1, tzinfo=UTC), last_of_the_day)]
    assert (before, len(calls)) == ([False, False], 1)

    after = [evaluate(asked, context, now=now) for now in (first_of_the_next, datetime(2026, 3, 3, 1, tzinfo=UTC))]
    assert (after, len(calls)) == ([True, True], 2)


def test_a_time_of_day_beside_today_is_computed_at_every_moment(calls: list[Any]) -> None:
    moments = [datetime(2026, 3, 2, 1, minute, tzinfo=UTC) for minute in (0, 30)]

    values = [evaluate("string(today()) + string(now())", {}, now=now) for now in moments]

    assert (len(set(values)), len(calls)) == (2, 2)


def test_a_kept_value_belongs_to_whoever_asked(calls: list[Any]) -> None:
    first = evaluate("[x, {a: x}]", {"x": 1})
    first[1]["a"] = "changed"

    assert evaluate("[x, {a: x}]", {"x": 1}) == [1, {"a": 1}]


def test_a_refusal_is_told_every_time(calls: list[Any]) -> None:
    for _ in range(2):
        with pytest.raises(FeelError):
            evaluate("case.missing = 1", {"case": {"amount": 1}})

    assert len(calls) == 2


@pytest.mark.parametrize("value", ["文字", "", True, False, 0, 7, -3])
def test_a_plain_name_is_looked_up_without_the_interpreter(calls: list[Any], value: Any) -> None:
    for text, context in (("level", {"level": value}), ("case.a.level", {"case": {"a": {"level": value}}})):
        looked_up = evaluate(text, context)
        request = {"verb": "evaluate", "expression": text, "context": context, "now": None}

        assert len(calls) == 0
        assert isolate.call(request, time_limit=1)["value"] == looked_up
        calls.clear()


@pytest.mark.parametrize("text", ["today", "now", "level.length", "missing", "level.a"])
def test_what_is_no_plain_name_is_asked_of_the_interpreter(calls: list[Any], text: str) -> None:
    with suppress(FeelError):
        evaluate(text, {"level": "x", "today": "y", "now": "z"}, now=datetime(2026, 3, 2, tzinfo=UTC))

    assert len(calls) == 1
