"""Papers of filing and screening: the filing form, the analysis report, the reminder, the summary, the proposal."""

from authoring.letters.layout import Letter

ACT = "案号{{ case.doc_no }}的{{ case.matter }}一案"


def filing_form() -> Letter:
    """行政败诉案件备案表: who files which document, when, and whether in time."""
    letter = Letter("行政败诉案件备案表").title("行政败诉案件备案表", below=False).number("案件编号：{{ case.number }}")
    letter.table(
        [
            ["报送单位", "{{ organ.name }}"],
            ["案由", "{{ case.matter }}"],
            ["案号", "{{ case.doc_no }}", "文书种类", "{{ case.legal_doc_type }}"],
            ["审理或者\n复议机关", "{{ case.issuing_organ }}", "审级", "{{ case.instance }}"],
            ["名义主体", "{{ case.nominal_entity }}", "实施主体", "{{ case.implementing_entities }}"],
            ["原告或\n申请人", "{{ case.plaintiff_kind }}", "管理领域", "{{ case.area }}"],
            ["被诉行为", "{{ case.act_kind }}", "行为日期", "{{ case.act_date }}"],
            ["行为文号", "{{ case.act_no|or_blank }}", "败诉类型", "{{ case.case_type }}"],
            ["收到日期", "{{ case.served_date }}", "生效日期", "{{ case.effective_date|or_blank }}"],
            ["报送日期", "{{ task.filed_on }}", "报送方式", "{{ task.filing_method }}"],
            ["应报送\n日期", "{{ task.due_on|or_blank }}", "是否按期", "{{ task.on_time|or_blank }}"],
            ["逾期原因", "{{ task.late_reason|or_blank }}"],
            ["报送材料", "{{ task.filed_documents }}"],
            ["填报人", "{{ task.filer }}", "法制审核", "{{ case.legal_reviewer }}"],
            ["负责人\n签字", "{{ case.head }}"],
        ],
        [17, 38, 17, 28],
        small=True,
    )
    return letter


def analysis_report() -> Letter:
    """败诉案件分析报告: the four parts that the regulation asks for."""
    letter = Letter("败诉案件分析报告").head("{{ organ.name }}").title("关于{{ case.matter }}一案的败诉分析报告")
    letter.to("行政败诉案件过错责任追究联席会议办公室：")
    letter.say("按照《{{ regulation.title }}》的规定，现将" + ACT + "的败诉情况分析报告如下：")
    letter.heading("一、案件基本情况")
    letter.say(
        "{{ case.basic_facts }}",
        "裁判或者复议机关：{{ case.issuing_organ }}；文书种类：{{ case.legal_doc_type }}；作出日期：{{ case.doc_date }}；收到日期：{{ case.served_date }}；败诉类型：{{ case.case_type }}。",
    )
    letter.say_if("case.head_attended", "负责人出庭：{{ case.head_attended }}。{{ case.head_absent_reason }}")
    letter.say_if("case.defence_filed_on", "提交答辩日期：{{ case.defence_filed_on }}")
    letter.say_if("case.evidence_filed_on", "提交证据日期：{{ case.evidence_filed_on }}")
    letter.heading("二、败诉原因分析")
    letter.say("败诉原因：{{ case.cause_codes }}", "{{ case.cause_analysis }}")
    letter.say_if("case.involved_persons", "承办、审核、批准人员：{{ case.involved_persons }}")
    letter.heading("三、存在问题")
    letter.say("{{ case.problems }}")
    letter.heading("四、工作建议")
    letter.say("{{ case.recommendations }}")
    letter.say_if("case.rectification_owner", "整改责任部门：{{ case.rectification_owner }}")
    letter.say_if("case.rectification_due", "整改期限：{{ case.rectification_due }}")
    letter.say_if("case.self_correction", "已经采取的纠错措施：{{ case.self_correction }}")
    letter.say_if("case.attachments", "附件：{{ case.attachments }}")
    letter.say("法制审核：{{ case.legal_reviewer }}", "负责人签字：{{ task.head }}")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def filing_reminder() -> Letter:
    """催报通知 to an organ that has not filed."""
    letter = Letter("催报通知").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于报送{{ case.matter }}一案备案材料的催报通知").to("{{ case.lead_organ }}：")
    letter.say(
        "你单位于{{ case.served_date }}收到"
        + ACT
        + "的法律文书，至今没有按照《{{ regulation.title }}》的规定报送备案并提交败诉案件分析报告。",
        "{{ task.urge_content }}",
        "请于{{ task.urge_due }}前报送。按期报送的情况纳入依法行政考核。",
    )
    letter.sign("{{ organ.name }}", "{{ task.urged_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def case_summary() -> Letter:
    """案件材料汇总表 that the office puts before the joint meeting."""
    letter = (
        Letter("案件材料汇总表").title("拟提请研究案件材料汇总表", below=False).number("案件编号：{{ case.number }}")
    )
    letter.table(
        [
            ["案由", "{{ case.matter }}"],
            ["案号", "{{ case.doc_no }}", "裁判机关", "{{ case.issuing_organ }}"],
            ["名义主体", "{{ case.nominal_entity }}", "实施主体", "{{ case.implementing_entities }}"],
            ["败诉类型", "{{ case.case_type }}", "收到日期", "{{ case.served_date }}"],
            ["报送日期", "{{ case.filed_on|or_blank }}", "是否按期", "{{ case.on_time|or_blank }}"],
            ["案情摘要", "{{ task.summary }}"],
            ["败诉原因", "{{ case.cause_analysis }}"],
            ["存在问题", "{{ case.problems }}"],
            ["初步过错\n情形", "{{ task.prelim_faults }}"],
            ["初步免予\n情形", "{{ task.prelim_exemptions|or_blank }}"],
            ["需回避\n单位", "{{ task.recusal_units|or_blank }}"],
            ["办公室\n意见", "{{ task.office_opinion }}"],
            ["理由", "{{ task.reasons }}"],
        ],
        [17, 38, 17, 28],
        small=True,
    )
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter


def accountability_proposal() -> Letter:
    """问责建议 of the office of the joint meeting."""
    letter = Letter("问责建议").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于{{ case.matter }}一案的问责建议").to("行政败诉案件过错责任追究联席会议：")
    letter.say(
        ACT + "，经汇总、整理案件材料，我办认为需要问责。依照《{{ regulation.title }}》的规定，提出以下建议，请予研究。"
    )
    letter.heading("一、案情摘要")
    letter.say("{{ task.summary }}")
    letter.heading("二、过错情形")
    letter.say("{{ task.prelim_faults }}")
    letter.say_if("task.prelim_exemptions", "可能存在的免予情形：{{ task.prelim_exemptions }}")
    letter.heading("三、问责建议")
    letter.say("{{ task.accountability_proposal }}", "理由：{{ task.reasons }}")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


LETTERS = {
    "filing_form": filing_form,
    "analysis_report": analysis_report,
    "filing_reminder": filing_reminder,
    "case_summary": case_summary,
    "accountability_proposal": accountability_proposal,
}
