"""Callers over HTTP, and what their waiting looked like."""

import http.client
import json
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

from bench.servers import Used


@dataclass
class Caller:
    """One client with a connection that is kept; a program with a token, or a browser with cookies."""

    port: int
    token: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, body: Any = None, *, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of the answer. Raises RuntimeError for what no caller should ever see (5xx)."""
        headers = {"Idempotency-Key": uuid4().hex}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        content = None
        if form is not None:
            content = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in form.items())
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif body is not None:
            content = json.dumps(body)
            headers["Content-Type"] = "application/json"
        status, text = self._exchange(method, path, content, headers)
        if status >= 500:
            raise RuntimeError(f"{method} {path}: {status} {text[:300]}")
        return status, text

    def _exchange(self, method: str, path: str, content: str | None, headers: dict[str, str]) -> tuple[int, str]:
        for attempt in (0, 1):
            connection = self._connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                connection.request(method, path, content, headers)
                answer = connection.getresponse()
                text = answer.read().decode()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self._connection = None  # the server closed an idle connection
                if attempt:
                    raise
                continue
            self._connection = None if answer.will_close else connection
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, text
        raise AssertionError

    def get(self, path: str) -> str:
        """The page. Raises RuntimeError where it is none."""
        status, text = self.send("GET", path)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {text[:300]}")
        return text

    def complete(self, task: str, answers: dict[str, Any]) -> None:
        """Complete a step over the API. Raises RuntimeError where it is refused."""
        status, text = self.send("POST", f"/api/v1/tasks/{task}/complete", {"data": answers})
        if status != 200:
            raise RuntimeError(f"{task}: {status} {text[:500]}")

    def form_of(self, task: str) -> dict[str, str]:
        """The hidden fields of a task page."""
        text = self.get(f"/tasks/{task}")
        return {name: _hidden(text, name) for name in ("csrf_token", "key")}

    def post(self, task: str, hidden: dict[str, str], answers: dict[str, Any]) -> None:
        """Send the form of a task page. Raises RuntimeError where it is shown again."""
        status, text = self.send("POST", f"/tasks/{task}", form={**hidden, "data": json.dumps(answers)})
        if status not in (302, 303):
            raise RuntimeError(f"{task}: {status} {text[:500]}")


def _hidden(text: str, name: str) -> str:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    return value[1] if value else ""


@dataclass(frozen=True)
class Timing:
    """What a number of requests took; milliseconds."""

    number: int
    p50: float
    p95: float
    processor: float
    """Of the processes that answer, with their database, for each request."""
    worker: float
    """The same of the worker, which does other things meanwhile."""
    wall: float
    """Seconds for all."""

    @property
    def per_second(self) -> float:
        return self.number / self.wall if self.wall else 0.0


def timed(acts: Iterable[Callable[[], Any]], used: Callable[[], Used]) -> Timing:
    """One after the other. `used` tells the processor time of the server so far."""
    found, before, began = [], used(), time.perf_counter()
    for act in acts:
        start = time.perf_counter()
        act()
        found.append((time.perf_counter() - start) * 1000)
    return _timing(found, used() - before, time.perf_counter() - began)


def crowd(lines: Sequence[Sequence[Callable[[], Any]]], used: Callable[[], Used]) -> Timing:
    """As many clients at once as there are lines of acts. Raises the first failure of any."""
    found: list[float] = []
    failures: list[BaseException] = []
    ready = threading.Barrier(len(lines) + 1)

    def work(acts: Sequence[Callable[[], Any]]) -> None:
        ready.wait()
        try:
            for act in acts:
                start = time.perf_counter()
                act()
                found.append((time.perf_counter() - start) * 1000)
        except BaseException as failure:  # noqa: BLE001  (told to the measuring thread)
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(acts,)) for acts in lines]
    for thread in threads:
        thread.start()
    before = used()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return _timing(found, used() - before, time.perf_counter() - began)


def together(parts: Sequence[Timing]) -> Timing:
    """Several rounds as one: the median of the rounds' medians, so that a noisy minute counts once."""
    return Timing(
        number=sum(part.number for part in parts),
        p50=statistics.median(part.p50 for part in parts),
        p95=statistics.median(part.p95 for part in parts),
        processor=statistics.median(part.processor for part in parts),
        worker=statistics.median(part.worker for part in parts),
        wall=sum(part.wall for part in parts),
    )


def each_of(clicks: Sequence[Timing]) -> Timing:
    """Timings of one request each as one; of the processor's time the median, of the worker's the mean, for it works
    for several of them at once."""
    found = _timing([click.p50 for click in clicks], Used(0.0, 0.0), sum(click.wall for click in clicks))
    return replace(
        found,
        processor=statistics.median(click.processor for click in clicks),
        worker=statistics.fmean(click.worker for click in clicks),
    )


def _timing(found: list[float], used: Used, wall: float) -> Timing:
    ranked, each = sorted(found), 1000 / len(found)
    p95 = ranked[min(len(ranked) - 1, int(len(ranked) * 0.95))]
    return Timing(len(ranked), statistics.median(ranked), p95, used.web * each, used.worker * each, wall)
