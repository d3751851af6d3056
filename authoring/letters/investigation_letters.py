"""Papers of docketing and investigation: decision to docket, files asked for, interviews, evidence, report, findings."""

from authoring.letters.layout import Letter

ACT = "案号{{ case.doc_no }}的{{ case.matter }}一案"


def docket_decision() -> Letter:
    """立案决定书 on organs and persons that the docketing proposal lists."""
    letter = Letter("立案决定书").head("{{ organ.name }}", "{{ number }}").title("立案决定书")
    letter.say(
        "{{ case.matter }}过错责任一案（案号{{ case.doc_no }}，线索来源：{{ case.source }}），经审查，符合立案条件。依照《{{ regulation.title }}》的规定，决定立案调查。",
        "被调查单位和人员：",
    )
    letter.table(
        [
            ["类别", "单位", "姓名", "职务"],
            ["{%tr for row in case.docket_subjects %}"],
            ["{{ row.kind }}", "{{ row.organ }}", "{{ row.person }}", "{{ row.position }}"],
            ["{%tr endfor %}"],
        ],
        [14, 44, 18, 24],
        header=True,
    )
    return _docketed(letter, "case")


def docket_decision_of_person() -> Letter:
    """立案决定书 on one person."""
    letter = Letter("立案决定书").head("{{ organ.name }}", "{{ number }}").title("立案决定书")
    letter.say(
        "{{ subject.name }}（{{ subject.organ }}）在"
        + ACT
        + "中的过错责任问题（线索来源：{{ subject.source }}），经初步核实，符合立案条件。参照本机关追究责任的程序规定，依照《{{ regulation.title }}》决定立案调查。"
    )
    return _docketed(letter, "subject")


