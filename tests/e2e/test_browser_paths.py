"""Exceptional paths of both regulations in the real browser, from where they become interesting."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.scenarios.hands import ServiceHands
from app.scenarios.performance import Performance
from tests.e2e.browser_hands import BrowserHands
from tests.e2e.scenes import perform, stage_of
from tests.e2e.told_cases import case_page, names_in, told_in_order

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_late_filing_supplement_recusal_and_a_revoked_decision(county: Flask, hands: BrowserHands) -> None:
    with county.app_context():
        stage = stage_of("jinzhai", begins="2026-02-10")
        in_the_browser(stage, hands)
        perform(
            stage,
            {"open": "A", "published": "C13"},
            {"do": "jinzhai-intake/T_register", "by": "organ.reporter.zjj"},
            {"do": "jinzhai-intake/T_scope", "by": "jmo.officer"},
            {"wait_until": "2026-02-26", "then": {"open": ["filing-report/T_draft", "filing/T_urge"]}},
            {"do": "filing/T_urge", "by": "jmo.officer"},
            {"play": "A", "until": "filing/T_check"},
            {"do": "filing/T_check", "answers": {"check_result": "SUPPLEMENT", "missing_items": ["CASE_FILE"]}},
            {"do": "filing/T_supplement"},
            {"do": "filing/T_check", "then": {"open": "screening/T_collate", "facts": {"filed_on": "2026-02-26"}}},
        )

        through_the_services(stage)
        pursued = {"resolution": "PURSUE", "opinion_ref": "2026-1"}
        perform(
            stage,
            {"do": "screening/T_collate"},
            {"message": "AgendaDecided", "with": pursued, "then": {"open": "docketing/T_transfer"}},
            {"play": "A", "until": "investigation-team/T_team"},
        )

        in_the_browser(stage, hands)
        near = {"relation": "NEAR_RELATIVE", "recusal_requested": True, "relation_note": "与责任单位负责人系近亲属。"}
        perform(
            stage,
            {"do": "investigation-team/T_team"},
            {"do": "investigation-team/T_recusal", "for": "team.leader"},
            {"do": "investigation-team/T_recusal", "for": "team.member", "by": "team.member", "answers": near},
            {"do": "investigation-team/T_recusal", "for": "team.member2"},
            {
                "do": "investigation-team/T_recusal_decision",
                "by": "sup.head",
                "answers": {
                    "recusal_result": "REPLACE",
                    "replaced_person": "jinzhai.team.member",
                    "replacement": "jinzhai.team.member3",
                },
                "then": {"open": "investigation-team/T_team"},
            },
            {
                "do": "investigation-team/T_team",
                "answers": {"members": ["jinzhai.team.member2", "jinzhai.team.member3"]},
                "then": {"open": {"investigation-team/T_recusal": 3}},
            },
        )

        through_the_services(stage)
        strict = ["CIRCULATED_CRITICISM", "ADMONITION", "TRANSFER_FROM_POST"]
        done = [{"sanction": name, "done_on": "$today", "detail": "已执行", "archived": True} for name in strict]
        perform(
            stage,
            {"play": "A", "until": "accountability/T_prior_notice"},
            {
                "do": "accountability/T_prior_notice",
                "for": "subject.person.zjj2",
                "answers": {"notice_kind": "ACCOUNTABLE", "notice_sanctions": strict},
            },
            {"do": "accountability/T_statement"},
            {"do": "accountability/T_hear"},
            {"do": "subject-decision/T_draft_decision", "answers": {"sanctions": strict}},
            {"do": "subject-decision/T_decide"},
            {"do": "subject-decision/T_serve"},
            {
                "do": "subject-decision/T_execute",
                "answers": {
                    "executions": done,
                    "circular_scope": "全县执法系统，金通〔2026〕1号",
                    "admonition_record": "谈话记录已归档",
                    "posts_from_to": "由房地产管理股调至综合股",
                },
            },
        )

        in_the_browser(stage, hands)
        person = "subject.person.zjj2"
        perform(
            stage,
            {"procedure": "R", "kind": "remedy", "about": "A", "subject": person, "by": person},
            {"do": "remedy-application/T_apply", "by": person, "then": {"facts": {"apply_in_time": True}}},
            {"do": "jinzhai-remedy/T_admit", "by": "remedy.officer"},
            {
                "do": "remedy-examination/T_examine_30d",
                "by": "remedy.officer",
                "answers": {
                    "remedy_outcome": "REVOKED",
                    "reasons": "主要事实不清，应予撤销。",
                    "reversal_actions": ["WITHDRAW_CIRCULAR", "RESTORE_POST"],
                },
            },
            {"do": "remedy-examination/T_decide_remedy", "by": "remedy.officer2"},
            {"do": "jinzhai-remedy/T_serve_result"},
            {"do": "restoration/T_withdraw_circular", "by": "hr.executor"},
            {"do": "restoration/T_restore_post", "by": "hr.executor"},
            {"do": "restoration/T_apology", "by": "hr.executor"},
            {"do": "restoration/T_correct_file", "by": "archivist", "then": {"status": "CLOSED", "outcome": "REVOKED"}},
            {"look": "A", "then": {"subjects": [{"who": person, "kind": "WITHDRAWN", "sanctions": []}]}},
        )

        case = stage.world.proceedings["A"]
        office = stage.world.actor("jinzhai.jmo.officer")
        page = case_page(office, stage.world.now, hands, case=case)
        told_in_order(page, ["催报并记录逾期", "完整性审查", "补正", "完整性审查", "组成调查组", "送达决定书"])
        expect(page.locator("#procedures")).to_contain_text("撤销")
        page.locator("#procedures a").first.click()
        hands.photograph(page, "procedure")
        told_in_order(page, ["恢复岗位"])


def test_self_correction_an_exempt_person_and_a_statement_partly_accepted(county: Flask, hands: BrowserHands) -> None:
    with county.app_context():
        stage = stage_of("yiyuan", begins="2023-02-06")
        in_the_browser(stage, hands)
        corrected = {"correcting_organ": "scj", "act_no": "源市监罚字2022第117号"}
        perform(
            stage,
            {"procedure": "Z", "kind": "self_correction", "by": "organ.corrector.scj"},
            {"do": "self-correction/T_record", "answers": corrected},
            {
                "do": "self-correction/T_check",
                "by": "organ.legal_reviewer.scj",
                "answers": {"correction_review": "RETURNED", "legal_check": "请补充案卷材料。"},
            },
            {"do": "self-correction/T_record", "answers": corrected},
            {"do": "self-correction/T_check"},
            {"do": "self-correction/T_decide", "by": "organ.head.scj"},
            {"do": "self-correction/T_outcome", "by": "organ.corrector.scj", "then": {"outcome": "EFFECTIVE"}},
            {"open": "A", "by": "organ.reporter.scj", "answers": ANSWERS_OF_TWO},
            {"do": "yiyuan-intake/T_register"},
        )

        through_the_services(stage)
        perform(stage, {"play": "A", "leave": ["yiyuan-finding/T_finding"]})

        in_the_browser(stage, hands)
        decided = [
            {"who": HANDLER, "kind": "ACCOUNTABLE", "sanctions": ["CRITICISM_EDUCATION"]},
            {"who": REVIEWER, "kind": "EXEMPT", "sanctions": []},
        ]
        perform(stage, {"play": "A", "until": "yiyuan-closing/T_archive", "then": {"subjects": decided}})
        case = stage.world.proceedings["A"]
        names = names_in(case)
        assert names.count("执行处理决定") == names.count("取消评先评优资格") == 1, "nothing of the exempt person"

        perform(
            stage,
            {"procedure": "R", "kind": "remedy", "about": "A", "subject": HANDLER, "by": HANDLER},
            {"do": "remedy-application/T_apply", "by": HANDLER},
            {"do": "yiyuan-remedy/T_admit", "by": "remedy.officer"},
            {
                "do": "remedy-examination/T_examine_30d",
                "by": "remedy.officer",
                "answers": {"remedy_outcome": "REVOKED"},
            },
            {"do": "remedy-examination/T_decide_remedy", "by": "remedy.officer2"},
            {"do": "yiyuan-remedy/T_serve_result"},
            {"do": "restoration/T_lift_award_bar", "by": "award.officer"},
            {"do": "restoration/T_correct_file", "then": {"status": "CLOSED", "outcome": "REVOKED"}},
            {"play": "A", "then": {"status": "CLOSED", "subjects": [{"who": HANDLER, "kind": "WITHDRAWN"}]}},
        )
        page = case_page(stage.world.actor("yiyuan.registry.officer"), stage.world.now, hands, case=case)
        told_in_order(page, ["登记法律文书", "提出责任认定意见", "陈述申辩", "复核申辩意见", "送达决定书", "归档"])
        expect(page.locator("#procedures")).to_contain_text("撤销")


HANDLER, REVIEWER = "subject.person.scj", "subject.person.lcz"
OF_HANDLER, OF_REVIEWER = f"#yiyuan.{HANDLER}", f"#yiyuan.{REVIEWER}"
ANSWERS_OF_TWO = {
    "yiyuan-intake/T_register": {
        "matter": "未告知听证作出处罚，法院确认违法",
        "facts_summary": "处罚前未告知听证权利，机关已自行撤销处罚，法院仍确认原处罚违法。",
        "legal_doc_type": "ADMIN_JUDGMENT",
        "doc_no": "（2023）鲁03行终12号",
        "issuing_body": "COURT",
        "issuing_organ": "zbzy",
        "instance": "SECOND",
        "doc_date": "2023-02-06",
        "served_date": "2023-02-07",
        "appeal_filed": False,
        "case_type": "CONFIRM_ILLEGAL",
        "act_kind": "PENALTY",
        "act_no": "源市监罚字2022第117号",
        "act_date": "2022-12-20",
        "area": "MARKET_REGULATION",
        "nominal_entity": "scj",
        "organ_type": "ADMIN_ORGAN",
        "implementing_entities": ["scj"],
        "plaintiff_kind": "NATURAL_PERSON",
        "head_attended": True,
    },
    "yiyuan-attribution/T_persons": {
        "subjects": [
            {"organ": "scj", "person": f"yiyuan.{HANDLER}", "role": "HANDLER"},
            {"organ": "scj", "person": f"yiyuan.{REVIEWER}", "role": "REVIEWER"},
        ]
    },
    "yiyuan-routing/T_authority": {"org_at_act": "scj", "cadre_authority": "scj"},
    "yiyuan-routing/T_route": {"route": "UNIT", "pursuing_organ": "scj"},
    "yiyuan-inquiry/T_team": {"leader": "yiyuan.unit.officer.scj", "members": ["yiyuan.organ.legal_reviewer.scj"]},
    f"yiyuan-finding/T_finding{OF_HANDLER}": {"circumstance_basis": "立案前已自行撤销处罚，见自我纠错记录。"},
    f"yiyuan-finding/T_assess{OF_HANDLER}": {"mitigation_grounds": ["SELF_CORRECTED"]},
    f"yiyuan-defence/T_hear{OF_HANDLER}": {
        "accepted": "PARTLY",
        "accept_reasons": "自行撤销处罚属实，予以采纳；不知情的说法不予采纳。",
        "changed_opinion": "由通报批评改为批评教育。",
    },
    f"yiyuan-decision/T_draft{OF_HANDLER}": {
        "sanctions": ["CRITICISM_EDUCATION"],
        "level": "LIGHTER",
        "mitigation_grounds": ["SELF_CORRECTED"],
        "body": "scj",
    },
    f"yiyuan-effects/T_execute{OF_HANDLER}": {
        "executions": [
            {"sanction": "CRITICISM_EDUCATION", "done_on": "$today", "detail": "批评教育并记录", "archived": True}
        ]
    },
    f"yiyuan-effects/T_award{OF_HANDLER}": {"award_person": f"yiyuan.{HANDLER}"},
    f"yiyuan-finding/T_finding{OF_REVIEWER}": {
        "role_in_act": "REVIEWER",
        "mental_state": "ORDINARY_NEGLIGENCE",
        "share": "MINOR",
        "exemptions": ["MINOR_NO_HARM"],
    },
    f"yiyuan-finding/T_assess{OF_REVIEWER}": {"proposed_kind": "EXEMPT", "exemption_grounds": ["MINOR_NO_HARM"]},
    f"yiyuan-defence/T_notice{OF_REVIEWER}": {"notice_kind": "EXEMPT"},
    f"yiyuan-decision/T_draft{OF_REVIEWER}": {"kind": "EXEMPT", "exemption_grounds": ["MINOR_NO_HARM"], "body": "scj"},
}
"""Two persons of one organ: one made good in time and says so, the other is exempt."""


def in_the_browser(stage: Performance, hands: BrowserHands) -> None:
    stage.world.hands = hands


def through_the_services(stage: Performance) -> None:
    """What other tests drive through the screens, to save time."""
    stage.world.hands = ServiceHands()
