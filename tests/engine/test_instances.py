"""Conformance: multi-instance steps, in parallel and one after the other, with conditions that end them."""

from tests.engine import diagrams as d
from tests.engine.proceedings import Proceeding, started


def voting(*, sequential: bool = False, until: str = "") -> Proceeding:
    return started(
        d.process(
            "p",
            d.start(),
            d.user("v", d.many("members", "member", "votes", "vote", sequential=sequential, until=until)),
            d.user("z"),
            d.end(),
            d.flows("begin v z done"),
            variables={"members": "list", "votes": "list"},
            collections="members votes",
        ),
        members=list("abcdefg"),
    )


def test_seven_members_vote_in_parallel() -> None:
    p = voting()
    assert p.open == ["v"] * 7

    for member in "gfedcba":
        p.do("v", {"member": member}, vote=f"同意{member}")

    assert p.open == ["z"]
    assert sorted(p.task("z").variables["votes"]) == [f"同意{member}" for member in "abcdefg"]


def test_four_of_seven_that_agree_end_the_vote() -> None:
    p = voting(until='count(votes[item = "同意"]) >= 4')

    for member in "abc":
        p.do("v", {"member": member}, vote="同意")
    p.do("v", {"member": "d"}, vote="不同意")
    assert p.open == ["v"] * 3
    last = p.do("v", {"member": "e"}, vote="同意")

    assert p.open == ["z"]
    assert [closed.completed for closed in last.closed].count(False) == 2


def test_one_veto_ends_the_vote() -> None:
    p = voting(until='vote = "否决"')

    p.do("v", {"member": "a"}, vote="同意")
    p.do("v", {"member": "b"}, vote="否决")

    assert p.open == ["z"]
    assert p.task("z").variables["votes"] == ["同意", "否决"]


def test_members_vote_one_after_the_other() -> None:
    p = voting(sequential=True)

    for member in "abcdefg":
        assert [task.element for task in p.tasks] == [{"member": member}]
        p.do("v", vote=member)

    assert p.task("z").variables["votes"] == list("abcdefg")


def test_a_sequential_vote_ends_when_its_condition_holds() -> None:
    p = voting(sequential=True, until="nrOfCompletedInstances = 2 and nrOfInstances = 7")

    p.do("v", vote=1)
    p.do("v", vote=2)

    assert p.open == ["z"]


def test_an_empty_collection_is_passed() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.script("s", "members = []"),
            d.user("v", d.many("members", "member")),
            d.user("z"),
            d.end(),
            d.flows("begin s v z done"),
            variables={"members": "list", "results": "list"},
            collections="members results",
        )
    )

    assert p.open == ["z"]


def test_a_called_process_runs_once_per_element_and_returns_one_result_each() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.call("ca", "q", d.many("subjects", "subject", "outcomes", "outcome")),
            d.user("z"),
            d.end(),
            d.flows("begin ca z done"),
            variables={"subjects": "list", "outcomes": "list"},
            collections="subjects outcomes",
        ),
        d.process(
            "q",
            d.start("q1"),
            d.user("a", candidateOrgan="subject.organ"),
            d.end("q2"),
            d.flows("q1 a q2"),
            variables={"outcome": "string"},
        ),
        subjects=[{"id": n, "organ": f"x.{n}"} for n in range(7)],
    )
    assert p.open == ["a"] * 7
    assert sorted(task.candidate_organ or "" for task in p.tasks) == [f"x.{n}" for n in range(7)]

    for n in range(7):
        p.do("a", {"subject": {"id": n, "organ": f"x.{n}"}}, outcome=f"o{n}")

    assert p.task("z").variables["outcomes"] == [f"o{n}" for n in range(7)]


def test_a_boundary_timer_on_a_multi_instance_step_is_one_timer_for_all() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.user("v", d.many("members", "member", "votes", "vote")),
            d.boundary("be", "v", d.timer("Duration", '"P5D"')),
            d.user("h"),
            d.end(),
            d.flows("begin v done", "be h done"),
            variables={"members": "list", "votes": "list"},
            collections="members votes",
        ),
        members=["a", "b"],
    )
    assert [timer.step_id for timer in p.last.timers] == ["be"]

    p.wait(days=5)

    assert p.open == ["h"]


def test_two_steps_may_call_their_element_the_same_although_an_id_is_given_once_a_file() -> None:
    again = d.many("members", "member", "seconds", "vote").replace('id="member"', 'id="member_2"')
    again = again.replace('id="vote"', 'id="vote_2"')
    p = started(
        d.process(
            "p",
            d.start(),
            d.user("v", d.many("members", "member", "firsts", "vote")),
            d.user("w", again),
            d.user("z"),
            d.end(),
            d.flows("begin v w z done"),
            variables={"members": "list", "firsts": "list", "seconds": "list"},
            collections="members firsts seconds",
        ),
        members=["a", "b"],
    )

    for step in ("v", "w"):
        p.do(step, {"member": "a"}, vote=f"{step}甲")
        p.do(step, {"member": "b"}, vote=f"{step}乙")

    assert p.task("z").variables["seconds"] == ["w甲", "w乙"]
