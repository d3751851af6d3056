"""Papers of review and appeal, and of self-correction."""

from authoring.letters.layout import Letter


def remedy_application() -> Letter:
    """复核申诉收件登记和回执: what was asked, when, and against which decision."""
    letter = (
        Letter("复核申诉申请收件回执").title("复核申诉申请收件回执", below=False).number("编号：{{ procedure.number }}")
    )
    letter.table(
        [
            ["申请人", "{{ subject.name }}", "单位", "{{ subject.organ }}"],
            ["申请人类型", "{{ task.applicant_kind }}", "人员类别", "{{ task.person_category }}"],
            ["代理人", "{{ task.representative|or_blank }}"],
            ["原决定", "{{ task.decision_no }}", "送达日期", "{{ task.decision_served_on|or_blank }}"],
            ["申请途径", "{{ task.route }}"],
            ["此前的决定", "{{ task.earlier_decision_no|or_blank }}"],
            ["知道决定\n的日期", "{{ task.known_on }}", "申请日期", "{{ task.applied_on }}"],
            ["申请事项、\n理由和要求", "{{ task.grounds }}"],
            ["证据材料", "{{ task.evidence|or_blank }}"],
        ],
        [22, 32, 18, 28],
    )
    letter.say("上列申请和材料已经收到，将依法审查并告知是否受理。复核、申诉期间不停止原决定的执行。")
    letter.sign("登记人：{{ actor.name }}", "{{ issued_on }}")
    return letter


def remedy_admission() -> Letter:
    """受理通知书."""
    letter = (
        Letter("受理通知书").head("{{ organ.name }}", "{{ number }}").title("受理通知书").to("{{ subject.name }}：")
    )
    letter.say(
        "你（单位）对{{ subject.decision_no }}不服提出的申请，经审查符合受理条件，决定自{{ task.admitted_on }}起受理。",
        "救济途径：{{ task.remedy_route }}。",
        "审理期间可以补充陈述和证据，也可以撤回申请；原决定不停止执行，不会因提出申请加重处理。",
    )
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def remedy_refusal() -> Letter:
    """不予受理告知书."""
    letter = Letter("不予受理告知书").head("{{ organ.name }}", "{{ number }}")
    letter.title("不予受理告知书").to("{{ subject.name }}：")
    letter.say("你（单位）对{{ subject.decision_no }}不服提出的申请，经审查，决定不予受理。")
    letter.say_if("procedure.admit_reasons", "理由：{{ procedure.admit_reasons }}")
    letter.say("{{ task.refusal_notice }}")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def remedy_decision() -> Letter:
    """处理决定书 on a review or an appeal."""
    letter = Letter("处理决定书").head("{{ organ.name }}", "{{ number }}").title("处理决定书")
    letter.say("申请人：{{ subject.name }}")
    letter.say_if("subject.organ != subject.name", "单位：{{ subject.organ }}")
    letter.say(
        "申请人对{{ subject.decision_no }}不服，于{{ procedure.applied_on }}提出申请。本机关于{{ procedure.admitted_on }}受理，现已审理终结。",
    )
    letter.heading("一、申请人的请求和理由")
    letter.say("{{ procedure.grounds }}")
    letter.heading("二、查明的事实和证据")
    letter.say("{{ procedure.examined_facts }}")
    letter.heading("三、处理意见和理由")
    letter.say("{{ procedure.reasons }}", "决定：{{ procedure.remedy_outcome }}")
    letter.say_if("procedure.revised_kind", "变更为：{{ procedure.revised_kind }}。{{ procedure.revised_sanctions }}")
    letter.say_if("procedure.reversal_actions", "需要恢复的事项：{{ procedure.reversal_actions }}")
    letter.say_if("task.decision_opinion", "审定意见：{{ task.decision_opinion }}")
    letter.say("对本决定仍不服的，按照送达时告知的途径和期限提出；期间不停止执行。")
    letter.sign("{{ organ.name }}", "{{ task.decided_on }}")
    return letter.foot(
        "{{ organ.name }}", "{{ issued_on }}", copies="{{ subject.body }}", copied_if="subject.body != organ.name"
    )


