"""A running proceeding goes on under another version of its definition, or is refused with a reason."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.engine import run
from app.engine.migrate import Migration, migrate
from app.engine.parse import Definition
from tests.engine import diagrams as d
from tests.engine.proceedings import Proceeding, definition_of, started


def moved(
    proceeding: Proceeding, *parts: str, mapping: Mapping[str, str] | None = None, called: bytes | None = None
) -> Migration:
    """What migrating to the process "p" in such a diagram does; taken over where nothing is against it."""
    new = definition_of(*[file for file in (d.diagram(*parts), called) if file])
    return taken_over(proceeding, new, mapping)


def taken_over(proceeding: Proceeding, new: Definition, mapping: Mapping[str, str] | None = None) -> Migration:
    given: dict[str, Any] = {"context": proceeding.context, "now": proceeding.now}
    migration = migrate(proceeding.definition, new, proceeding.state, mapping=mapping, **given)
    if migration.advance is not None:
        proceeding.definition = new
        proceeding.keep(migration.advance)
    return migration


def line(*steps: str) -> str:
    """A process of human steps one after the other."""
    nodes = (d.start(), *(d.user(step) for step in steps), d.end())
    return d.process("p", *nodes, d.flows(" ".join(("begin", *steps, "done"))))


def test_a_step_added_behind_the_present_one_is_met() -> None:
    proceeding = started(line("a", "b"))

    moved(proceeding, line("a", "review", "b"))

    for step in ("a", "review", "b"):
        assert proceeding.open == [step]
        proceeding.do(step)
    assert proceeding.last.completed


def test_the_open_step_keeps_its_id_so_that_drafts_and_claims_stay() -> None:
    proceeding = started(line("a", "b"))
    before = proceeding.task("a").id

    migration = moved(proceeding, line("a", "c", "b"))

    assert proceeding.task("a").id == before
    assert migration.advance is not None
    assert (migration.advance.opened, migration.advance.closed) == ((), ())


def test_a_step_that_vanished_is_refused_until_another_takes_over() -> None:
    proceeding = started(line("a", "b"))

    refused = moved(proceeding, line("new", "b"))
    agreed = moved(proceeding, line("new", "b"), mapping={"a": "new"})

    assert [str(why) for why in refused.obstacles] == ["环节“办理a”在新版本中不存在，请指明由哪个环节承接。"]
    assert str(agreed.remarks[0]) == "“办理a”由“办理new”承接。"
    assert agreed.renamed == {"a": "new"}
    assert proceeding.open == ["new"]
    proceeding.do("new")
    assert proceeding.open == ["b"]


def test_a_finished_step_may_vanish() -> None:
    proceeding = started(line("a", "b"))
    proceeding.do("a")

    assert moved(proceeding, line("b", "c")).obstacles == ()

    proceeding.do("b")
    assert proceeding.open == ["c"]


def test_a_mapping_to_a_step_that_is_not_there_is_refused() -> None:
    migration = moved(started(line("a")), line("b"), mapping={"a": "nowhere"})

    assert "新版本没有环节“nowhere”" in str(migration.obstacles[0])


def test_another_kind_of_step_is_refused() -> None:
    proceeding = started(line("a", "b"))

    members = d.process(
        "p",
        d.start(),
        d.user("a", d.many("members", "member")),
        d.end(),
        d.flows("begin a done"),
        variables={"members": "list", "results": "list"},
        collections="members results",
    )

    assert "换了类型" in str(moved(proceeding, members).obstacles[0])


def with_timer(span: str = "P5D", *steps: str, event: bool = True, interrupting: bool = True) -> str:
    names = ("a", *steps)
    alarm = (d.boundary("late", "a", d.timer("Duration", f'"{span}"'), interrupting=interrupting), d.user("urge"))
    chains = [" ".join(("begin", *names, "done")), *(["late urge stop"] if event else [])]
    nodes = (d.start(), *(d.user(name) for name in names), *(alarm if event else ()), d.terminate())
    return d.process("p", *nodes, *([d.end("stop")] if event else []), d.flows(*chains))


def test_a_running_timer_keeps_its_instant_and_still_fires() -> None:
    proceeding = started(with_timer())
    due = proceeding.last.timers[0].due_at
    proceeding.wait(days=2)

    same = moved(proceeding, with_timer("P5D", "b"))
    longer = moved(proceeding, with_timer("P9D", "b"))

    assert same.remarks == ()
    assert [str(what) for what in longer.remarks] == ["定时“late”的设定改变，已经在等的这一次仍按原定时间。"]
    assert [timer.due_at for timer in proceeding.last.timers] == [due]
    proceeding.wait(days=4)
    assert proceeding.open == ["urge"]


@pytest.mark.parametrize(("then", "now"), [(True, False), (False, True)])
def test_a_boundary_event_that_comes_or_goes_is_refused(then: bool, now: bool) -> None:
    proceeding = started(with_timer(event=then))

    migration = moved(proceeding, with_timer(event=now))

    assert ["边界事件" in str(why) for why in migration.obstacles] == [True] * len(migration.obstacles)
    assert migration.obstacles


def test_a_boundary_that_begins_to_interrupt_is_refused() -> None:
    proceeding = started(with_timer(interrupting=False))

    assert "边界事件" in str(moved(proceeding, with_timer(interrupting=True)).obstacles[0])


def review(*branches: str, behind: str = "z", first: str = "") -> str:
    """Branches of one or more steps each ("b c" is one) between a fork and a join."""
    steps = [step for branch in branches for step in branch.split()]
    names = [*([first] if first else []), *steps, behind]
    head = f"begin {first} fork" if first else "begin fork"
    chains = [head, *(f"fork {branch} join" for branch in branches), f"join {behind} done"]
    nodes = (d.start(), d.parallel("fork"), d.parallel("join"), *(d.user(name) for name in names), d.end())
    return d.process("p", *nodes, d.flows(*chains))


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_parallel_review_goes_on_midway_and_joins_once(order: str) -> None:
    proceeding = started(review("a", "b"))
    proceeding.do(order[0])

    assert moved(proceeding, review("a", "b b2" if order[1] == "b" else "b", behind="y")).obstacles == ()

    proceeding.do(order[1])
    if order[1] == "b":
        proceeding.do("b2")
    assert proceeding.open == ["y"]
    proceeding.do("y")
    assert proceeding.last.completed


def test_a_branch_that_never_began_is_refused() -> None:
    proceeding = started(review("a", "b"))

    migration = moved(proceeding, review("a", "b", "c"))

    assert [str(why) for why in migration.obstacles] == [
        "新版本的并行汇聚“join”要等“办理c”一路，本件没有启动过这一路。"
    ]


def test_a_step_that_moves_into_a_parallel_block_is_refused() -> None:
    proceeding = started(line("a", "z"))

    assert "没有启动过这一路" in str(moved(proceeding, review("a", "b")).obstacles[0])


def test_a_parallel_block_ahead_is_no_obstacle() -> None:
    proceeding = started(line("start", "z"))

    assert moved(proceeding, review("a", "b", first="start")).obstacles == ()

    proceeding.do("start")
    assert proceeding.open == ["a", "b"]


def test_a_join_that_vanishes_is_refused_because_what_follows_would_be_done_twice() -> None:
    proceeding = started(review("a", "b"))
    merged = d.process(
        "p",
        d.start(),
        d.parallel("fork"),
        d.exclusive("join"),
        *(d.user(step) for step in ("a", "b", "z")),
        d.terminate(),
        d.flows("begin fork a join z done", "fork b join"),
    )

    assert "后面的环节会重复办理" in str(moved(proceeding, merged).obstacles[0])


def test_a_branch_that_arrived_under_a_name_that_is_gone_is_refused_until_it_is_named() -> None:
    proceeding = started(review("a", "b"))
    proceeding.do("a")

    refused = moved(proceeding, review("first", "b"))
    agreed = moved(proceeding, review("first", "b"), mapping={"a": "first"})

    assert "没有启动过这一路" in str(refused.obstacles[0])
    assert agreed.obstacles == ()
    proceeding.do("b")
    assert proceeding.open == ["z"]


def votes(*, behind: str = "z", collection: str = "members", sequential: bool = False) -> str:
    return d.process(
        "p",
        d.start(),
        d.user("vote", d.many(collection, "member", "votes", "ballot", sequential=sequential)),
        d.user(behind),
        d.end(),
        d.flows(f"begin vote {behind} done"),
        variables={collection: "list", "votes": "list"},
        collections=f"{collection} votes",
    )


@pytest.mark.parametrize("sequential", [False, True])
def test_votes_already_cast_count_after_the_migration(sequential: bool) -> None:
    proceeding = started(votes(sequential=sequential), members=["m1", "m2", "m3"])
    proceeding.do("vote", {"member": "m1"}, ballot="yes")

    assert moved(proceeding, votes(behind="y", sequential=sequential)).obstacles == ()

    proceeding.do("vote", {"member": "m2"}, ballot="no")
    last = proceeding.do("vote", {"member": "m3"}, ballot="yes")
    assert proceeding.open == ["y"]
    assert last.opened[0].variables["votes"] == ["yes", "no", "yes"]


def test_other_multi_instance_data_and_another_order_are_refused() -> None:
    proceeding = started(votes(), members=["m1", "m2"])

    assert "多实例" in str(moved(proceeding, votes(collection="others")).obstacles[0])
    assert "换了类型" in str(moved(proceeding, votes(sequential=True)).obstacles[0])


def test_inside_a_called_process_caller_and_called_gain_steps() -> None:
    def caller(*behind: str) -> str:
        users = [d.user(step) for step in behind]
        return d.process(
            "p", d.start(), d.call("call", "q"), *users, d.end(), d.flows(" ".join(("begin call", *behind, "done")))
        )

    def called(*steps: str) -> bytes:
        users = [d.user(step) for step in steps]
        return d.diagram(d.process("q", d.start("q0"), *users, d.end("q1"), d.flows(" ".join(("q0", *steps, "q1")))))

    proceeding = Proceeding(definition_of(d.diagram(caller("z")), called("a")))

    moved(proceeding, caller("y", "z"), called=called("a", "b"))

    for step in ("a", "b", "y", "z"):
        assert proceeding.open == [step]
        proceeding.do(step)
    assert proceeding.last.completed


def listener(message: str = "Msg", *behind: str) -> str:
    users = [d.user(step) for step in behind]
    chain = " ".join(("begin wait", *behind, "done"))
    return d.messages(message) + d.process(
        "p", d.start(), d.receive("wait", message), *users, d.end(), d.flows(chain), variables={"case_no": "string"}
    )


def test_a_waited_message_is_heard_afterwards_and_another_one_is_refused() -> None:
    proceeding = started(listener(), case_no="A1")

    assert "等待的事件" in str(moved(proceeding, listener("Other")).obstacles[0])
    assert moved(proceeding, listener("Msg", "b")).obstacles == ()

    proceeding.deliver("Msg", case_no="A1")
    assert proceeding.open == ["b"]


def test_who_may_do_an_open_step_is_asked_again_only_where_the_question_differs() -> None:
    def asked(expression: str, role: str = "clerk") -> str:
        step = d.user("a", candidateOrgan=expression, candidateRole=role)
        return d.process("p", d.start(), step, d.end(), d.flows("begin a done"), variables={"o": "string"})

    proceeding = started(asked("o"), o="one")

    same, other, nobody = (
        moved(proceeding, asked("o", role="head")),
        moved(proceeding, asked('"two"')),
        moved(proceeding, asked("if o = null then o else null")),
    )

    assert same.open[0].candidate_organ == "one"
    assert [str(what) for what in same.remarks] == ["“办理a”改由岗位 head 办理。"]
    assert other.open[0].candidate_organ == "two"
    assert "会受阻" in str(nobody.obstacles[0])


def test_a_held_step_stays_held_and_the_new_version_mends_it() -> None:
    def scripted(text: str) -> str:
        script = d.script("s", text)
        nodes = (d.start(), d.user("a"), script, d.user("b"), d.end(), d.flows("begin a s b done"))
        return d.process("p", *nodes, variables={"n": "number"})

    proceeding = started(scripted("n = case.amount * 2"), context={"case": {"amount": None}})
    proceeding.do("a")
    assert proceeding.held == ["s"]

    assert moved(proceeding, scripted("n = 1")).obstacles == ()

    assert proceeding.held == ["s"]
    proceeding.retry("s")
    assert (proceeding.open, proceeding.held) == (["b"], [])


def test_variables_that_only_the_new_version_has_are_named() -> None:
    new = d.process("p", d.start(), d.user("a"), d.end(), d.flows("begin a done"), variables={"level": "string"})

    migration = moved(started(line("a")), new)

    assert "level" in str(migration.remarks[0])


def test_a_state_is_never_touched_by_asking() -> None:
    proceeding = started(review("a", "b"))
    before = proceeding.state

    migrate(proceeding.definition, definition_of(d.diagram(review("a", "b"))), before, context={}, now=proceeding.now)

    assert run.open_tasks(proceeding.definition, before) == proceeding.tasks
