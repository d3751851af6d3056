"""Requests of kinds that the corpora of texts and files have not: verbs, heads, cookies, hosts, parts, roads elsewhere."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from app.web.auth import own_address
from tests.faults.crash_ground import Ground
from tests.faults.crash_requests import Sent
from tests.faults.crash_world import COUNTY, cookie_of
from tests.hostile.doors import SLOWEST, Answer, said, send
from tests.hostile.texts import NOWHERE
from tests.pace import watched

pytestmark = pytest.mark.usefixtures("open_doors")

WHO = "jmo.officer"
PAGES = ("/sign-in", "/inbox/todo", "/api/v1/tasks", "/static/css/app.css", "/attachments/x", "/search?q=x")
ELSEWHERE = (
    "http://127.0.0.1:9/",
    "https:127.0.0.1:9",
    "https:/127.0.0.1:9",
    "//127.0.0.1:9",
    "///127.0.0.1:9",
    "////127.0.0.1:9/%2f..",
    "/\\127.0.0.1:9",
    "\\\\127.0.0.1:9",
    "/\t/127.0.0.1:9",
    "/\n/127.0.0.1:9",
    "/\r\n/127.0.0.1:9",
    "\x00//127.0.0.1:9",
    " //127.0.0.1:9",
    "\u00a0//127.0.0.1:9",
    "/%09/127.0.0.1:9",
    "/%5c127.0.0.1:9",
    "/..//127.0.0.1:9",
    "/.//127.0.0.1:9",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "/x\r\nSet-Cookie: a=b",
    "/\u2028/127.0.0.1:9",
    "／／127.0.0.1:9",
    "/／127.0.0.1:9",
    "@127.0.0.1:9",
    "/@127.0.0.1:9",
    ".127.0.0.1:9",
    "http:@127.0.0.1:9",
    "?next=//127.0.0.1:9",
    "#//127.0.0.1:9",
    "//[",
    "http://[::1",
)
"""Where a form may be asked to lead on to; none of it may leave this site."""
HEADS: tuple[dict[str, str], ...] = (
    {"Host": "evil.example"},
    {"Host": "evil.example:80@127.0.0.1"},
    {"Host": "127.0.0.1:99999"},
    {"Host": "[::1"},
    {"Host": "a b"},
    {"Host": ""},
    {"Host": "x" * 5000},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1, 2, 3"},
    {"Forwarded": "host=evil.example;proto=javascript"},
    {"X-Original-URL": "/administration", "X-Rewrite-URL": "/administration"},
    {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "PUT"},
    {"Accept-Language": ",".join(f"x{n}-Y;q=0.{n}" for n in range(5000))},
    {"Accept-Language": "en;q=nan,zh;q=-1,*;q=1e999"},
    {"Accept-Language": "-" * 30_000},
    {"Accept": ",".join(f"a/b{n};q=0.{n}" for n in range(5000))},
    {"Accept": ";;;;=,=;q=;" * 2000},
    {"Accept-Encoding": "gzip;q=0,br;q=1e400," * 1000},
    {"If-None-Match": ",".join(f'"{n}"' for n in range(20_000))},
    {"If-None-Match": 'W/"' + "x" * 60_000},
    {"If-Match": '"' * 9999},
    {"If-Modified-Since": "Mon, 99 Foo 99999 99:99:99 GMT"},
    {"If-Modified-Since": "Fri, 31 Dec 9999 23:59:59 -9999"},
    {"If-Range": "Thu, 01 Jan 1970 00:00:00 GMT", "Range": "bytes=0-"},
    {"Range": "bytes=" + ",".join(f"{n}-{n}" for n in range(10_000))},
    {"Range": "bytes=-99999999999999999999"},
    {"Range": "bytes=5-1,0-0,-0"},
    {"Range": "parsecs=" + "9" * 4000},
    {"Cookie": "wenze_session=" + "x" * 7000},
    {"Cookie": 'wenze_session="\\377\\000\\"; session=.e30.x.y; ; =; ===' + ";a=b" * 3000},
    {"Cookie": "session=" + base64.urlsafe_b64encode(b"x" * 6000).decode()},
    {"Cookie": "session=.eJ" + "A" * 4000},
    {"Cookie": "__Host-wenze_session=a; wenze_session=b; wenze_session=c"},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer " + "a" * 60_000},
    {"Authorization": "Basic " + "=" * 4000},
    {"Authorization": "Digest " + "a=b," * 3000},
    {"Authorization": 'Digest username="x", realm=\\"'},
    {"Content-Length": "0", "Transfer-Encoding": "chunked"},
    {"Content-Type": "application/json, text/html"},
    {"Content-Type": "multipart/form-data; boundary=a; boundary=b"},
    {"Content-Type": "application/json; charset=no-such-charset"},
    {"Content-Type": "x" * 9000},
    {"Idempotency-Key": "k" * 9000},
    {"Origin": "null", "Referer": NOWHERE},
    {"Referer": "\\\\evil\\x"},
    {"HX-Request": "true", "HX-Target": "#" * 5000, "HX-Current-URL": "javascript:alert(1)"},
    {"Upgrade": "websocket", "Connection": "Upgrade"},
    {"Expect": "100-continue"},
    {"Last-Event-ID": "\xff" * 500},
)
"""One request each, at every address of `PAGES`."""
VERBS = ("TRACE", "TRACK", "CONNECT", "OPTIONS", "HEAD", "PROPFIND", "FOO", "PATCH", "DELETE", "PUT")
PATHS = (
    "/attachments/..%2f..%2f..%2fetc%2fpasswd",
    "/attachments/%2e%2e/%2e%2e/config.py",
    "/static/%2e%2e/%2e%2e/config.py",
    "/static/..%5c..%5cconfig.py",
    "/static/%252e%252e/config.py",
    "/static/css/%00",
    "/static/css/app.css%00.html",
    "/static//etc/passwd",
    "/static/%c0%ae%c0%ae/config.py",
    "/static/" + "a/" * 900,
    "//127.0.0.1:9/inbox",
    "/./inbox/todo",
    "/inbox/todo;a=b",
    "/inbox/todo/",
    "/inbox/todo%0d%0aX-A:%20b",
    "/cases/%2e",
    "/cases/%E2%80%AE",
    "/api/v1/../../administration",
    "/api/v1/cases/" + "%F0%9F%98%80" * 400,
    "/api/v1//cases",
    "/API/V1/tasks",
    "/.git/config",
    "/.env",
)


def get(ground: Ground, path: str, *, method: str = "GET", **more: Any) -> Answer:
    return send(ground.app, Sent(path, WHO), method=method, key="k", **more)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_road_leads_elsewhere(ground: Ground, target: str) -> None:
    with ground.app.test_request_context():
        found = own_address(target)

    assert found.startswith("/")
    assert found[1:2] not in ("/", "\\")
    assert not set(found) & set("\\\t\r\n\x00")


def test_no_head_breaks_a_page_or_leads_it_elsewhere(ground: Ground) -> None:
    ground.fresh("odd")
    complaints = []
    for head in HEADS:
        for page in PAGES:
            answer = get(ground, page, **head)
            complaints += said(page, head, "", answer)
            told = f"{answer.headers} {answer.body[:200_000]!r}"
            if "evil.example" in told:
                complaints.append(f"{page} {head} repeats a host that somebody else named")

    assert complaints == []


def test_no_verb_is_taken_for_another(ground: Ground) -> None:
    ground.fresh("odd")
    complaints = []
    for verb in VERBS:
        for page in (*PAGES, "/no/such/page"):
            answer = get(ground, page, method=verb)
            complaints += said(page, verb, "", answer)
            if verb not in ("HEAD", "OPTIONS") and answer.status < 400:
                complaints.append(f"{verb} {page} was answered {answer.status}")
            if b"wenze_session" in answer.body:
                complaints.append(f"{verb} {page} gives the request back")

    assert complaints == []


def test_no_path_leads_to_a_file_of_the_machine(ground: Ground) -> None:
    ground.fresh("odd")
    complaints = []
    for path in PATHS:
        answer = get(ground, path)
        complaints += said(path, "path", "", answer)
        if b"SECRET_KEY" in answer.body or b"root:" in answer.body or "X-A" in answer.headers:
            complaints.append(f"{path} was answered with {answer.body[:80]!r}")

    assert complaints == []


def part(name: str, value: str, more: str = "") -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'.encode()


def wrapped() -> Iterator[tuple[str, bytes]]:
    """Bodies of several parts that no browser wraps so, each called something."""
    whole = "multipart/form-data; boundary=b"
    yield whole, part("a", "x") * 20_000 + b"--b--"
    yield whole, b"".join(part(f"a[{n}][__proto__]", "x") for n in range(900)) + b"--b--"
    yield whole, part("a" * 70_000, "x") + b"--b--"
    yield whole, part("a", "x", '; filename="' + "f" * 70_000 + '"') + b"--b--"
    yield whole, part("file", "x", "; filename*=utf-16''%ff%fe") + b"--b--"
    yield whole, part("file", "x", "; filename*=no-such''%ff") + b"--b--"
    yield whole, b"--b\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\nx\r\n--b--"
    yield whole, b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--"
    yield (
        whole,
        b"--b\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name=a\r\n\r\n!!!\r\n--b--",
    )
    yield whole, b"--b" * 100_000
    yield whole, b"\r\n" * 300_000
    yield "multipart/form-data; boundary=" + "b" * 60_000, b""
    yield "multipart/form-data; boundary=\x01", b"--\x01--"
    yield "multipart/mixed; boundary=b", part("a", "x") + b"--b--"
    yield "application/x-www-form-urlencoded", b"a" * 3_000_000
    yield "application/x-www-form-urlencoded", b"%" * 300_000
    yield "application/x-www-form-urlencoded", b"__proto__[x]=1&a.b.c=1&a[]=1&constructor=1&self=1&csrf_token=x"


def test_no_wrapping_of_a_body_breaks_a_form(ground: Ground) -> None:
    ground.fresh("odd")
    complaints = []
    for number, (kind, body) in enumerate(wrapped()):
        for path in ("/sign-in", "/attachments", "/api/v1/attachments", "/inbox/bulk"):
            answer = get(ground, path, method="POST", raw=body, kind=kind)
            complaints += said(path, number, kind[:40], answer)

    assert complaints == []


BODIES = (
    b'{"data": 1e-400}',
    b'{"data": -1E+308}',
    b'{"data": ' + b"1" * 4_000 + b"}",
    b'{"data": 0.' + b"1" * 200_000 + b"}",
    b'{"data": "' + b"\\u0000" * 20_000 + b'"}',
    b'{"data": "\\uDBFF\\uDFFF\\uD800x"}',
    b'{"data": "\xed\xa0\x80"}',
    b"\xef\xbb\xbf{}",
    '{"data": {}}'.encode("utf-16-le"),
    '{"data": {}}'.encode("utf-32"),
    b'{"data": {"a.b": {"c[0]": {"__class__": {"__init__": 1}}}}}',
    b'{"data":' + b"[" * 90_000 + b"]" * 90_000 + b"}",
    b'{"data":"' + b"x" * 3_000_000 + b'"}',
    b"{" + b" " * 3_000_000 + b"}",
    b"/**/{}",
    b"{'data': 1}",
    b"+1",
    b"Infinity",
    b"{}\x00",
)


def test_no_json_breaks_the_api(ground: Ground) -> None:
    ground.fresh("odd")
    complaints = []
    for body in BODIES:
        for method, path in (
            ("POST", "/api/v1/cases"),
            ("PUT", "/api/v1/tasks/x/draft"),
            ("POST", "/api/v1/procedures"),
        ):
            answer = get(ground, path, method=method, raw=body)
            complaints += said(path, "body", body[:30], answer)
            if answer.status < 400:
                complaints.append(f"{path} took {body[:30]!r}")

    assert complaints == []


def test_a_cookie_that_is_nearly_somebodys_is_nobodys_like_any_other(ground: Ground) -> None:
    """What is looked up is a digest: nothing of a cookie is compared with a real one."""
    ground.fresh("odd")
    real = cookie_of(f"{COUNTY}.{WHO}")
    client = ground.app.test_client()

    def takes(cookie: str) -> tuple[int, float]:
        client.set_cookie("wenze_session", cookie)
        with watched() as watch:
            answer = client.get("/inbox/todo")
        return answer.status_code, watch.seconds

    near, far = takes(real[:-1] + ("a" if real[-1] != "a" else "b")), takes("x" * len(real))

    assert near[0] == far[0] == 302
    assert max(near[1], far[1]) < SLOWEST
