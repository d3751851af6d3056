"""What people keep beside a case, over the API: remarks, stars, views, phrases; the outline; what counts as opened."""

from urllib.parse import quote

from tests.api.conftest import Caller, Callers, problem_of


def test_a_remark_is_said_changed_and_taken_away_by_its_author(reporter: Caller, officer: Caller) -> None:
    case = reporter.open_case()
    address = f"/proceedings/{case['id']}/remarks"

    said = reporter.post(address, {"text": "送达回证在第三页。"}, key="once")
    again = reporter.post(address, {"text": "送达回证在第三页。"}, key="once")

    [remark] = said.json["items"]
    assert again.json == said.json
    assert (remark["text"], remark["mine"], remark["changeable"]) == ("送达回证在第三页。", True, True)
    assert [line["mine"] for line in officer.get(address).json["items"]] == [False]
    problem_of(officer.send("PUT", f"/remarks/{remark['id']}", json={"text": "别人的话"}), 404)
    changed = reporter.send("PUT", f"/remarks/{remark['id']}", json={"text": "送达回证在第四页。"})
    assert changed.status_code == 204
    assert reporter.send("DELETE", f"/remarks/{remark['id']}").status_code == 204
    [gone] = officer.get(address).json["items"]
    assert (gone["text"], gone["removed"]) == ("", True)


def test_remarks_of_what_is_hidden_do_not_exist(reporter: Caller, callers: Callers) -> None:
    case = reporter.open_case()
    stranger = callers("officer", county="nanhe")

    problem_of(stranger.get(f"/proceedings/{case['id']}/remarks"), 404)
    problem_of(stranger.post(f"/proceedings/{case['id']}/remarks", {"text": "看得见吗"}), 404)
    problem_of(reporter.post(f"/proceedings/{case['id']}/remarks", {"text": "  "}), 422)
    problem_of(reporter.post(f"/proceedings/{case['id']}/remarks", {"text": "@没有这个人 请看"}), 422)


def test_a_star_is_kept_once_and_leads_to_the_case(reporter: Caller, callers: Callers) -> None:
    case = reporter.open_case()
    address = f"/me/follows/{case['id']}"

    assert [reporter.send("PUT", address).status_code for _ in range(2)] == [204, 204]
    assert [line["number"] for line in reporter.get("/me/follows").json["items"]] == [case["number"]]
    assert reporter.get("/me/follows", text="没有这样的").json["total"] == 0
    assert [reporter.send("DELETE", address).status_code for _ in range(2)] == [204, 204]

    assert reporter.get("/me/follows").json["items"] == []
    problem_of(callers("reporter", county="nanhe").send("PUT", address), 404)


def test_a_view_keeps_what_the_address_of_a_box_may_say(officer: Caller, callers: Callers) -> None:
    wanted = {"name": "临期的", "box": "todo", "filters": {"lamp": "SOON", "made_up": "1"}, "shared": True}

    [view] = officer.post("/me/views", wanted).json["items"]

    assert (view["name"], view["box"], view["filters"], view["mine"]) == ("临期的", "todo", {"lamp": "SOON"}, True)
    assert [(one["name"], one["mine"]) for one in callers("officer2").get("/me/views").json["items"]] == [
        ("临期的", False)
    ]
    problem_of(callers("officer2").send("DELETE", f"/me/views/{view['id']}"), 404)
    assert officer.send("DELETE", f"/me/views/{view['id']}").status_code == 204
    assert officer.get("/me/views").json["items"] == []
    problem_of(officer.post("/me/views", {**wanted, "box": "elsewhere"}), 422)
    problem_of(officer.post("/me/views", {**wanted, "filters": {"q": ["a"]}}), 422)
    problem_of(officer.post("/me/views", {**wanted, "name": ""}), 422)


def test_phrases_are_kept_shared_and_dropped(officer: Caller, callers: Callers) -> None:
    for _ in range(2):
        kept = officer.post("/me/phrases", {"text": "经审核，同意受理。", "shared": True}).json["items"]

    assert [phrase["text"] for phrase in kept] == ["经审核，同意受理。"]
    [offered] = callers("officer2").get("/me/phrases").json["items"]
    assert (offered["mine"], offered["shared"]) == (False, True)
    problem_of(callers("officer2").send("DELETE", f"/me/phrases/{offered['id']}"), 404)
    assert officer.send("DELETE", f"/me/phrases/{offered['id']}").status_code == 204
    assert officer.get("/me/phrases").json["items"] == []


def test_the_outline_tells_each_step_with_its_state(reporter: Caller, officer: Caller) -> None:
    case = reporter.open_case()

    told = officer.get(f"/proceedings/{quote(case['number'])}/outline").json

    states = {step["step"]: step["state"] for step in told["steps"]}
    assert [step for step, state in states.items() if state == "CURRENT"] == ["T_check"]
    assert states["T_register"] == "NEXT", "what was done may come again: the check can return it"
    registered = next(step for step in told["steps"] if step["step"] == "T_register")
    assert [run["person"] for run in registered["runs"]] == [reporter.get("/me").json["name"]]
    problem_of(officer.get(f"/proceedings/{case['id']}/outline", automatic="perhaps"), 422)


def test_a_step_that_its_holder_read_over_the_api_can_no_longer_be_taken_back(
    reporter: Caller, officer: Caller, callers: Callers
) -> None:
    case = reporter.open_case()
    task = next(line["id"] for line in officer.tasks("claimable") if line["proceeding"]["id"] == case["id"])
    officer.post(f"/tasks/{task}/claim", {})
    officer.get(f"/tasks/{task}")
    officer.send("POST", f"/tasks/{task}/transfer", json={"to_person": "beishan.officer2", "reason": "出差"})

    holder = callers("officer2")
    before = holder.tasks()[0]["id"]
    holder.get(f"/tasks/{before}")

    registered = next(line["id"] for line in reporter.tasks("done"))
    refusal = problem_of(reporter.post(f"/tasks/{registered}/take-back", {"reason": "日期有误"}), 409)
    assert "已签收" in refusal["detail"]
