"""Which steps have a legal effect outside of the file: who submits one of them reads his answers again before.

Process and step -> the kind of effect, and the document that the step makes (empty where it makes none).
"""

from collections.abc import Mapping

DECISION, SERVICE, NOTICE, TRANSFER = "decision", "service", "notice", "transfer"

LEGAL_EFFECTS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("accountability", "T_prior_notice"): (NOTICE, "事先告知书"),
    ("accountability", "T_advice"): (NOTICE, "监察建议书"),
    ("accountability", "T_ruling"): (DECISION, ""),
    ("agenda-item", "T_discuss"): (DECISION, "联席会议议决事项"),
    ("agenda-item", "T_escalate"): (DECISION, ""),
    ("docketing", "T_transfer"): (TRANSFER, "移送函"),
    ("docketing", "T_docket_head"): (DECISION, "立案决定书"),
    ("docketing", "T_refer"): (TRANSFER, "移送函"),
    ("docketing", "T_nodocket"): (NOTICE, "不予立案说明"),
    ("enforcement", "T_extend"): (DECISION, ""),
    ("investigation", "T_inform"): (SERVICE, "调查通知书"),
    ("investigation-team", "T_recusal_decision"): (DECISION, ""),
    ("jinzhai-case", "T_notice"): (NOTICE, "不予追责结果告知书"),
    ("jinzhai-case", "T_reverse"): (DECISION, ""),
    ("jinzhai-remedy", "T_refuse"): (NOTICE, "不予受理告知书"),
    ("jinzhai-remedy", "T_serve_result"): (SERVICE, "处理决定书"),
    ("jinzhai-reversal", "T_reopen"): (DECISION, ""),
    ("joint-meeting", "T_minutes"): (DECISION, "会议纪要"),
    ("procedure-organisation", "T_docket_org"): (DECISION, "立案决定书"),
    ("procedure-supervision", "T_docket_sup"): (DECISION, "立案决定书"),
    ("procedure-unit", "T_docket_unit"): (DECISION, "立案决定书"),
    ("recovery-person", "T_order"): (DECISION, "责令承担赔偿费用决定书"),
    ("referral", "T_referral"): (TRANSFER, "移送函"),
    ("remedy-effect", "T_redo"): (DECISION, "问责决定书"),
    ("remedy-examination", "T_decide_remedy"): (DECISION, "处理决定书"),
    ("self-correction", "T_decide"): (DECISION, ""),
    ("subject-course", "T_refer_subject"): (TRANSFER, "移送函"),
    ("subject-course", "T_terminate"): (DECISION, ""),
    ("subject-decision", "T_decide"): (DECISION, "问责决定书"),
    ("subject-decision", "T_serve"): (SERVICE, "问责决定书"),
    ("yiyuan-case", "T_reverse"): (DECISION, ""),
    ("yiyuan-course", "T_terminate"): (DECISION, ""),
    ("yiyuan-decision", "T_sign"): (DECISION, "问责决定书"),
    ("yiyuan-decision", "T_serve"): (SERVICE, "问责决定书"),
    ("yiyuan-decision", "T_referral"): (TRANSFER, "移送函"),
    ("yiyuan-defence", "T_notice"): (NOTICE, "事先告知书"),
    ("yiyuan-effects", "T_granted"): (DECISION, ""),
    ("yiyuan-inquiry", "T_recusal_decision"): (DECISION, ""),
    ("yiyuan-inquiry", "T_inform"): (SERVICE, "调查通知书"),
    ("yiyuan-intake", "T_validity"): (DECISION, ""),
    ("yiyuan-person", "T_refer"): (TRANSFER, "移送函"),
    ("yiyuan-remedy", "T_refuse"): (NOTICE, "不予受理告知书"),
    ("yiyuan-remedy", "T_serve_result"): (SERVICE, "处理决定书"),
    ("yiyuan-reversal", "T_reopen"): (DECISION, ""),
}


def effect_of(process: str, step: str) -> dict[str, str]:
    """The step properties legalEffect and letter; empty values where it has no such effect."""
    effect, letter = LEGAL_EFFECTS.get((process, step), ("", ""))
    return {"legalEffect": effect, "letter": letter}
