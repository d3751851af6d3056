"""Requests that no browser sends: bytes that are no text, pages without end, days outside of the calendar."""

from functools import partial
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote

import pytest

from tests.faults.crash_ground import Ground
from tests.faults.crash_requests import Sent
from tests.hostile.doors import (
    LONG,
    READERS,
    Door,
    address_with,
    ids_of,
    names_read,
    reading_rules,
    said,
    send,
    writing_addresses,
)

pytestmark = pytest.mark.usefixtures("open_doors")

QUERIES = (
    "page=-1",
    "page=0",
    f"page={'9' * 30}",
    f"page={'9' * 5000}",
    "page=1&page=2&page=x",
    "page=1e9",
    "page=%00",
    "page=%ff%fe",
    "page=١٢",
    "page[]=1&page[a][b]=2",
    "%ff=%ff&%00=%00",
    "&" * 3000,
    "=" * 3000,
    "q=" + "a&q=" * 1500,
    "q=%ed%a0%80",
    "q=%c0%ae%c0%ae/",
    "cursor=AAAA&after=%7B%7D&since=9999-99-99&until=0000-00-00",
    "since=0001-01-01&until=9999-12-31&month=9999-12&year=99999&day=10000-01-01",
    "year=0&month=0000-00&week=9999-W53&day=-1",
    "year=-1&limit=-1&per_page=999999999999&order=__proto__&sort=constructor",
)
PATHS = (
    "%ff%fe",
    "%00",
    "%2e%2e%2f%2e%2e",
    "..%5c..",
    "a" * 1400,
    "%ed%a0%80",
    "-1",
    "9" * 300,
    "%0d%0aSet-Cookie:a=b",
    "None",
)
LATEST = "9999-12-31"
"""The last day there is: every period that is counted from it ends nowhere."""
DAYS = (
    "0000-00-00",
    "0001-01-01",
    LATEST,
    "10000-01-01",
    "-0001-01-01",
    "2026-02-30",
    "2016-12-31T23:59:60Z",
    "9999-12-31T23:59:59+00:00",
    "0001-01-01T00:00:00+14:00",
    "2026-06-09T00:00:00+99:99",
    "２０２６-０６-０９",
    "2026-W01-1",
    "20260609",
)
BODIES = (
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=", b""),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-7''+ADw-\r\n\r\n\xff",
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 1500 + b"--x--",
    ),
    ("multipart/form-data; boundary=" + "y" * 300, b"--" + b"y" * 300),
    ("application/x-www-form-urlencoded", b"key=%ff%fe&data=%00&\xff=\xfe"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2000))),
    ("application/x-www-form-urlencoded; charset=utf-7", b"key=+ADw-"),
    ("application/json; charset=utf-16", '{"data": {}}'.encode("utf-16")),
    ("text/plain", b"key=1"),
    ("", b"\x00\x01"),
)


def test_no_query_and_no_path_breaks_an_address_that_is_read(ground: Ground) -> None:
    ground.fresh("requests")
    queries, paths, complaints = cycle(QUERIES), cycle(PATHS), []
    for number, rule in enumerate(reading_rules(ground.app)):
        who = READERS[number % len(READERS)]
        place = address_with(rule, "nothing", ids_of(ground))
        asked = [f"{place}?{query}" for query in (QUERIES if LONG else islice(queries, 2))]
        asked += [
            f"{place}?" + "&".join(f"{name}={quote(day)}" for name in sorted(names_read("args"))) for day in DAYS[:3]
        ]
        if rule.arguments:
            known = address_with(rule, "PLACE", {})
            asked += [known.replace("PLACE", path) for path in (PATHS if LONG else islice(paths, 1))]
        for path in asked:
            complaints += said(rule.rule, "request", path[-60:], raw(ground, "GET", path, who))

    assert complaints == []


def raw(ground: Ground, method: str, path: str, who: str, **more: Any) -> Any:
    return send(ground.app, Sent(path, who), method=method, key="k", **more)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Werkzeug leaves half a part open
def test_no_day_outside_of_the_calendar_and_no_badly_wrapped_body_breaks_a_writing_address(ground: Ground) -> None:
    days, bodies, complaints = cycle(DAYS), cycle(BODIES), []
    for address in writing_addresses()[:: 1 if LONG else 3]:
        door = Door(ground, address)
        leaves = [leaf for leaf in door.leaves() if leaf[0] != "name"]
        for day in DAYS if LONG else islice(days, 1):
            complaints += said(address, "all", day, door.try_with(dict.fromkeys(leaves, day)))
        for leaf in filter(partial(_is_day, door), leaves):
            for day in DAYS if LONG else (LATEST, next(days)):
                complaints += said(address, leaf, day, door.try_with({leaf: day}))
        for kind, body in BODIES if LONG else islice(bodies, 2):
            answer = send(ground.app, door.sent, method=door.method, key=door.key, raw=body, kind=kind)
            complaints += said(address, kind[:30], body[:30], answer)

    assert complaints == []


def _is_day(door: Door, leaf: tuple[str | int, ...]) -> bool:
    """Whether a valid request says a day there."""
    part, *path = leaf
    value: Any = door.answers() if part == "data" else door.sent.body if part == "body" else door.sent.form
    for step in path:
        value = value[step]
    return isinstance(value, str) and len(value) >= 10 and value[:4].isdigit() and value[4:5] == "-"
