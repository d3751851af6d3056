"""Papers after the finding: hearing, advice, execution, feedback, exchange of information, recovery, awards."""

from authoring.letters.layout import Letter

ACT = "案号{{ case.doc_no }}的{{ case.matter }}一案"
WHOSE = "{{ subject.name }}{% if subject.organ != subject.name %}（{{ subject.organ }}）{% endif %}"
"""A responsible subject, and of a person the organ."""


def defence_record() -> Letter:
    """陈述申辩笔录."""
    letter = Letter("陈述申辩笔录").title("陈述申辩笔录", below=False).number("案件编号：{{ case.number }}")
    letter.table(
        [
            ["案由", "{{ case.matter }}"],
            ["陈述申辩人", "{{ subject.name }}", "单位", "{{ subject.organ }}"],
            ["方式", "{{ task.form }}", "日期", "{{ task.stated_on }}"],
            ["陈述申辩\n内容", "{{ task.statement|or_blank }}"],
            ["证据材料", "{{ task.statement_files|or_blank }}"],
            ["签字", "{{ task.statement_signature }}"],
        ],
        [20, 34, 14, 32],
    )
    return letter


def defence_review() -> Letter:
    """采纳情况说明: what became of the statement."""
    letter = Letter("采纳情况说明").title("陈述申辩采纳情况说明", below=False)
    letter.say(
        WHOSE + "就" + ACT + "拟作出的处理提出的陈述申辩，经复核，处理结果为：{{ task.accepted }}。",
        "理由：{{ task.accept_reasons }}",
    )
    letter.say_if("task.changed_opinion", "调整后的处理意见：{{ task.changed_opinion }}")
    letter.say_if("task.new_facts_note", "新的事实和证据：{{ task.new_facts_note }}")
    letter.say("本说明随案卷保存。没有因陈述申辩加重处理。")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter


def _advice(title: str, intro: str) -> Letter:
    letter = Letter(title).head("{{ organ.name }}", "{{ number }}")
    letter.title("关于{{ case.matter }}一案的" + title.removesuffix("书")).to("{{ task.to }}：")
    letter.say(intro)
    letter.heading("一、问题来源")
    letter.say("{{ task.source }}")
    letter.heading("二、存在问题")
    letter.say("{{ task.problem }}")
    letter.say_if("task.cause", "原因分析：{{ task.cause }}")
    letter.heading("三、建议")
    letter.say("{{ task.advice }}")
    letter.say_if("task.advised_sanctions", "建议方式：{{ task.advised_sanctions }}")
    letter.say("请于{{ task.reply_due }}前将采纳情况书面回复我单位；不采纳的，说明理由。")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}", copies="{{ task.copies_to }}", copied_if="task.copies_to")


def supervisory_advice() -> Letter:
    """监察建议书."""
    return _advice(
        "监察建议书",
        "经调查，"
        + WHOSE
        + "在"
        + ACT
        + "中负有过错责任。依照《{{ regulation.title }}》的规定，按照管理权限提出以下监察建议：",
    )


def advice_of_accountability() -> Letter:
    """问责建议 where the body advises and does not decide, and the instrument is not that of the supervisory body."""
    return _advice(
        "问责建议",
        "经调查，" + WHOSE + "在" + ACT + "中负有过错责任。依照《{{ regulation.title }}》的规定，提出以下问责建议：",
    )


def execution_receipt() -> Letter:
    """执行回执: how each measure of the decision was carried out."""
    letter = Letter("执行回执").title("问责决定执行回执", below=False).number("案件编号：{{ case.number }}")
    letter.table(
        [
            ["决定文号", "{{ subject.decision_no }}", "决定日期", "{{ subject.decided_at }}"],
            ["被问责对象", "{{ subject.name }}", "单位", "{{ subject.organ }}"],
            ["执行结果", "{{ task.execution_status }}"],
            ["未执行部分", "{{ task.execution_note|or_blank }}"],
        ],
        [22, 34, 16, 28],
    )
    letter.say("逐项执行情况：")
    letter.table(
        [
            ["方式", "完成日期", "执行内容", "文书文号", "归档"],
            ["{%tr for row in task.executions %}"],
            [
                "{{ row.sanction }}",
                "{{ row.done_on }}",
                "{{ row.detail|line }}",
                "{{ row.document_no }}",
                "{{ row.archived }}",
            ],
            ["{%tr endfor %}"],
        ],
        [20, 20, 28, 20, 12],
        header=True,
    )
    letter.say_if("task.circular_scope", "通报范围和文号：{{ task.circular_scope }}")
    letter.say_if("task.posts_from_to", "调离前后岗位：{{ task.posts_from_to }}")
    letter.say_if("task.examination_text", "书面检查内容摘要：{{ task.examination_text }}")
    letter.say_if("task.proof", "证明材料：{{ task.proof }}")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter


