"""The way through a diagram as the order of its steps tells it."""

from app.domain.ways import way_out, way_taken

FLOWS = {
    "start": (("f1", "register"),),
    "register": (("f2", "gate"),),
    "gate": (("f3", "check"), ("f4", "join")),
    "check": (("f5", "join"),),
    "join": (("f6", "close"),),
    "close": (("f7", "end"),),
}
FORK = {
    "start": (("f1", "fork"),),
    "fork": (("f2", "left"), ("f3", "right")),
    "left": (("f4", "join"),),
    "right": (("f5", "join"),),
    "join": (("f6", "after"),),
}
BORDER = {
    "start": (("f1", "wait"),),
    "wait": (("f2", "done"), ("", "alarm")),
    "alarm": (("f3", "urge"),),
}


def test_the_branch_that_was_not_taken_is_not_on_the_way() -> None:
    assert way_taken(FLOWS, ["start"], ["register", "close"]) == {"f1", "f2", "f4", "f6"}
    assert way_taken(FLOWS, ["start"], ["register", "check", "close"]) == {"f1", "f2", "f3", "f5", "f6"}


def test_every_branch_that_ran_leads_to_the_join() -> None:
    assert way_taken(FORK, ["start"], ["left", "right", "after"]) == {"f1", "f2", "f3", "f4", "f5", "f6"}


def test_a_way_may_leave_a_step_by_an_event_on_its_border() -> None:
    assert way_taken(BORDER, ["start"], ["wait", "urge"]) == {"f1", "f3"}


def test_a_diagram_that_is_over_leads_to_its_end() -> None:
    taken = way_taken(FLOWS, ["start"], ["register", "close"])

    assert way_out(FLOWS, taken, ["register", "close"], between={"gate", "join", "end"}, halted=()) == {"f7"}


TWO_ENDS = {
    "start": (("f1", "decide"),),
    "decide": (("f2", "gate"), ("", "late")),
    "gate": (("f3", "split"), ("f4", "again")),
    "split": (("f5", "kept"), ("f6", "dropped")),
    "again": (("f7", "kept"),),
    "late": (("f8", "dropped"),),
    "kept": (),
    "dropped": (),
}
NAMELESS = {"gate", "split", "late", "kept", "dropped"}


def test_where_several_ends_may_have_come_only_what_is_certain_is_drawn() -> None:
    assert way_out(TWO_ENDS, {"f1"}, ["decide"], between=NAMELESS, halted=()) == {"f2", "f3"}


def test_a_step_that_was_open_when_the_diagram_was_left_may_have_come_next() -> None:
    assert way_out(TWO_ENDS, {"f1"}, ["decide"], between=NAMELESS, halted={"again"}) == {"f2"}
    assert way_out(FLOWS, {"f1", "f2", "f3"}, ["register"], between=["gate"], halted={"check"}) == frozenset()


def test_nothing_visited_is_no_way() -> None:
    assert way_taken(FLOWS, ["start"], []) == frozenset()
