"""Every text, name, value and file through every door: a refusal or an inert record, quickly, and nothing else."""

import json
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

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
from tests.hostile.files import HostileFile
from tests.hostile.texts import FILE_NAMES, TEXTS

pytestmark = pytest.mark.usefixtures("open_doors")

IN_A_PLACE = 6
"""Texts that the long form tries in each place. All of them in each place would be thirty thousand requests; in turn
each text comes to some twenty places, at every kind of door."""
ODD: tuple[Any, ...] = ([], {}, None, True, 2**70, -1, 1.5, [[[[[]]]]], {"$": 1}, ["x"] * 3000, {"a": {"b": {"c": 1}}})
RAW = (
    b"",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"\xff\xfe{}",
    b'{"data":NaN}',
    b'{"data":1e999}',
    b'{"data":' + b"9" * 100_000 + b"}",
    b'{"data":"\\ud800"}',
    b'{"data":{"__proto__":{"x":1}}}',
    b'{"data":1,"data":2}',
    b"null",
    b"[]",
    b'"x"',
    b"{} {}",
    b"<xml/>",
    b'{"data":{' + b",".join(b'"k%d":1' % n for n in range(20_000)) + b"}}",
)


@pytest.mark.slow
def test_no_text_breaks_a_writing_address(ground: Ground, outbound: list[object], executed: list[Path]) -> None:
    texts, complaints, began, count = cycle(TEXTS), [], time.monotonic(), 0
    known = sorted(names_read("form"))
    for address in writing_addresses()[:: 1 if LONG else 10]:
        door = Door(ground, address)
        leaves = door.leaves()
        for leaf in leaves:
            for text in islice(texts, IN_A_PLACE if LONG else 1):
                count += 1
                complaints += said(address, leaf, text, door.try_with({leaf: text}))
        text = next(texts)
        count += 2
        everything = {leaf: text for leaf in leaves if leaf[0] != "name"}
        complaints += said(address, "all", text, door.try_with(everything, more=dict.fromkeys(known, text)))
        complaints += said(address, "nothing", "", door.try_with({leaf: "" for leaf in leaves if leaf[0] != "name"}))
    sys.stdout.write(f"\n{count} requests, {time.monotonic() - began:.0f} s\n")

    assert complaints == []
    assert outbound == []


@pytest.mark.slow
def test_no_odd_value_or_body_breaks_an_address_that_takes_json(ground: Ground) -> None:
    odd, raws, complaints = cycle(ODD), cycle(RAW), []
    for address in writing_addresses():
        door = Door(ground, address)
        leaves = [leaf for leaf in door.leaves() if leaf[0] in ("body", "data")]
        for leaf in leaves:
            for value in ODD if LONG else islice(odd, 1):
                complaints += said(address, leaf, value, door.try_with({leaf: value}))
        if door.takes_json():
            for raw in RAW if LONG else islice(raws, 5):
                complaints += said(address, "raw", raw[:40], door.try_with({}, raw=raw))

    assert complaints == []


@pytest.mark.slow
def test_no_text_breaks_an_address_that_is_read(ground: Ground, outbound: list[object]) -> None:
    ground.fresh("reading")
    texts, complaints = cycle(TEXTS), []
    names = sorted(names_read("args"))
    for number, rule in enumerate(reading_rules(ground.app)):
        who = READERS[number % len(READERS)]
        for text in TEXTS if LONG else islice(texts, 4):
            answer = send(ground.app, Sent(address_with(rule, text, ids_of(ground)), who), method="GET", key="k")
            complaints += said(rule.rule, "path", text, answer)
        for text in TEXTS if LONG else islice(texts, 4):
            place = address_with(rule, "nothing", ids_of(ground))
            asked = {name: text.encode("utf-8", "replace").decode()[:2000] for name in names}
            complaints += said(rule.rule, "args", text, read(ground, place, who, asked))

    assert complaints == []
    assert outbound == []


@pytest.mark.slow
def test_every_hostile_file_is_refused_or_kept_inert_at_every_door_that_takes_one(
    ground: Ground, files: list[HostileFile], outbound: list[object], executed: list[Path]
) -> None:
    complaints, doors, turn = [], 0, cycle(files)
    for address in writing_addresses():
        door = Door(ground, address)
        for field in door.sent.files:
            doors += 1
            for file in files if LONG else islice(turn, 3):
                answer = door.try_with({("file", field): (file.content, file.name)})
                complaints += said(address, field, file.name, answer)
    assert complaints == []
    assert outbound == []
    assert doors >= 8


@pytest.mark.slow
def test_every_hostile_name_is_refused_or_made_harmless(ground: Ground) -> None:
    complaints = []
    for address in ("POST /attachments", "POST /api/v1/attachments"):
        door = Door(ground, address)
        for name in FILE_NAMES:
            answer = door.try_with({("name", "file"): name})
            complaints += said(address, "name", name, answer)
            if answer.status == 201:
                kept = json.loads(answer.body)["file_name"]
                assert not set("/\\\0\r\n\u202e\u2066") & set(kept), name

    assert complaints == []


def test_no_header_breaks_a_page(ground: Ground) -> None:
    ground.fresh("headers")
    complaints = []
    names = (
        "Accept-Language",
        "Accept",
        "X-Forwarded-For",
        "Referer",
        "User-Agent",
        "If-None-Match",
        "Range",
        "Cookie",
    )
    for text in TEXTS:
        value = text.encode("latin-1", "replace").decode("latin-1").replace("\r", " ").replace("\n", " ")[:4000]
        for path in ("/sign-in", "/api/v1/tasks"):
            sent = Sent(path, "jmo.officer")
            answer = send(ground.app, sent, method="GET", key="k", **dict.fromkeys(names, value))
            complaints += said(path, "headers", text, answer)

    assert complaints == []


def read(ground: Ground, place: str, who: str, asked: dict[str, str]) -> Any:
    return send(ground.app, Sent(f"{place}?{urlencode(asked)}", who), method="GET", key="k")