def feedback_form() -> Letter:
    """情况反馈表 to the joint meeting."""
    letter = Letter("情况反馈表").title("调查追究情况反馈表", below=False).number("案件编号：{{ case.number }}")
    letter.table(
        [
            ["案由", "{{ case.matter }}"],
            ["案号", "{{ case.doc_no }}", "反馈日期", "{{ task.fed_back_on }}"],
            ["反馈单位", "{{ organ.name }}"],
            ["调查追究\n结果", "{{ task.result }}"],
            ["问责情况", "{{ task.sanctions|or_blank }}"],
            [
                "行政赔偿\n是否支付",
                "{{ task.compensation_paid|or_blank }}",
                "支付日期",
                "{{ task.compensation_paid_on|or_blank }}",
            ],
            ["附件", "{{ task.feedback_files|or_blank }}"],
        ],
        [17, 35, 17, 31],
        small=True,
    )
    letter.say("各责任对象的处理情况：")
    letter.table(
        [
            ["对象", "单位", "决定", "决定文号", "决定日期"],
            ["{%tr for row in subjects %}"],
            [
                "{{ row.name }}",
                "{{ row.organ }}",
                "{{ row.decision_kind|or_blank }}",
                "{{ row.decision_no|or_blank }}",
                "{{ row.decided_at|or_blank }}",
            ],
            ["{%tr endfor %}"],
        ],
        [20, 22, 12, 28, 18],
        header=True,
        small=True,
    )
    letter.sign("{{ organ.name }}", "{{ task.fed_back_on }}")
    return letter


def exchange_letter() -> Letter:
    """信息交流函 to courts and procuratorates."""
    letter = Letter("信息交流函").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于行政败诉和问责信息交流的函").to(
        "{% for row in task.exchanges %}{{ row.organ }}{% if not loop.last %}、{% endif %}{% endfor %}："
    )
    letter.say("依照《{{ regulation.title }}》的规定，现就" + ACT + "的败诉情况和问责信息与你单位交流如下：")
    letter.mark("{%p for row in task.exchanges %}")
    letter.say("{{ row.organ }}（{{ row.exchanged_on }}，{{ row.method }}）：{{ row.content }}")
    letter.mark("{%p endfor %}")
    letter.say_if("task.unfiled_note", "核对发现的未报备案件：{{ task.unfiled_note }}")
    letter.say("请核对你单位掌握的败诉案件和有关信息，如有出入，请函告我单位。")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def recovery_order() -> Letter:
    """追偿决定书: a responsible person bears all or part of the compensation."""
    letter = Letter("责令承担赔偿费用决定书").head("{{ organ.name }}", "{{ number }}")
    letter.title("责令承担赔偿费用决定书").to(
        "{% if subject.name %}{{ subject.name }}{% else %}{{ task.person }}{% endif %}："
    )
    letter.say(
        ACT
        + "，我单位已于{{ task.paid_on }}支付赔偿{{ task.paid_amount }}（大写：{{ task.paid_amount|money_words }}）。经查，你在该行为中的主观状态为{{ task.mental_state }}。依照国家赔偿法和《{{ regulation.title }}》的规定，决定责令你承担赔偿费用{{ task.amount }}（大写：{{ task.amount|money_words }}）。",
        "理由：{{ task.recovery_reasons }}",
    )
    letter.say_if("task.responsibility_type", "责任类型：{{ task.responsibility_type }}")
    letter.say("缴纳方式：{{ task.payment_method }}")
    letter.mark("{%p for row in task.schedule %}")
    letter.say("第{{ loop.index }}期：{{ row.due }}前缴纳{{ row.amount }}。{{ row.note }}")
    letter.mark("{%p endfor %}")
    letter.say("救济途径和期限：{{ task.remedy }}")
    letter.sign("{{ organ.name }}", "{{ task.ordered_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}", copies="财政部门")


def award_notice() -> Letter:
    """取消评优通知."""
    letter = Letter("取消评优通知").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于取消当年度评先评优资格的通知").to("{{ task.notified }}：")
    letter.say(
        "{{ task.award_person }}因"
        + ACT
        + "的过错责任被问责（{{ task.award_decision_no }}）。依照《{{ regulation.title }}》的规定，取消其{{ task.award_year }}年度评先评优资格，请遵照执行。"
    )
    letter.say_if("task.award_name", "已获荣誉：{{ task.award_name }}，请按照规定程序处理并函告结果。")
    letter.say_if("task.departure_reason", "关于年度的说明：{{ task.departure_reason }}")
    letter.say("特此通知。")
    letter.sign("{{ organ.name }}", "{{ task.award_notified_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


LETTERS = {
    "defence_record": defence_record,
    "defence_review": defence_review,
    "supervisory_advice": supervisory_advice,
    "advice_of_accountability": advice_of_accountability,
    "execution_receipt": execution_receipt,
    "feedback_form": feedback_form,
    "exchange_letter": exchange_letter,
    "recovery_order": recovery_order,
    "award_notice": award_notice,
}
