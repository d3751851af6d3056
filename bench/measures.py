"""What is measured, on one database, with the floor beside it in the same run."""

import statistics
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from flask_migrate import upgrade

from app.extensions import db
from app.services.tallies import MOST
from app.storage.tallies import to_sum_up
from bench import crowds, floor, ground, report, series, servers
from bench.clients import Caller, Timing, crowd, each_of, timed, together
from bench.ground import CHECKED, Ground
from bench.report import Figures
from bench.servers import Database, Server, Used
from config import ROOT
from tests import postgresql

LONGEST_TIDYING = 180.0
"""Seconds that the worker gets to tidy up after rows were put in by the thousand."""


@dataclass(frozen=True)
class Scale:
    """How much of everything."""

    rounds: int
    each: int
    """Requests of a round."""
    clients: int
    each_client: int
    items: int
    races: int
    long_past: int
    crowds: tuple[int, ...]
    history: int
    done: int
    series: int
    """Cases of a series, where SQLite is measured."""


QUICK = Scale(2, 6, 4, 6, 6, 1, 100, (100, 1_000), 5_000, 100, 6)
FULL = Scale(6, 40, 8, 30, 200, 5, 2_000, (100, 10_000, 100_000), 1_000_000, 20_000, 200)


@dataclass
class Bench:
    """One database with both servers running."""

    kind: str
    url: str
    data: Path
    scale: Scale
    ground: Ground
    items: list[str]
    """Open items of the floor."""
    product: Server
    floor: Server
    database: Database | None
    """A database server of our own."""
    figures: Figures

    def used(self, server: Server) -> Callable[[], Used]:
        """Processor time of a server with its database."""
        database = self.database
        return (lambda: server.processor() + database.processor()) if database else server.processor

    def tell(self, name: str, timing: Timing) -> None:
        self.figures.timings[name] = timing
        report.say(self.kind, name, timing.p50, timing.p95, timing.processor, timing.worker)

    def note(self, name: str, value: float) -> None:
        self.figures.values[name] = value
        report.say(self.kind, name, value)

    def officer(self) -> Caller:
        return Caller(self.product.port, token=self.ground.officer_token)

    def bare(self) -> Caller:
        return Caller(self.floor.port, token=floor.TOKEN)

    def browser(self, cookie: str) -> Caller:
        return Caller(self.product.port, cookies={"wenze_session": cookie})


def measure(kind: str, scale: Scale, folder: Path) -> Figures:
    """All figures of one kind of database. Raises RuntimeError when an answer is not what it should be."""
    if kind == "sqlite":
        return _measure(kind, f"sqlite:///{folder / 'wenze.db'}", scale, folder, None)
    with postgresql.running(durable=True) as server:
        pid = int((Path(server) / "data" / "postmaster.pid").read_text().split()[0])
        url = postgresql.make_database(server, "bench")
        with closing(Database(url, pid)) as database:
            return _measure(kind, url, scale, folder, database)


def _measure(kind: str, url: str, scale: Scale, folder: Path, database: Database | None) -> Figures:
    figures = Figures(kind)
    steps = 3 * scale.rounds * scale.each + scale.clients * scale.each_client + 5 * scale.each
    with ground.application(url, folder):
        upgrade(directory=str(ROOT / "migrations"))
        prepared = ground.prepare(steps=steps, long_past=scale.long_past, items=scale.items, races=scale.races)
    if kind == "postgresql":
        _analyse(url)
    bare_url = url if database else f"sqlite:///{folder / 'floor.db'}"
    items = floor.fill(floor.create_app(bare_url), 2 * steps)
    with servers.product(url, folder) as product, servers.floor(bare_url, folder) as bare:
        bench = Bench(kind, url, folder, scale, prepared, items, product, bare, database, figures)
        for part in (cold, completing, in_turn, starting, growing, crowding, meeting, racing, memory, inboxes):
            part(bench)
    if kind == "sqlite":
        series.measure(scale.series, folder, figures)
    return figures


def cold(bench: Bench) -> None:
    """From nothing to the first answers, each the first of its kind."""
    bench.note("cold start, s", bench.product.started_in)
    bench.note("cold start of the floor, s", bench.floor.started_in)
    servers.wait_until_ready(bench.product)
    bench.note(
        "the worker until it had nothing to do, s of processor", servers.wait_until_idle(bench.used(bench.product))
    )
    task = bench.ground.steps.pop()
    first = [partial(bench.browser(bench.ground.officer_cookie).get, f"/tasks/{task}")]
    bench.tell("open a task page, the very first", timed(first, bench.used(bench.product)))
    first = [partial(bench.officer().complete, task, CHECKED)]
    bench.tell("complete, API, the very first", timed(first, bench.used(bench.product)))
    for _ in range(12):  # both web processes have met everything before the others are timed
        bench.officer().complete(bench.ground.steps.pop(), CHECKED)
        bench.bare().send("POST", f"/items/{bench.items.pop()}/complete", {"data": CHECKED})


