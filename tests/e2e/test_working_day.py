"""A working day in the real browser, in a county with 2,000 open items: five roles, and every verb they have."""

import pytest
from playwright.sync_api import Browser, Page, expect

from app.queries import open_steps
from app.queries.boxes import Box, box_counts
from app.scenarios.filling import fill
from app.services import searching
from tests.e2e import day_desk
from tests.e2e.busy_county import OPEN_ITEMS
from tests.e2e.day import Day, claim, drop, follow, pick, submit, told, verb, written
from tests.e2e.page_filling import fill_page
from tests.e2e.scenes import perform
from tests.e2e.sight import PHONE, photograph, resize, weight, wide

pytestmark = [pytest.mark.browser, pytest.mark.slow]
county, day = day_desk.county, day_desk.day

OFFICER, OFFICER2, DIRECTOR = "jmo.officer", "jmo.officer2", "jmo.director"
REPORTER, REVIEWER = "organ.reporter.zjj", "organ.legal_reviewer.zjj"
FIRST_VISIT, NEXT_VISIT = 120_000, 20_000
"""Bytes of the work list over the wire."""

WRONG_BETWEEN = """() => {
  document.querySelector("#form-root textarea + details.phrases").before(document.createElement("div"));
  document.dispatchEvent(new CustomEvent("wenze:change"));
}"""
"""Where a field has no hint, the form puts what is wrong between the text and its phrases."""