def _docketed(letter: Letter, about: str) -> Letter:
    letter.say(f"主要问题：{{{{ {about}.issues }}}}", f"立案依据：{{{{ {about}.basis }}}}")
    letter.say_if("task.head_opinion", "审批意见：{{ task.head_opinion }}")
    letter.say("被调查单位和人员应当配合调查，如实提供情况和材料，不得串供、隐匿或者毁灭证据。")
    letter.sign("{{ organ.name }}", "{{ task.docketed_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def no_docket_note() -> Letter:
    """不予立案说明 to the office of the joint meeting."""
    letter = Letter("不予立案说明").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于{{ case.matter }}一案不予立案的说明").to("行政败诉案件过错责任追究联席会议办公室：")
    letter.say(
        "你办移送的" + ACT + "，经审查，决定不予立案。现将理由说明如下：",
        "{{ task.no_docket_reason }}",
        "对本说明有不同意见的，请书面提出，可以再次提请联席会议研究。",
    )
    letter.sign("{{ organ.name }}", "{{ task.no_docket_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def authority_transfer() -> Letter:
    """移送函 to the organ that has authority over persons of the case, or over one whose authority changed."""
    return _to_authority("subject.name", "task.authority_persons")


def authority_transfer_of_person() -> Letter:
    """移送函 to the organ that now has authority over one person."""
    return _to_authority("subject.name")


def _to_authority(*persons: str) -> Letter:
    letter = Letter("移送函").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于按照管理权限移送过错责任追究事项的函").to("{{ task.authority_referred_to }}：")
    letter.say("我单位办理的" + ACT + "过错责任追究事项，按照管理权限应当由你单位处理，现予移送。")
    for field in persons:
        letter.say_if(field, f"涉及人员：{{{{ {field} }}}}")
    letter.say("移送依据：{{ task.authority_reason }}")
    letter.say_if("task.authority_files", "附件：{{ task.authority_files }}")
    letter.say("请在收到后出具回执，并将办理结果函告我单位。")
    letter.sign("{{ organ.name }}", "{{ task.authority_referred_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def file_request() -> Letter:
    """调卷函: files and material asked for, to be given back."""
    letter = (
        Letter("调卷函").head("{{ organ.name }}", "{{ number }}").title("关于调阅案卷材料的函").to("{{ task.to }}：")
    )
    letter.say(
        "因调查" + ACT + "过错责任的需要，依照《{{ regulation.title }}》的规定，请提供下列案卷和材料：",
        "{{ task.items }}",
        "请于{{ task.due }}前送交我单位，并附材料清单，由双方清点后签字。调阅期间由我单位妥善保管，用毕退还。不能提供原件的，提供与原件核对无误的复制件。",
    )
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def urging_letter() -> Letter:
    """催告函 to a unit that does not cooperate."""
    letter = (
        Letter("催告函")
        .head("{{ organ.name }}", "{{ number }}")
        .title("关于配合调查的催告函")
        .to("{% if subject.to %}{{ subject.to }}{% else %}{{ case.to }}{% endif %}：")
    )
    letter.say(
        "我单位就" + ACT + "要求你单位配合调查，你单位没有按期配合。有关事实如下：",
        "{{ task.non_cooperation_facts }}",
    )
    letter.say_if("task.new_due", "请于{{ task.new_due }}前配合调查并提供所要求的材料。")
    letter.say("处理措施：{{ task.non_cooperation_measures }}")
    letter.say_if("task.escalated_to", "本函同时报送{{ task.escalated_to }}。")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def recusal_decision() -> Letter:
    """回避决定书."""
    letter = Letter("回避决定书").head("{{ organ.name }}").title("回避决定书")
    letter.say(
        "关于" + ACT + "调查人员的回避问题，经审查，决定：{{ task.recusal_result }}。",
        "理由：{{ task.recusal_reasons }}",
    )
    letter.say_if("task.replaced_person", "回避人员：{{ task.replaced_person }}")
    letter.say_if("task.replacement", "接替人员：{{ task.replacement }}")
    letter.say_if("task.prior_acts_review", "已经进行的调查工作：{{ task.prior_acts_review }}")
    letter.say("决定人：{{ task.decided_by }}", "签字：{{ task.recusal_signature }}")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter


def interview_record() -> Letter:
    """谈话笔录 of every talk that was recorded."""
    letter = Letter("谈话笔录").title("谈话笔录", below=False).number("案件编号：{{ case.number }}")
    letter.mark("{%p for row in task.interviews %}")
    letter.heading("第{{ loop.index }}次谈话　{{ row.person }}")
    letter.say(
        "被谈话人：{{ row.person }}　　单位职务：{{ row.position }}",
        "谈话时间：{{ row.start }}至{{ row.end }}",
        "谈话地点：{{ row.place }}",
        "谈话人：{{ row.interviewer_1 }}、{{ row.interviewer_2 }}　　记录人：{{ row.recorder }}",
        "已告知权利义务：{{ row.rights_read }}",
        "问答内容：",
        "{{ row.content }}",
        "被谈话人已逐页签字：{{ row.signed }}",
        "以上笔录已交被谈话人核对，与所述一致。",
        "被谈话人签名：　　　　　　　　　　　　年　　月　　日",
        "谈话人签名：　　　　　　　　　　　　　年　　月　　日",
    )
    letter.mark("{%p endfor %}")
    return letter


def evidence_list() -> Letter:
    """证据清单."""
    letter = Letter("证据清单").title("证据清单", below=False).number("案件编号：{{ case.number }}")
    letter.say("案由：{{ case.matter }}")
    letter.table(
        [
            ["编号", "名称", "种类", "来源", "证明事项", "保管人"],
            ["{%tr for row in task.evidence_items %}"],
            [
                "{{ row.no }}",
                "{{ row.name }}",
                "{{ row.kind }}",
                "{{ row.source|line }}",
                "{{ row.proves|line }}",
                "{{ row.kept_by }}",
            ],
            ["{%tr endfor %}"],
        ],
        [9, 24, 13, 18, 24, 12],
        header=True,
    )
    letter.say_if("task.file_review", "查阅案卷记录：{{ task.file_review }}")
    letter.say_if("task.evidence_files", "附件：{{ task.evidence_files }}")
    letter.sign("制表人：{{ actor.name }}", "{{ issued_on }}")
    return letter


def investigation_report() -> Letter:
    """调查报告 with the opinion on accountability."""
    letter = Letter("调查报告").title("关于{{ case.matter }}一案的调查报告", below=False)
    letter.say("{{ organ.name }}：", "按照安排，调查组对" + ACT + "的过错责任问题进行了调查，现将情况报告如下：")
    letter.heading("一、查明的事实")
    letter.say("{{ task.investigated_facts }}")
    letter.heading("二、证据情况")
    letter.say("{{ task.evidence_summary }}")
    letter.heading("三、过错和责任分析")
    letter.say(
        "过错情形：{{ task.fault_codes }}", "主观状态：{{ task.mental_state }}", "{{ task.responsibility_analysis }}"
    )
    letter.heading("四、免予、从轻、减轻和从重情节")
    letter.say("{{ task.circumstances_considered }}")
    letter.heading("五、问责意见")
    letter.say("{{ task.accountability_opinion }}")
    letter.say_if("task.dissent", "不同意见：{{ task.dissent }}")
    letter.say_if("task.referral_kinds", "移送建议：{{ task.referral_kinds }}。{{ task.referral_grounds }}")
    letter.say_if("task.report_files", "附件：{{ task.report_files }}")
    letter.say("组长签字：{{ task.leader_signature }}")
    letter.sign("调查组", "{{ issued_on }}")
    return letter


def _responsibility(rows: list[list[str]]) -> Letter:
    letter = Letter("责任认定表").title("责任认定表", below=False).number("案件编号：{{ case.number }}")
    letter.table(
        [
            ["案由", "{{ case.matter }}"],
            ["认定对象", "{{ subject.name }}", "单位", "{{ subject.organ }}"],
            *rows,
            ["制表人", "{{ actor.name }}", "制表日期", "{{ issued_on }}"],
        ],
        [17, 33, 17, 33],
        small=True,
    )
    return letter


def jinzhai_responsibility() -> Letter:
    """责任认定表 of an organ or a person: part in the act, fault, share, circumstances."""
    return _responsibility(
        [
            ["在行为中\n的角色", "{{ task.role_in_act }}{{ task.entity_role }}", "管理权限", "{{ task.authority }}"],
            ["行为时\n单位职务", "{{ task.org_at_act }}{{ task.position_at_act|or_blank }}"],
            ["过错情形", "{{ task.fault_codes|or_blank }}"],
            ["主观状态", "{{ task.mental_state|or_blank }}", "责任大小", "{{ task.share }}{{ task.fault_degree }}"],
            ["错误形成\n的环节", "{{ task.conduct|or_blank }}"],
            ["危害结果", "{{ task.harm|or_blank }}", "危害程度", "{{ task.harm_degree|or_blank }}"],
            ["名义主体\n过错", "{{ task.nominal_fault_reason|or_blank }}"],
            ["免予情形", "{{ task.exemptions|or_blank }}"],
            ["从轻减轻", "{{ task.mitigations|or_blank }}"],
            ["从重", "{{ task.aggravations|or_blank }}"],
            ["情节认定\n依据", "{{ task.circumstance_basis|or_blank }}"],
            ["拟处理\n意见", "{{ task.proposed_kind }}　{{ task.proposed_sanctions }}"],
            ["理由", "{{ task.reasons }}"],
        ]
    )


def yiyuan_responsibility() -> Letter:
    """责任认定表 of a person, when the opinion is formed."""
    return _responsibility(
        [
            ["在行为中\n的角色", "{{ subject.role_in_act }}", "归责类型", "{{ subject.person_attribution }}"],
            ["过错情形", "{{ subject.fault_codes }}"],
            ["主观状态", "{{ subject.mental_state }}", "责任大小", "{{ subject.share }}"],
            ["错误形成\n的环节", "{{ subject.conduct|or_blank }}"],
            ["危害结果", "{{ subject.harm }}", "危害程度", "{{ subject.harm_degree }}"],
            ["免予情形", "{{ task.exemption_grounds|or_blank }}"],
            ["从轻减轻", "{{ task.mitigation_grounds|or_blank }}"],
            ["从重", "{{ task.aggravation_grounds|or_blank }}"],
            ["情节权衡", "{{ task.weighing|or_blank }}"],
            ["已研究\n事项", "{{ task.matters_decided|or_blank }}"],
            ["责任类型", "{{ task.responsibility_type|or_blank }}", "拟处理\n意见", "{{ task.proposed_kind }}"],
            ["拟采取\n方式", "{{ task.proposed_sanctions|or_blank }}"],
            ["理由", "{{ task.reasons }}"],
        ]
    )


LETTERS = {
    "docket_decision": docket_decision,
    "docket_decision_of_person": docket_decision_of_person,
    "no_docket_note": no_docket_note,
    "authority_transfer": authority_transfer,
    "authority_transfer_of_person": authority_transfer_of_person,
    "file_request": file_request,
    "urging_letter": urging_letter,
    "recusal_decision": recusal_decision,
    "interview_record": interview_record,
    "evidence_list": evidence_list,
    "investigation_report": investigation_report,
    "jinzhai_responsibility": jinzhai_responsibility,
    "yiyuan_responsibility": yiyuan_responsibility,
}
