"""试运行 of a draft: any role, a moved clock, one step back, and what was done as a scenario that passes."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ConflictError, DomainError, InvalidAnswersError, NotFoundError
from app.domain.roles import ROLES, Side
from app.scenarios import troupe, tryout_saving, tryout_view
from app.scenarios.tryout import Tryout
from tests.engine import diagrams as d
from tests.scenarios.conftest import COUNTY, Begin, county_files, of_nodes, small_files

REPORTER, OFFICER = f"{COUNTY}.organ.reporter.zjj", f"{COUNTY}.jmo.officer"
ANSWERS = {"matter": "违法拆除", "handling_organ": f"{COUNTY}.zjj", "waits": "yes"}


def opened(play: Tryout) -> dict[str, Any]:
    """A case is open and registered; what the screen shows of it."""
    play.open("case", by=REPORTER)
    play.submit(task(play, "T_register"), by=REPORTER, answers=ANSWERS)
    return tryout_view.standing(play, "A")


def task(play: Tryout, step: str) -> str:
    return next(
        str(one["task_id"]) for one in tryout_view.standing(play, "A")["steps"] if one["key"].endswith(f"/{step}")
    )


def open_now(play: Tryout) -> list[str]:
    return sorted(one["key"].partition("/")[2] for one in tryout_view.standing(play, "A")["steps"])


def test_the_people_that_a_pack_brings_are_found_however_its_file_is_written(tmp_path: Path) -> None:
    written = "county: {id: x, name: 某县}  # one line\norgans: []\npeople: []\n"
    (tmp_path / "answers.yml").write_text("people/of: {x: 1}\n", "utf-8")
    (tmp_path / "people.yml").write_text(written, "utf-8")

    found = troupe.file_of("x", tmp_path)

    assert found == tmp_path / "people.yml"
    assert troupe.file_of("xy", tmp_path) is None


def test_a_county_without_people_of_its_own_gets_somebody_for_every_role_that_acts() -> None:
    file = troupe.invented("x", "某县")

    held = {role["role"] for person in file["people"] for role in person["roles"]}
    assert held == {role.id for role in ROLES.values() if role.side is not Side.ADMINISTRATION}
    assert len({person["username"] for person in file["people"]}) == len(file["people"])


def test_every_role_is_played_and_the_screen_shows_who_may_what_waits_and_what_is_known(begin: Begin) -> None:
    play = begin(small_files())

    told = opened(play)

    steps = {one["key"]: one for one in told["steps"]}
    assert set(steps) == {"small/T_check", "small/T_handle"}
    assert OFFICER in steps["small/T_check"]["performers"]
    assert {one["step_id"] for one in told["waiting"]} == {"B_urge", "B_late"}
    assert ["", "matter", '"违法拆除"'] in told["facts"]
    assert [one["act"] for one in told["history"]][:2] == ["OPENED", "SUBMITTED"]
    assert {one["what"] for one in told["openable"]} == {"case", "meeting", "appeal", "note"}


def test_the_form_is_the_one_that_staff_see_and_only_for_who_may_see_it(begin: Begin) -> None:
    play = begin(small_files())
    opened(play)

    form = tryout_view.form(play, task(play, "T_check"), by=OFFICER, locale="zh_Hans_CN", answers=None)

    assert form["may_complete"] is True
    assert [part["key"] for part in form["form"]["schema"]["components"]] == ["opinion", "handling_organ", "pages"]
    with pytest.raises(NotFoundError):
        tryout_view.form(play, task(play, "T_check"), by=f"{COUNTY}.finance.officer", locale="zh", answers=None)


def test_a_refused_form_says_what_is_wrong_and_nothing_has_happened(begin: Begin) -> None:
    play = begin(small_files())
    play.open("case", by=REPORTER)
    step = task(play, "T_register")

    with pytest.raises(InvalidAnswersError) as refusal:
        play.submit(step, by=REPORTER, answers={})

    assert list(refusal.value.fields) == ["matter"]
    assert task(play, "T_register") == step
    assert len(play.done) == 1


def test_who_may_not_do_a_step_is_refused_in_the_play_as_in_the_office(begin: Begin) -> None:
    play = begin(small_files())
    opened(play)

    with pytest.raises(DomainError):
        play.submit(task(play, "T_check"), by=REPORTER, answers={"opinion": "属实"})

    assert open_now(play) == ["T_check", "T_handle"]


def test_the_clock_is_moved_and_what_falls_due_happens_on_its_way(begin: Begin) -> None:
    play = begin(small_files())
    opened(play)

    play.wait(span=timedelta(days=6))
    assert open_now(play) == ["T_check", "T_handle", "T_urge"]
    play.wait_until(date(2026, 3, 20))

    assert open_now(play) == ["T_escalate", "T_handle", "T_urge"]
    with pytest.raises(ConflictError):
        play.wait_until(date(2026, 3, 1))


def test_one_step_is_taken_back_as_often_as_there_are_and_then_everything(begin: Begin) -> None:
    play = begin(small_files())
    opened(play)
    before = play.now
    play.submit(task(play, "T_check"), by=OFFICER, answers={"opinion": "属实", "pages": 3})
    assert "T_review" in open_now(play)

    play.back()

    assert open_now(play) == ["T_check", "T_handle"]
    assert play.now == before
    play.reset()
    assert play.names() == []
    assert play.done == []


def test_further_back_than_is_remembered_everything_is_played_again(begin: Begin) -> None:
    play = begin(small_files())
    opened(play)
    play.wait(span=timedelta(hours=1))
    for done in play.done:
        done.end = None

    play.back()

    assert open_now(play) == ["T_check", "T_handle"]


def test_the_acts_are_the_play_and_bring_a_process_that_ended_back_to_where_it_was(begin: Begin) -> None:
    play = begin(small_files())
    opened(play)
    play.wait(span=timedelta(days=6))
    told = tryout_view.standing(play, "A")
    acts = [done.raw for done in play.done]

    play.reset()
    count = play.replay(acts)

    again = tryout_view.standing(play, "A")
    assert count == len(acts)
    assert again["now"] == told["now"]
    assert [one["key"] for one in again["steps"]] == [one["key"] for one in told["steps"]]


def test_the_play_is_kept_as_a_scenario_that_the_runner_passes(begin: Begin) -> None:
    play = begin(small_files())
    opened(play)
    play.submit(task(play, "T_check"), by=OFFICER, answers={"opinion": "属实", "pages": None})
    play.wait(span=timedelta(days=1))

    name = tryout_saving.file_name(play, "checked")
    text = tryout_saving.text_of(play, title="核对后等待复核", every_step=True)
    tryout_saving.ensure_passes(play, text)

    theatre = play.theatre
    (theatre.scenarios / "small").mkdir()
    (theatre.scenarios / "small" / "checked.yml").write_bytes(text)
    report = theatre.play("small/checked")
    assert name == "scenarios/small/checked.yml"
    assert report.went_well, report.failure
    assert "shows:\n- S-1\n" in text.decode()
    assert "by: organ.reporter.zjj" in text.decode()


def test_a_kept_play_that_would_not_pass_is_not_kept(begin: Begin) -> None:
    play = begin(small_files())
    opened(play)
    text = tryout_saving.text_of(play, title="登记", every_step=False).replace(b"T_handle", b"T_review")

    with pytest.raises(ConflictError, match="没有通过"):
        tryout_saving.ensure_passes(play, text)

    assert open_now(play) == ["T_check", "T_handle"]  # the play itself stays where it was


def test_names_of_files_and_titles_are_asked_for_in_words(begin: Begin) -> None:
    play = begin(small_files())
    opened(play)

    with pytest.raises(InvalidAnswersError):
        tryout_saving.file_name(play, "../x")
    with pytest.raises(InvalidAnswersError):
        tryout_saving.text_of(play, title=" ", every_step=False)


def test_a_table_is_explained_cell_by_cell_and_the_way_taken_is_drawn(begin: Begin) -> None:
    play = begin(county_files("jinzhai"), "jinzhai")
    play.open("case", by="", published="C13")
    step = tryout_view.standing(play, "A")["steps"][0]
    by = step["performers"][0]

    play.submit(step["task_id"], by=by, answers=play.usual_answers(step["task_id"], by=by))

    asked = tryout_view.standing(play, "A")["tables"][0]
    hit = next(row for row in asked["rows"] if row["hit"])
    drawn = tryout_view.drawing(play, "A", process="jinzhai-intake")
    assert ["案件类型", "case_type", "REVOKE"] in asked["inputs"]
    assert False not in hit["matched"]
    assert True in hit["matched"]
    assert any(False in row["matched"] for row in asked["rows"] if not row["hit"])
    assert drawn["path"] == ["jinzhai-case", "jinzhai-intake"]
    assert len(drawn["diagrams"]["jinzhai-intake"]["way"]) > 5

    waits = next(one for one in tryout_view.standing(play, "A")["waiting"] if one["message"] == "CaseReversed")
    play.deliver("A", message=waits["message"], key=waits["correlation"], payload={})

    assert waits["step_id"] in {one["step_id"] for one in tryout_view.standing(play, "A")["history"]}
    assert play.done[-1].raw["key"] == {"case_no": "$A"}


def test_a_play_goes_on_where_a_scenario_ends(begin: Begin) -> None:
    play = begin(county_files("jinzhai"), "jinzhai", continues="filing/late")

    told = tryout_view.standing(play, play.names()[0])

    assert told["steps"]
    assert told["acts"] == []
    assert b"continues: filing/late" in _kept(play)


def _kept(play: Tryout) -> bytes:
    step = tryout_view.standing(play, play.names()[0])["steps"][0]
    by = step["performers"][0]
    play.submit(step["task_id"], by=by, answers=play.usual_answers(step["task_id"], by=by))
    text = tryout_saving.text_of(play, title="继续", every_step=True)
    tryout_saving.ensure_passes(play, text)
    return text


def test_a_diagram_that_turns_in_circles_ends_with_a_sentence(begin: Begin) -> None:
    circle = of_nodes(
        d.start(),
        d.exclusive("merge"),
        d.script("S_again", "n = 1"),
        d.exclusive("ever", default="done"),
        d.end(),
        d.flows("begin merge S_again ever done"),
        d.when("ever", "merge", "true"),
        n="number",
    )
    play = begin(small_files(circle))

    with pytest.raises(DomainError, match="循环"):
        play.open("case", by=REPORTER)

    assert play.names() == []
    assert play.done == []


def test_a_million_instances_are_held_with_a_sentence(begin: Begin) -> None:
    crowd = of_nodes(
        d.start(),
        d.user("T_register", formKey="register", candidateRole="organ.reporter", candidateOrgan="lead_organ"),
        d.script("S_many", "all = for i in 1..1000000 return i"),
        d.user("T_each", d.many("all", "one", "said", "opinion"), formKey="check", candidateRole="jmo.officer"),
        d.end(),
        d.flows("begin T_register S_many T_each done"),
        collections="all said",
        lead_organ="string",
        all="list",
        said="list",
    )
    play = begin(small_files(crowd))

    told = opened(play)

    assert told["steps"] == []
    assert len(told["held"]) == 1