def test_the_officer_finds_his_way_among_two_thousand_items(day: Day, browser: Browser) -> None:
    page = day.at(OFFICER)
    counts = box_counts(day.stage.actor(OFFICER))
    assert counts[Box.TODO] + counts[Box.POOL] > OPEN_ITEMS * 0.9
    for box in Box:
        expect(page.locator(f"[data-count={box.value}]")).to_have_text(str(counts[box]))
    day.look(page, "inbox")

    page.locator('.rows a.only[href*="organ="]').first.click()
    page.wait_for_url("**organ=*")
    narrowed = page.url
    organ = page.locator("select[name=organ] option[selected]").inner_text()
    assert {cell.strip() for cell in page.locator(".rows tbody td:nth-of-type(5)").all_inner_texts()} == {organ}
    page.locator("summary", has_text="保存视图").click()
    page.get_by_label("视图名称").fill("常看的机关")
    page.get_by_role("button", name="保存", exact=True).click()
    told(page, "视图已保存")
    follow(page.get_by_role("link", name="清除筛选"))
    page.get_by_role("link", name="常看的机关").click()
    page.wait_for_url(narrowed)
    day.look(page, "view")

    for tick in range(2):
        page.locator(".rows input[name=item]").nth(tick).check()
    expect(page.get_by_text("已选 2 件")).to_be_visible()
    page.get_by_role("button", name="批量转办").click()
    expect(page.get_by_label("转给")).to_be_visible()
    day.look(page, "bulk")
    page.get_by_label("转给").select_option(label=day.name_of(OFFICER2))
    written(page, "转办事由").fill("分流办理")
    page.get_by_role("button", name="转办", exact=True).click()
    expect(page.get_by_label("办理结果").locator("tbody tr")).to_have_count(2)
    expect(page.get_by_label("办理结果")).to_contain_text("成功")

    searching.catch_up()
    page.locator("#global-search").fill(day.number("check"))
    page.locator("#global-search").press("Enter")
    expect(page.locator(".found .num", has_text=day.number("check")).first).to_be_visible()
    day.look(page, "search")
    page.keyboard.press("Control+k")
    page.keyboard.type(day.number("vote"))
    expect(page.locator("#jump-list li")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{day.id_of('vote')}")
    expect(page.locator("#diagram .djs-container svg .djs-shape").first).to_be_visible()
    day.look(page, "case")

    newcomer = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    newcomer.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    fresh = newcomer.new_page()
    first, second = (weight(fresh, f"{day.address}/inbox/todo") for _ in range(2))
    newcomer.close()
    assert 1_000 < first < FIRST_VISIT
    assert second < NEXT_VISIT


def test_what_was_written_outlives_a_sign_out_and_a_submission_is_taken_back_and_sent_back(day: Day) -> None:
    page = day.at(REPORTER, day.step("draft", "T_draft"))
    claim(page)
    area = page.locator("#form-root textarea").first
    page.locator("#submit").click()
    expect(page.locator("#error-summary")).to_be_visible()
    phrases, offered = page.locator("#form-root details.phrases"), page.locator("#form-root details.phrases").count()
    page.evaluate(WRONG_BETWEEN)
    expect(phrases).to_have_count(offered)  # not a second time
    area.fill("先写下的几句话")
    expect(page.locator("#saved")).to_contain_text("已自动保存")
    page.locator("details.who summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in*")

    page = day.at(REPORTER)
    expect(page.locator("[data-count=drafts]")).to_have_text("1")
    follow(page.get_by_role("link", name="草稿"))
    day.look(page, "drafts")
    follow(page.locator(".rows .subj a").first)
    page.wait_for_selector("form[data-ready]")
    expect(page.locator("#form-root textarea").first).to_have_value("先写下的几句话")
    day.look(page, "task")
    step = page.url.removeprefix(day.address)
    perform(day.stage, {"do": "filing-report/T_draft", "of": "draft", "by": REPORTER})
    assert "下一步：法制审核" in day.hands.told[-1]

    page = day.at(REPORTER, step)
    page.locator("summary", has_text="取回").click()
    written(page, "取回说明").fill("日期写错了")
    page.locator("form", has=page.locator("#take-back-reason")).get_by_role("button").click()
    told(page, "已取回")
    page.wait_for_selector("form[data-ready]")
    submit(page)
    told(page, "下一步：法制审核")

    page = day.at(REVIEWER, day.step("draft", "T_review"))
    form = verb(page, "退回")
    photograph(page, "day-verbs")
    written(form, "退回意见").fill("原因分析没有写到承办环节，请补充。")
    form.get_by_role("button", name="退回").click()
    told(page, "已退回")

    page = day.at(REPORTER, day.step("draft", "T_draft"))
    expect(page.locator("aside.ctx")).to_contain_text("退回")
    expect(page.locator("main")).to_contain_text("原因分析没有写到承办环节，请补充。")
    submit(page)
    told(page, "下一步：法制审核")
    page = day.at(REPORTER, f"/cases/{day.id_of('draft')}")
    page.get_by_role("button", name="关注").click()
    expect(page.get_by_role("button", name="已关注")).to_be_visible()
    written(page, "讨论内容").fill(f"@{day.name_of(OFFICER)} 判决书原件另行送达。")
    page.get_by_role("button", name="发表").click()
    expect(page.locator("#comments .said")).to_contain_text("判决书原件")
    page = day.at(OFFICER)
    follow(page.get_by_role("link", name="待阅").first)
    expect(page.locator(".rows")).to_contain_text("判决书原件")
    day.look(page, "notices")


def test_others_are_asked_and_hurried_and_more_time_is_given_before_the_step_is_done(day: Day) -> None:
    check = day.step("check", "T_check")
    page = day.at(OFFICER, "/inbox/pool?q=" + day.number("check"))
    follow(page.locator(".rows .subj a").first)
    claim(page)
    form = verb(page, "加签 / 征求意见")
    pick(form, day.name_of(DIRECTOR))
    written(form, "要征求意见的问题").fill("是否同意受理？")
    form.get_by_role("button", name="发送").click()
    told(page, "已加签")
    form = verb(page, "加签 / 征求意见")
    form.get_by_text("征求意见：不影响提交").click()
    pick(form, day.name_of("sup.intake"))
    written(form, "要征求意见的问题").fill("是否另有线索？")
    form.get_by_role("button", name="发送").click()
    told(page, "已征求意见")
    form = verb(page, "延期申请")
    until = form.get_by_label("申请延至")
    until.fill(until.get_attribute("min") or "")
    written(form, "延期理由").fill("卷宗较多")
    form.get_by_role("button", name="提出延期申请").click()
    told(page, "延期申请已提出")
    form = verb(page, "委派")
    pick(form, day.name_of(OFFICER2))
    written(form, "委派事由").fill("请核对送达回证")
    form.get_by_role("button", name="委派").click()
    told(page, "已委派")
    expect(page.locator(".asked-strip a", has_text=day.number("check"))).to_contain_text("等待交回")
    day.hands.settle()

    page = day.at(OFFICER2, check)
    page.locator("summary", has_text="填写意见，交回").click()
    written(page, "办理意见").fill("送达回证齐全。")
    page.get_by_role("button", name="交回", exact=True).click()
    told(page, "交回委派人")

    page = day.at(DIRECTOR)
    follow(page.locator(".asked-strip a", has_text=day.number("check")))
    day.look(page, "asked")
    written(page, "您的意见").fill("同意受理。")
    page.get_by_role("button", name="提交意见").click()
    told(page, "意见已提交")
    page = day.at(DIRECTOR, f"/proceedings/{day.id_of('check')}/handling")
    day.look(page, "handling")
    written(page, "决定的理由").fill("同意延期")
    page.get_by_role("button", name="批准延期").click()
    told(page, "已批准延期")
    page.locator("summary", has_text="催办").click()
    written(page, "催办附言").fill("请抓紧")
    page.get_by_role("button", name="催办").click()
    told(page, "已催办")
    page.locator("summary", has_text="督办").click()
    page.get_by_label("红色：限期办结").check()
    page.get_by_label("办结时限").fill("2026-03-31")
    written(page, "督办要求").fill("月底前办结")
    page.get_by_role("button", name="发出督办单").click()
    told(page, "督办单已发出")
    expect(page.locator("main")).to_contain_text("红色督办")

    page = day.at(OFFICER, check)
    aside = page.locator("aside.ctx")
    for said in ("红色督办", "已催办", "同意受理。", "已批准", "延长期限", "送达回证齐全。"):
        expect(aside).to_contain_text(said)
    day.look(page, "task-beside")
    form = verb(page, "转办")
    pick(form, day.name_of(OFFICER2))
    written(form, "转办事由").fill("本人外出")
    form.get_by_role("button", name="转办").click()
    told(page, "已转办")
    day.hands.settle()
    day.at(OFFICER2, check)
    accepted = {"check_result": "ACCEPTED"}
    perform(day.stage, {"do": "filing/T_check", "of": "check", "by": OFFICER2, "answers": accepted})
    assert day.hands.told[-1].startswith("已提交")


def test_a_deputy_decides_in_the_directors_stead_and_the_story_says_so(day: Day) -> None:
    page = day.at(DIRECTOR, "/me/deputies")
    form = page.locator("form", has=page.get_by_role("button", name="设置代理人"))
    pick(form.locator("label", has=page.locator("#deputy")), day.name_of(OFFICER2))
    form.get_by_label("起始日").fill(day.stage.world.now.date().isoformat())
    form.get_by_label("截止日").fill("2026-03-31")
    written(form, "事由").fill("外出学习")
    form.get_by_role("button", name="设置代理人").click()
    told(page, "代理已设置")
    day.look(page, "deputies")

    page = day.at(OFFICER2)
    follow(page.locator(".asked-strip").get_by_role("link", name="代理"))
    row = page.locator("tr", has_text=day.number("again"))
    row.get_by_role("button", name="接办").click()
    page.wait_for_url("**/tasks/**")
    accepted = {"second_result": "ACCEPTED"}
    perform(day.stage, {"do": "filing/T_check_director", "of": "again", "by": OFFICER2, "answers": accepted})
    page = day.at(OFFICER2, f"/cases/{day.id_of('again')}")

    expect(page.locator("#story")).to_contain_text(f"代 {day.name_of(DIRECTOR)}")


def test_a_letter_is_checked_before_it_leaves_and_a_member_signs_on_the_phone(day: Day) -> None:
    leader = open_steps.performer_of(day.stage.player_of("inform").find("investigation/T_inform"))
    assert leader is not None
    who = leader.username
    page = day.at(who, day.step("inform", "T_inform"))
    day.look(page, "task-letter")
    follow(page.locator("aside.ctx a[href*='/attachments/']").first)
    expect(page.locator("iframe.frame-of-paper")).to_be_visible()
    day.look(page, "paper")
    page = day.at(who, day.step("inform", "T_inform"))
    follow(page.locator("aside.ctx a[href*='/letters/']").first)
    expect(page.locator(".letter")).to_contain_text("调查通知书")
    expect(page.locator("main")).to_contain_text("预览稿，尚未签发")
    day.look(page, "letter")
    read: list[str] = []

    def reads(page: Page) -> None:
        """The page before a legal effect: effect, clause and letter; going back keeps everything."""
        expect(page.locator(".effect")).to_contain_text("法律效果：送达")
        expect(page.locator("section[aria-labelledby=check-law] .clause").first).to_be_visible()
        draft = page.locator("details.letter-draft").first
        if draft.get_attribute("open") is None:
            draft.locator("summary").click()
        read.append(draft.locator(".letter").inner_text())
        day.look(page, "check")
        page.locator("#back").click()
        page.wait_for_selector("form[data-ready]")
        submit(page)
        page.wait_for_selector("#confirm")
        read.append(page.locator("details.letter-draft .letter").first.text_content() or "")

    day.hands.reads = reads
    perform(day.stage, {"do": "investigation/T_inform", "of": "inform", "by": who})
    day.hands.reads = None
    assert day.hands.told[-1].startswith("已提交")
    assert len(read) == 2
    assert all("调查通知书" in letter and "请于前提供" not in letter for letter in read)  # the day that was filled in
    page = day.at(who, f"/cases/{day.id_of('inform')}")
    expect(page.locator("main")).to_contain_text("调查通知书")

    vote = day.stage.player_of("meeting").find("agenda-item/T_countersign", of=["czj"])
    page = day.at("member.signatory.czj", f"/tasks/{vote.task_id}")
    resize(page, PHONE)
    page.wait_for_selector("form[data-ready]")
    assert wide(page) == 0
    photograph(page, "day-vote-phone")
    scene = day.stage.world.scene(day.stage.actor("member.signatory.czj"), step=vote, names={})
    fill_page(page, fill(open_steps.form_of(vote), {"decision": "AGREE"}, scene), papers={})
    submit(page)
    page.wait_for_selector("#confirm, .told")
    assert wide(page) == 0
    if page.locator("#confirm").count():
        page.locator("#confirm").click()
    told(page, "已提交")
    resize(page, (1366, 768))
    page = day.at("member.signatory.czj", f"/meetings/{day.id_of('meeting')}")
    day.look(page, "meeting")


def test_a_file_is_dragged_onto_its_place(day: Day) -> None:
    """A new version of a paper, and a paper of a form that is being filled in."""
    page = day.at(REPORTER, f"/cases/{day.id_of('draft')}")
    follow(page.locator("aside a[href$='/view']").first)
    page.locator("summary", has_text="更换版本").click()
    drop(page, "form[data-drop]", "新扫描件.pdf")
    assert page.locator("#new-file").evaluate("(field) => field.files[0].name") == "新扫描件.pdf"
    page.get_by_label("更换事由").fill("扫描不清")
    page.get_by_role("button", name="保存新版本").click()
    told(page, "新版本已保存")
    page.get_by_role("link", name="查看最新版本").click()
    expect(page.locator("h1")).to_have_text("新扫描件.pdf")

    page = day.at(REPORTER, day.step("draft", "T_draft"))
    claim(page)
    drop(page, ".wz-papers", "分析报告.pdf")
    expect(page.locator("#form-root")).to_contain_text("分析报告.pdf")
