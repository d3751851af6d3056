"""Papers of the case and of its investigation: docketing, notice of investigation, transfer, result, catalogue."""

from authoring.letters.layout import Letter

ACT = "案号{{ case.doc_no }}的{{ case.matter }}一案"


def docket_approval() -> Letter:
    """立案审批表 of a supervisory body: who reported what, and the opinions one above the other."""
    letter = (
        Letter("立案审批表").title("立案审批表", below=False).number("立案文号：{{ papers.docket_decision.number }}")
    )
    letter.table(
        [
            ["案件编号", "{{ case.number }}", "线索来源", "{{ case.source }}"],
            ["案由", "{{ case.matter }}"],
            ["裁判文书", "{{ case.doc_no }}", "呈批日期", "{{ case.proposed_on }}"],
        ],
        [16, 42, 16, 26],
    )
    letter.say("被调查单位和人员：")
    letter.table(
        [
            ["类别", "单位", "姓名", "职务", "主要问题"],
            ["{%tr for row in case.docket_subjects %}"],
            ["{{ row.kind }}", "{{ row.organ }}", "{{ row.person }}", "{{ row.position }}", "{{ row.issue|line }}"],
            ["{%tr endfor %}"],
        ],
        [12, 28, 14, 16, 30],
        header=True,
    )
    letter.say("")
    letter.table(
        [
            ["主要问题", "{{ case.issues }}"],
            ["依据条款", "{{ case.basis }}"],
            ["承办部门\n意见", "{{ case.section_opinion }}"],
            [
                "分管领导\n意见",
                "{{ case.deputy_result }}{% if case.deputy_opinion %}。{{ case.deputy_opinion }}{% endif %}\n签字：{{ case.deputy_signature }}",
            ],
            [
                "主要负责人\n审批",
                "{{ task.head_decision }}{% if task.head_opinion %}。{{ task.head_opinion }}{% endif %}\n签字：{{ task.head_signature }}",
            ],
            ["立案日期", "{{ task.docketed_on }}"],
        ],
        [20, 80],
    )
    return letter


def docket_approval_of_person() -> Letter:
    """The same where one person's case is docketed by the body that may act on him."""
    letter = (
        Letter("立案审批表").title("立案审批表", below=False).number("立案文号：{{ papers.docket_decision.number }}")
    )
    letter.table(
        [
            ["案件编号", "{{ case.number }}", "线索来源", "{{ subject.source }}"],
            ["案由", "{{ case.matter }}"],
            ["裁判文书", "{{ case.doc_no }}", "呈批日期", "{{ subject.proposed_on }}"],
            ["被调查人", "{{ subject.name }}", "单位", "{{ subject.organ }}"],
        ],
        [16, 42, 16, 26],
    )
    letter.say("")
    letter.table(
        [
            ["核查的事实", "{{ subject.verified_facts }}"],
            ["主要问题", "{{ subject.issues }}"],
            ["依据条款", "{{ subject.basis }}"],
            ["承办部门\n意见", "{{ subject.section_opinion }}"],
            [
                "主要负责人\n审批",
                "{{ task.head_decision }}{% if task.head_opinion %}。{{ task.head_opinion }}{% endif %}\n签字：{{ task.head_signature }}",
            ],
            ["立案日期", "{{ task.docketed_on }}"],
        ],
        [20, 80],
    )
    return letter


def investigation_notice() -> Letter:
    letter = Letter("调查通知书").head("{{ organ.name }}", "{{ number }}").title("调查通知书").to("{{ task.to }}：")
    letter.say(
        f"根据《{{{{ regulation.title }}}}》的规定，现就{ACT}的过错责任问题进行调查，请你单位予以配合，并提供下列材料、说明有关情况：",
        "{{ task.items }}",
        "请于{{ task.due }}前提供，并对所提供材料的真实性、完整性负责。原件无法提供的，提供与原件核对无误的复制件，由提供人签名并加盖印章。",
        "有关人员应当如实说明情况，不得隐匿、伪造、毁损证据，不得串供或者打击报复。认为调查人员有应当回避情形的，可以在收到本通知后提出，并说明理由。",
    )
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def transfer_letter() -> Letter:
    """移送函 of the office of the joint meeting to the supervisory body."""
    letter = Letter("移送函").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于移送{{ case.matter }}一案的函").to("{{ task.to }}：")
    letter.say(
        f"{ACT}，经联席会议研究并由成员单位会签，拟追究过错责任。依照《{{{{ regulation.title }}}}》的规定，现将该案移送你单位调查处理。",
    )
    letter.heading("一、案件基本情况")
    letter.say("{{ case.facts_summary }}")
    letter.heading("二、移送事由")
    letter.say("{{ task.transfer_text }}")
    letter.heading("三、移送材料")
    letter.say(
        "1.联席会议书面意见：{{ task.opinion_ref }}",
        "2.会签单：{{ task.countersign_ref }}",
    )
    letter.say_if("task.transfer_files", "3.案卷材料：{{ task.transfer_files }}")
    letter.say(
        "请在收到后办理接收手续，并按照规定的期限将立案、处理情况反馈我办。",
    )
    letter.sign("{{ organ.name }}", "{{ task.transferred_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}", copies="联席会议成员单位")


