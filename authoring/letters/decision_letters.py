"""Papers about one responsible subject: prior notice, decision, decision without accountability, proof of service."""

from authoring.letters.layout import Letter

COPIED = "case.lead_organ != subject.body and case.lead_organ != subject.name"
"""The organ of the case gets a copy, where it neither decides on its own people nor is decided on."""
OF_A_PERSON = "subject.organ != subject.name"
ACT = "案号{{ case.doc_no }}的{{ case.matter }}一案"


def prior_notice() -> Letter:
    letter = (
        Letter("事先告知书").head("{{ organ.name }}", "{{ number }}").title("事先告知书").to("{{ subject.name }}：")
    )
    letter.say(
        f"你（单位）在{ACT}中的过错责任问题，现已查明。依照《{{{{ regulation.title }}}}》的规定，拟对你（单位）作出处理，现将有关事项告知如下："
    )
    letter.heading("一、拟认定的事实")
    letter.say("{{ task.notice_facts }}")
    letter.heading("二、依据")
    letter.say("《{{ regulation.title }}》{{ task.basis|articles }}。")
    letter.heading("三、拟作出的处理")
    letter.say("{{ task.notice_kind }}{% if task.notice_sanctions %}：{{ task.notice_sanctions }}{% endif %}。")
    letter.say_if("task.renotice_reason", "本次为重新告知。新的事实：{{ task.renotice_reason }}")
    letter.heading("四、陈述申辩的权利")
    letter.say(
        "你（单位）有权进行陈述和申辩，可以书面或者当面提出，最迟应在{{ task.due }}提出。逾期不提出的，视为放弃；不会因陈述申辩加重处理。"
    )
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def _decision(eased: str, aggravated: str, *, position: str, advice: bool) -> Letter:
    letter = Letter("问责决定书").head("{{ subject.body }}", "{{ number }}").title("问责决定书")
    letter.say("被问责对象：{{ subject.name }}")
    letter.say_if(OF_A_PERSON, f"单位和职务：{{{{ subject.organ }}}}{position}")
    letter.say("在相关行为中的角色：{{ subject.role }}")
    letter.heading("一、事实和证据")
    letter.say(f"{ACT}，经依法调查、听取陈述申辩并集体研究，查明：", "{{ subject.facts }}")
    letter.heading("二、种类和依据")
    letter.say(
        "上述事实表明，被问责对象负有过错责任。依照《{{ regulation.title }}》{{ subject.basis|articles }}的规定，决定给予：{{ subject.sanctions }}。裁量：{{ subject.level }}。",
    )
    letter.say_if(f"subject.{eased}", f"从轻、减轻情形：{{{{ subject.{eased} }}}}。")
    letter.say_if(f"subject.{aggravated}", f"从重情形：{{{{ subject.{aggravated} }}}}。")
    letter.say("错责相当的理由：{{ subject.proportionality }}")
    if advice:
        letter.say_if("subject.departure_reason", "与监察建议不一致的理由：{{ subject.departure_reason }}")
    letter.heading("三、救济途径和期限")
    letter.say("{{ subject.remedy }}")
    letter.say("本决定自{{ task.effective_on }}起生效。")
    letter.sign("{{ subject.body }}", "{{ task.decided_on }}")
    return letter.foot("{{ subject.body }}", "{{ issued_on }}", copies="{{ case.lead_organ }}", copied_if=COPIED)


def jinzhai_sanction() -> Letter:
    position = "{% if subject.position_at_act %}，{{ subject.position_at_act }}{% endif %}"
    return _decision("mitigations", "aggravations", position=position, advice=True)


def yiyuan_sanction() -> Letter:
    return _decision("mitigation_grounds", "aggravation_grounds", position="", advice=False)


def _no_sanction(exempted: str) -> Letter:
    letter = Letter("免予问责决定书").head("{{ subject.body }}", "{{ number }}").title("{{ subject.kind }}决定书")
    letter.say("当事人：{{ subject.name }}")
    letter.say_if(OF_A_PERSON, "单位：{{ subject.organ }}")
    letter.say("在相关行为中的角色：{{ subject.role }}")
    letter.heading("一、事实和证据")
    letter.say(f"{ACT}，经依法调查，查明：", "{{ subject.facts }}")
    letter.heading("二、决定和依据")
    letter.say_if(f"subject.{exempted}", f"免予情形：{{{{ subject.{exempted} }}}}。")
    letter.say_if("subject.not_pursued_reason", "理由：{{ subject.not_pursued_reason }}")
    letter.say("依照《{{ regulation.title }}》{{ subject.basis|articles }}的规定，决定：{{ subject.kind }}。")
    letter.heading("三、救济途径和期限")
    letter.say("{{ subject.remedy }}")
    letter.sign("{{ subject.body }}", "{{ task.decided_on }}")
    return letter.foot("{{ subject.body }}", "{{ issued_on }}", copies="{{ case.lead_organ }}", copied_if=COPIED)


def jinzhai_no_sanction() -> Letter:
    return _no_sanction("exemptions")


def yiyuan_no_sanction() -> Letter:
    return _no_sanction("exemption_grounds")


def service_receipt() -> Letter:
    """送达回证: names the very bytes that were handed over."""
    letter = Letter("送达回证").title("送达回证", below=False)
    served = (
        "{% if papers.sanction_decision.number %}{{ papers.sanction_decision.name }}　{{ papers.sanction_decision.number }}"
        "{% else %}{{ papers.no_sanction_decision.name }}　{{ papers.no_sanction_decision.number }}{% endif %}"
    )
    digest = (
        "{% if papers.sanction_decision.number %}{{ papers.sanction_decision.sha256 }}"
        "{% else %}{{ papers.no_sanction_decision.sha256 }}{% endif %}"
    )
    letter.table(
        [
            ["送达文书", served],
            ["文书校验值\nSHA-256", digest],
            [
                "案件编号",
                "{{ case.number }}",
                "受送达人",
                "{{ subject.name }}{% if task.recipient != subject.name %}（{{ task.recipient }}）{% endif %}",
            ],
            ["送达方式", "{{ task.method }}", "送达日期", "{{ task.served_on|or_blank }}"],
            ["抄送单位", "{{ task.copies_to|or_blank }}"],
            ["见证人", "{{ task.witness|or_blank }}", "邮寄回执", "{{ task.mail_receipt_no|or_blank }}"],
            ["拒收事由", "{{ task.refusal_reason|or_blank }}"],
            ["公告送达", "{{ task.notice_published_on|or_blank }}　{{ task.notice_place }}　{{ task.notice_reason }}"],
            ["转交送达", "{{ task.forwarded_by|or_blank }}"],
            ["送达人", "{{ actor.name }}（{{ actor.organ }}）"],
            ["受送达人\n签名或盖章", "\n　　　　　　　　　　　　　年　　月　　日"],
        ],
        [20, 30, 18, 32],
    )
    return letter


LETTERS = {
    "prior_notice": prior_notice,
    "jinzhai_sanction_decision": jinzhai_sanction,
    "yiyuan_sanction_decision": yiyuan_sanction,
    "jinzhai_no_sanction_decision": jinzhai_no_sanction,
    "yiyuan_no_sanction_decision": yiyuan_no_sanction,
    "service_receipt": service_receipt,
}
