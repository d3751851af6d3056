"""审批 in the browser's words: what the scenarios said stands on the page of whoever approves."""

from datetime import UTC, datetime

from flask import Flask

from app.domain.differences import Difference
from app.domain.errors import Sentence
from app.services.studio import drafts, scenario_runs
from app.services.studio.scenario_runs import Played
from app.storage.accounts import actor_of
from tests.web.pages import Browser
from tests.web.test_studio import SMALL, opened, owner, put, settled, small  # noqa: F401  (fixtures of the same county)


def test_the_approval_says_which_scenario_failed_where_and_what_none_came_to(
    small: Flask,  # noqa: F811
    owner: Browser,  # noqa: F811
) -> None:
    draft = opened(owner)
    file = owner.client.get(f"{draft}/files/{SMALL}").get_json()
    renamed = file["content"].replace('name="T_check"', 'name="核对"')
    put(owner, f"{draft}/files/{SMALL}", {"content": renamed, "base": 0})
    none_yet = owner.get(f"{draft}/approval").text
    wrong = (
        Difference("open", "", "small/T_urge", "small/T_check"),
        Difference("never", sentence=Sentence("实际有：%(names)s", names="small/T_late")),
    )
    bad = Played(
        "small/b", "逾期催办", went_well=False, seconds=0.1, act=3, verb="do", step="small/T_check", differences=wrong
    )
    good = Played("small/a", "登记", went_well=True, seconds=0.1, act=2, verb="", step="")
    with small.app_context():
        who, draft_id, now = actor_of("beishan.owner1"), draft.rpartition("/")[2], datetime.now(UTC)
        assert who is not None
        digest = scenario_runs.digest_of(drafts.candidate_files(draft_id, actor=who))
        scenario_runs.register(draft_id, run_id="r9", digest=digest, wanted="CHANGED", total=3, actor=who, now=now)
        scenario_runs.claim(now)
        scenario_runs.note("r9", [good, bad], now=now)
        under_way = owner.client.get(f"{draft}/approval").get_data(as_text=True)
        scenario_runs.note("r9", [good, bad, good], now=now)
        scenario_runs.finish("r9", missing=["small/T_urge"], now=now)

    ended = owner.client.get(f"{draft}/approval").get_data(as_text=True)

    assert "还没有运行过情景" in none_yet
    assert 'data-refreshes="2"' in under_way
    assert "已运行 2 个" in under_way
    assert all(
        word in ended
        for word in (
            "逾期催办",
            "第3步",
            "small/T_check",
            "small/T_urge",
            "实际有：small/T_late",
            "没有情景经过的内容 1 处",
        )
    )
    assert "data-refreshes" not in ended