def referral_letter() -> Letter:
    """移送函 of clues of a breach of discipline or a crime."""
    letter = Letter("移送函").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于移送有关问题线索的函").to("{{ task.to }}：")
    letter.say(
        f"我单位在办理{ACT}过错责任调查中，发现有关问题线索，按照管理权限应当由你单位处理，现予移送。",
        "移送事由：{{ task.referral_reason }}",
    )
    letter.say_if("task.referred_persons", "涉及人员：{{ task.referred_persons }}")
    letter.say_if("task.material", "材料：{{ task.material }}")
    letter.say(
        "本移送不代替依照《{{ regulation.title }}》追究的过错责任。办理结果请及时函告我单位。",
    )
    letter.sign("{{ organ.name }}", "{{ task.referred_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def superior_transfer() -> Letter:
    """移送函 where a higher body may act on the person."""
    letter = Letter("移送函").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于移送过错责任追究事项的函").to("{{ task.referred_to_name }}：")
    letter.say(
        f"{ACT}的责任人员{{{{ subject.name }}}}（{{{{ subject.organ }}}}），按照干部管理权限应当由你单位追究责任。依照《{{{{ regulation.title }}}}》的规定，现予移送。",
        "移送理由：{{ task.referral_reason }}",
    )
    letter.say_if("task.material", "材料：{{ task.material }}")
    letter.say(
        "请在收到后出具回执，并将办理结果函告我单位。",
    )
    letter.sign("{{ organ.name }}", "{{ task.referred_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def person_referral() -> Letter:
    """移送函 of clues about one person, beside the decision on him."""
    letter = Letter("移送函").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于移送有关问题线索的函").to("{{ task.referral_to }}：")
    letter.say(
        f"我单位在办理{ACT}过错责任追究中，发现{{{{ subject.name }}}}（{{{{ subject.organ }}}}）涉嫌{{{{ task.referral_kind }}}}问题的线索，现予移送。",
        "移送事由：{{ task.referral_reason }}",
    )
    letter.say_if("task.material", "材料：{{ task.material }}")
    letter.say(
        "本移送不代替依照《{{ regulation.title }}》追究的责任。办理结果请及时函告我单位。",
    )
    letter.sign("{{ organ.name }}", "{{ task.referred_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def result_notice() -> Letter:
    """告知函: the joint meeting does not hold anybody accountable."""
    letter = Letter("告知函").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于{{ case.matter }}一案处理结果的告知函").to("{{ task.notice_to }}：")
    letter.say(
        f"你单位报送的{ACT}，依照《{{{{ regulation.title }}}}》的规定进行了研究，处理结果为：{{{{ task.notice_outcome }}}}。",
        "理由和依据：{{ task.notice_reasons }}",
    )
    letter.say_if("task.rectification_still_due|code == 'True'", "已确定的整改事项继续跟踪，请按照期限报告落实情况。")
    letter.say("特此告知。")
    letter.sign("{{ organ.name }}", "{{ task.notified_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def archive_catalogue() -> Letter:
    letter = Letter("归档目录").title("案卷归档目录", below=False)
    letter.table(
        [
            ["档号", "{{ task.archive_no }}", "案件编号", "{{ case.number }}"],
            ["题名", "{{ case.matter }}过错责任追究案卷"],
            ["保管期限", "{{ task.class }}", "密级", "{{ task.secrecy }}"],
        ],
        [16, 28, 16, 40],
    )
    letter.say("")
    letter.table(
        [
            ["序号", "材料名称", "类别", "页数", "备注"],
            ["{%tr for row in task.items %}"],
            ["{{ loop.index }}", "{{ row.name }}", "{{ row.kind }}", "{{ row.pages }}", "{{ row.remark }}"],
            ["{%tr endfor %}"],
        ],
        [10, 44, 20, 10, 16],
        header=True,
    )
    letter.say_if("task.archive_note", "备考：{{ task.archive_note }}")
    letter.sign("归档人：{{ actor.name }}", "{{ task.archived_on }}")
    return letter


LETTERS = {
    "docket_approval": docket_approval,
    "docket_approval_of_person": docket_approval_of_person,
    "investigation_notice": investigation_notice,
    "transfer_letter": transfer_letter,
    "referral_letter": referral_letter,
    "superior_transfer": superior_transfer,
    "person_referral": person_referral,
    "result_notice": result_notice,
    "archive_catalogue": archive_catalogue,
}