def completing(bench: Bench) -> None:
    """The yardstick step over the API and from the page, in turn with the floor."""
    rounds: dict[str, list[Timing]] = {}
    officer, bare, browser = bench.officer(), bench.bare(), bench.browser(bench.ground.officer_cookie)
    for _ in range(bench.scale.rounds):
        for name, server, acts in (
            ("complete, API", bench.product, _completions(bench, officer, bench.scale.each)),
            ("bare floor", bench.floor, _bare_acts(bench, bare, bench.scale.each)),
        ):
            rounds.setdefault(name, []).append(timed(acts, bench.used(server)))
        tasks = [bench.ground.steps.pop() for _ in range(max(4, bench.scale.each // 4))]
        pages = timed([partial(browser.get, f"/tasks/{task}") for task in tasks], bench.used(bench.product))
        rounds.setdefault("open a task page", []).append(pages)
        forms = [(task, browser.form_of(task)) for task in tasks]
        posts = [partial(browser.post, task, hidden, CHECKED) for task, hidden in forms]
        rounds.setdefault("complete, HTML form", []).append(timed(posts, bench.used(bench.product)))
    for name, found in rounds.items():
        bench.tell(name, together(found))
    pairs = zip(rounds["complete, API"], rounds["bare floor"], strict=True)
    bench.note(
        f"complete, API: processor over the floor's, {bench.scale.each} by {bench.scale.each}",
        statistics.median(a.processor / b.processor for a, b in pairs),
    )


def in_turn(bench: Bench) -> None:
    """The yardstick step and the floor click by click: neither finds the processor's caches full of itself."""
    officer, bare = bench.officer(), bench.bare()
    found: dict[str, list[Timing]] = {"complete, API, in turn": [], "bare floor, in turn": []}
    for _ in range(bench.scale.rounds * bench.scale.each):
        acts = ((bench.product, _completions(bench, officer, 1)), (bench.floor, _bare_acts(bench, bare, 1)))
        for clicks, (server, act) in zip(found.values(), acts, strict=True):
            clicks.append(timed(act, bench.used(server)))
    for name, clicks in found.items():
        bench.tell(name, each_of(clicks))
    pairs = zip(*found.values(), strict=True)
    bench.note(
        "complete, API: processor over the floor's, click by click",
        statistics.median(a.processor / b.processor for a, b in pairs),
    )


def _completions(bench: Bench, caller: Caller, number: int) -> list[Callable[[], None]]:
    return [partial(caller.complete, bench.ground.steps.pop(), CHECKED) for _ in range(number)]


def _bare_acts(bench: Bench, caller: Caller, number: int) -> list[Callable[[], object]]:
    tasks = [bench.items.pop() for _ in range(number)]
    return [partial(caller.send, "POST", f"/items/{task}/complete", {"data": CHECKED}) for task in tasks]


def starting(bench: Bench) -> None:
    reporter = Caller(bench.product.port, token=bench.ground.reporter_token)
    acts = [partial(_start, reporter) for _ in range(bench.scale.each)]
    bench.tell("start a case, API", timed(acts, bench.used(bench.product)))


def _start(caller: Caller) -> None:
    status, text = caller.send("POST", "/api/v1/cases", {})
    if status not in (200, 201):
        raise RuntimeError(f"start: {status} {text[:300]}")


def growing(bench: Bench) -> None:
    """The same step in a case without a past and in one with a long past, in turn."""
    officer, ratios = bench.officer(), []
    found: dict[str, list[Timing]] = {"young": [], "old": []}
    number = min(len(bench.ground.long_steps), bench.scale.each) // 2
    for _ in range(2):
        old = [bench.ground.long_steps.pop() for _ in range(number)]
        young = [bench.ground.steps.pop() for _ in range(number)]
        for name, tasks in (("young", young), ("old", old)):
            acts = [partial(officer.complete, task, CHECKED) for task in tasks]
            found[name].append(timed(acts, bench.used(bench.product)))
        ratios.append(found["old"][-1].processor / found["young"][-1].processor)
    bench.tell(f"complete, API, {bench.ground.long_past} steps completed before", together(found["old"]))
    bench.note("the same: processor over that of a young case", statistics.median(ratios))


def crowding(bench: Bench) -> None:
    """Several clients at once."""
    clients, each = bench.scale.clients, bench.scale.each_client
    lines = [_completions(bench, bench.officer(), each) for _ in range(clients)]
    timing = crowd(lines, bench.used(bench.product))
    bench.tell(f"complete, API, {clients} clients", timing)
    bench.note(f"completions a second, {clients} clients", timing.per_second)
    bare = crowd([_bare_acts(bench, bench.bare(), each) for _ in range(clients)], bench.used(bench.floor))
    bench.note(f"the floor a second, {clients} clients", bare.per_second)


def meeting(bench: Bench) -> None:
    if not bench.ground.meeting:
        return
    browser, items = bench.browser(bench.ground.officer_cookie), bench.ground.meeting_items
    pages = [partial(browser.get, f"/meetings/{bench.ground.meeting}") for _ in range(max(3, bench.scale.each // 4))]
    bench.tell(f"a meeting's page, {items} items", timed(pages, bench.used(bench.product)))
    acts = [
        partial(Caller(bench.product.port, token=act.token).complete, act.task, act.answers)
        for act in bench.ground.discussions[: max(3, bench.scale.each // 4)]
    ]
    bench.tell(f"decide an item, API, {items} items", timed(acts, bench.used(bench.product)))


def racing(bench: Bench) -> None:
    """Seven members sign one item at the same moment: all must be accepted."""
    found = []
    for race in bench.ground.races:
        lines = [[partial(Caller(bench.product.port, token=a.token).complete, a.task, a.answers)] for a in race]
        found.append(crowd(lines, bench.used(bench.product)))
    if found:
        bench.tell(f"{found[0].number} parallel reviews, each", together(found))
        bench.note("parallel reviews: all accepted after, s", statistics.median(timing.wall for timing in found))


def memory(bench: Bench) -> None:
    """Of the web processes, after everything above has run in them."""
    workers = bench.product.web_workers()
    bench.note("memory of a web process, MB (RSS), the largest", max(map(servers.resident, workers)))
    bench.note("what a web process adds to the machine, MB (PSS), the largest", max(map(servers.share, workers)))


def inboxes(bench: Bench) -> None:
    """Boxes of somebody with very many tasks and of somebody with few, then the lists and a click beside them."""
    scale = bench.scale
    for number in scale.crowds:
        is_last = number == scale.crowds[-1]
        with ground.application(bench.url, bench.data):
            crowds.grow_to(number, history=scale.history if is_last else 0, done=scale.done if is_last else 0)
            ground.leave_nothing_to_do()
        _tidy(bench)
        servers.wait_until_idle(bench.used(bench.product))
        for name, cookie in (("many", bench.ground.officer_cookie), ("50", bench.ground.few_cookie)):
            for box in ("todo", "pool"):
                browser = bench.browser(cookie)
                browser.get(f"/inbox/{box}")
                acts = [partial(browser.get, f"/inbox/{box}") for _ in range(scale.each)]
                bench.tell(f"inbox/{box}, {number} open, {name} mine", timed(acts, bench.used(bench.product)))
    browser = bench.browser(bench.ground.officer_cookie)
    for path in ("/inbox/done", "/cases", "/ledger", f"/cases/{bench.ground.cases[0]}"):
        browser.get(path)
        acts = [partial(browser.get, path) for _ in range(max(3, scale.each // 4))]
        name = path if path.count("/") < 2 or "inbox" in path else "a case's page"
        bench.tell(f"{name}, {scale.crowds[-1]} open, {scale.history} lines", timed(acts, bench.used(bench.product)))
    acts = _completions(bench, bench.officer(), scale.each)
    bench.tell(f"complete, API, {scale.crowds[-1]} open", timed(acts, bench.used(bench.product)))


def _analyse(url: str) -> None:
    """What the database does by itself within minutes: until then it plans as if the tables were empty."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _tidy(bench: Bench) -> None:
    """What the database and the worker would have done meanwhile, had the rows come one by one."""
    if bench.kind == "postgresql":
        _analyse(bench.url)
    until = time.monotonic() + LONGEST_TIDYING
    with ground.application(bench.url, bench.data):
        while to_sum_up() > MOST and time.monotonic() < until:
            db.session.rollback()
            time.sleep(1)