def remedy_receipt() -> Letter:
    """送达回证 of the decision on a review or an appeal, naming its very bytes."""
    letter = Letter("处理决定送达回证").title("送达回证", below=False)
    letter.table(
        [
            ["送达文书", "{{ papers.remedy_decision.name }}　{{ papers.remedy_decision.number }}"],
            ["文书校验值\nSHA-256", "{{ papers.remedy_decision.sha256 }}"],
            [
                "编号",
                "{{ procedure.number }}",
                "受送达人",
                "{{ subject.name }}{% if task.result_recipient != subject.name %}（{{ task.result_recipient }}）{% endif %}",
            ],
            ["送达方式", "{{ task.result_method }}", "送达日期", "{{ task.result_served_on|or_blank }}"],
            ["公告日期", "{{ task.result_notice_published_on|or_blank }}"],
            ["后续途径", "{{ task.next_route }}"],
            ["送达凭证", "{{ task.result_proof|or_blank }}"],
            ["送达人", "{{ actor.name }}（{{ actor.organ }}）"],
            ["受送达人\n签名或盖章", "\n　　　　　　　　　　　　　年　　月　　日"],
        ],
        [20, 30, 18, 32],
    )
    return letter


def redone_decision() -> Letter:
    """问责决定书 made anew after a review or an appeal ordered it."""
    letter = Letter("问责决定书").head("{{ organ.name }}", "{{ number }}").title("{{ task.redo_kind }}决定书")
    letter.say("当事人：{{ subject.name }}")
    letter.say_if("subject.organ != subject.name", "单位：{{ subject.organ }}")
    letter.heading("一、事实、理由和依据")
    letter.say(
        "{{ subject.decision_no }}经复核、申诉程序责令重新作出。依照《{{ regulation.title }}》的规定，本机关重新研究，认定：",
        "{{ task.redo_reasons }}",
    )
    letter.heading("二、决定")
    letter.say("决定：{{ task.redo_kind }}。")
    letter.say_if("task.redo_sanctions", "问责方式：{{ task.redo_sanctions }}")
    letter.say("本决定代替原决定，没有因申请人提出申请加重处理。")
    letter.mark("{%p if subject.remedy %}").heading("三、救济途径和期限").say("{{ subject.remedy }}").mark(
        "{%p endif %}"
    )
    letter.sign("{{ organ.name }}", "{{ task.redo_decided_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def correction_record() -> Letter:
    """自我纠错登记表: the error found, what was decided, and the effect."""
    letter = (
        Letter("自我纠错登记表").title("行政行为自我纠错登记表", below=False).number("编号：{{ procedure.number }}")
    )
    letter.table(
        [
            ["纠错机关", "{{ procedure.correcting_organ }}", "行为文号", "{{ procedure.act_no }}"],
            ["发现日期", "{{ procedure.found_on }}", "发现人", "{{ procedure.found_by|or_blank }}"],
            ["发现途径", "{{ procedure.found_source }}", "已诉讼\n或者复议", "{{ procedure.suit_pending }}"],
            ["错误类型", "{{ procedure.error_kinds }}"],
            ["错误事实", "{{ procedure.error_facts }}"],
            ["法制审核", "{{ procedure.legal_check|or_blank }}"],
            ["纠正方式", "{{ procedure.correction|or_blank }}", "决定日期", "{{ procedure.decided_on|or_blank }}"],
            ["对相对人\n的影响", "{{ procedure.effect_on_parties|or_blank }}"],
            ["决定内容", "{{ procedure.correction_text|or_blank }}"],
            [
                "纠正日期",
                "{{ procedure.corrected_on|or_blank }}",
                "原告撤诉",
                "{{ procedure.plaintiff_withdrew|or_blank }}",
            ],
            ["避免损失\n情况", "{{ procedure.harm_avoided|or_blank }}"],
            ["纠正效果", "{{ procedure.correction_effect|or_blank }}"],
            ["登记人", "{{ actor.name }}", "登记日期", "{{ issued_on }}"],
        ],
        [17, 35, 17, 31],
    )
    return letter


LETTERS = {
    "remedy_application": remedy_application,
    "remedy_admission": remedy_admission,
    "remedy_refusal": remedy_refusal,
    "remedy_decision": remedy_decision,
    "remedy_receipt": remedy_receipt,
    "redone_decision": redone_decision,
    "correction_record": correction_record,
}
