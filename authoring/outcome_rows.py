"""What tables of both counties share: guidance on shares, ways of review and appeal, the order of outcome.

Both texts leave these to higher law or say the same; each county's table cites its own clause.
"""

from authoring.cells import AGGRAVATIONS, CONTESTED, EXEMPTIONS, MITIGATIONS, RESULT, ROLE, SOME, any_of
from authoring.tables import Column, Row, Table

Cells = tuple[str, ...]

OUTCOME = (
    Column("outcome", "结论", "string"),
    Column("suggested", "倾向", "string"),
    Column("opens_sanctions", "开放问责方式", "boolean"),
    Column("reservable", "继续裁量", "boolean"),
)
WEIGHED = (EXEMPTIONS, MITIGATIONS, AGGRAVATIONS, CONTESTED)
"""The last four inputs of every order of outcome."""
OPEN, CLOSED, SHUT = ("=true", "=true"), ("=false", "=true"), ("=false", "=false")


def weighing(*, free: int, heavy: str, clauses: dict[str, str], exempt: str) -> tuple[Row, ...]:
    """The rows that weigh findings, after `free` inputs that they do not read. `heavy` tests the aggravations that
    prevail over an exemption; `exempt` is the outcome where only an exemption is left."""
    human, lead = "HUMAN_DECISION", ("",) * free

    def row(id_: str, tests: Cells, outputs: Cells, clause: str, reading: str) -> Row:
        return Row(f"outcome_{id_}", (*lead, *tests), outputs, clauses[clause], reading)

    aggravated, mitigated, normal = "ACCOUNTABLE_AGGRAVATED", "ACCOUNTABLE_MITIGATED", "ACCOUNTABLE_NORMAL"
    return (
        row(
            "exempt_heavy",
            (SOME, "", heavy, ""),
            (human, aggravated, *OPEN),
            "aggravation",
            "免予与阻碍调查、打击报复并存，由人决定，倾向从重（R6）",
        ),
        row(
            "exempt_aggravated",
            (SOME, "", SOME, ""),
            (human, "", *OPEN),
            "aggravation",
            "免予与从重并存，由人决定，不作倾向（R6）",
        ),
        row("exempt", (SOME, "", "", ""), (exempt, "", *CLOSED), "exemption", "有免予情形，没有从重情形"),
        row(
            "mitigated_aggravated",
            ("", SOME, SOME, ""),
            (human, "", *OPEN),
            "mitigation",
            "从轻减轻与从重并存，由人权衡，不作倾向（R7）",
        ),
        row(
            "contested_aggravated",
            ("", "", SOME, SOME),
            (human, aggravated, *OPEN),
            "aggravation",
            "有争议的情节由人判断，不成立时从重",
        ),
        row(
            "contested_mitigated",
            ("", SOME, "", SOME),
            (human, mitigated, *OPEN),
            "mitigation",
            "有争议的情节由人判断，不成立时从轻或者减轻",
        ),
        row(
            "contested",
            ("", "", "", SOME),
            (human, normal, *OPEN),
            "exemption",
            "有争议的情节由人判断，不成立时正常问责",
        ),
        row("aggravated", ("", "", SOME, ""), (aggravated, "", *OPEN), "aggravation", "有从重情形"),
        row("mitigated", ("", SOME, "", ""), (mitigated, "", *OPEN), "mitigation", "有从轻或者减轻情形"),
        row("normal", ("", "", "", ""), (normal, "", *OPEN), "fault", "应当问责，没有免予、从轻、从重情形"),
    )


CHOICE = Column("choice", "由人决定的事项", "list")
CHOICE_INPUTS = (
    Column("outcome", "结论", "string"),
    RESULT,
    *WEIGHED,
    Column("contested_mitigations", "有争议的从轻减轻条款", "list"),
)


def choices_of_conflict(clauses: dict[str, str]) -> tuple[Row, ...]:
    human, none = '"HUMAN_DECISION"', "count(?) = 0"
    return (
        Row(
            "choose_exemption_aggravation",
            (human, "", SOME, "", SOME, "", ""),
            ("=concatenate(exemptions, aggravations)",),
            clauses["exemption"],
            "免予与从重两边都列出，由人取舍（R6）",
        ),
        Row(
            "choose_mitigation_aggravation",
            (human, "", none, SOME, SOME, "", ""),
            ("=concatenate(mitigations, aggravations)",),
            clauses["mitigation"],
            "从轻减轻与从重两边都列出，由人权衡（R7）",
        ),
        Row(
            "choose_contested",
            ("", "", "", "", "", SOME, ""),
            ("=contested",),
            clauses["exemption"],
            "有争议的情节是否成立，由人判断",
        ),
        Row(
            "choose_contested_mitigation",
            ("", "", "", "", SOME, "", SOME),
            ("=aggravations",),
            clauses["mitigation"],
            "从轻减轻有争议而又有从重情形，一并权衡（R7）",
        ),
        Row(
            "choose_lighter",
            ("", '"ACCOUNTABLE_MITIGATED"', "", "", "", "", ""),
            ('=["LIGHTER", "REDUCED"]',),
            clauses["mitigation"],
            "从轻还是减轻，由人选择（R8）",
        ),
    )


def share(regime: str, clause: str) -> Table:
    """Shares of handler, reviewer and approver. No article says it: guidance, which a person confirms."""
    inputs = (ROLE, Column("conduct", "行为方式", "string"))
    outputs = (Column("share_proposal", "责任类型建议", "string"), Column("share_article", "条款", "string"))

    def row(id_: str, role: str, conduct: str, proposal: str, reading: str) -> Row:
        role_test = f'"{role}"' if role else ""
        return Row(f"share_{id_}", (role_test, f'"{conduct}"'), (proposal, clause), clause, f"{reading}（供参考）")

    direct, main, important = "DIRECT", "MAIN_LEADER", "IMPORTANT_LEADER"
    unnoticed, overrode = "HANDLER_WRONG_UNNOTICED", "REVIEWER_OVERRODE"
    rows = (
        row("handler_beyond", "HANDLER", "HANDLER_BEYOND_OR_FALSE", direct, "承办人越权或者弄虚作假，直接责任"),
        row("handler_wrong", "HANDLER", unnoticed, direct, "承办有误而未被发现，承办人直接责任"),
        row("reviewer_missed", "REVIEWER", unnoticed, main, "应当发现而未发现，审核人主要领导责任"),
        row("approver_missed", "APPROVER", unnoticed, important, "应当发现而未发现，批准人重要领导责任"),
        row("reviewer_overrode", "REVIEWER", overrode, direct, "审核人改变正确意见，直接责任"),
        row("approver_followed", "APPROVER", overrode, main, "批准被改错的意见，批准人主要领导责任"),
        row("approver_overrode", "APPROVER", "APPROVER_OVERRODE", direct, "批准人改变正确意见，直接责任"),
        row("approver_alone", "APPROVER", "APPROVER_WITHOUT_DRAFT", direct, "未经承办审核即批准，批准人直接责任"),
        row("instructed", "", "INSTRUCTED", direct, "授意、干预的人直接责任"),
        row("collective_decided", "", "COLLECTIVE_DECIDED", main, "集体决定的主持者，主要领导责任"),
        row("collective_supported", "", "COLLECTIVE_SUPPORTED", important, "集体决定中赞成错误意见的，重要领导责任"),
        row("collective_dissented", "", "COLLECTIVE_DISSENTED", "NONE", "集体决定中提出正确意见的，不承担责任"),
        Row("share_open", ("", ""), ("", clause), clause, "没有参考，由人按职责和过错确定"),
    )
    return Table(f"{regime}-share", "责任大小参考", "FIRST", inputs, outputs, rows)


SERVANT = any_of("CIVIL_SERVANT", "CIVIL_SERVANT_LAW_STAFF")


def remedy_route(regime: str, clause: str) -> Table:
    """Ways of review and appeal. The regulation only refers to them: the periods are those of higher law."""
    names = {
        "remedy_route": "救济途径",
        "remedy_apply_within": "申请期限",
        "remedy_apply_from": "起算",
        "remedy_body": "受理机关",
        "remedy_decide_within": "办理期限",
        "remedy_extension": "可以延长",
        "remedy_source": "上位法依据",
    }
    inputs = (
        Column("subject_kind", "责任对象种类", "string"),
        Column("decision_maker", "作出决定的机关", "string"),
        Column("person_category", "人员类别", "string"),
        Column("remedy_step", "第几步", "string"),
        Column("review_skipped", "未经复核", "boolean"),
        Column("remedy_scope", "救济范围（设置）", "string"),
        Column("sanctions", "处理方式", "list"),
    )
    rows = tuple(
        Row(
            f"remedy_{id_}",
            (*tests, *("",) * (len(inputs) - len(tests))),
            outputs,
            clause,
            f"{reading}，期限来自{outputs[-1] or '上位法'}",
        )
        for id_, tests, outputs, reading in REMEDIES
    )
    outputs = tuple(Column(name, label, "string") for name, label in names.items())
    return Table(f"{regime}-remedy-route", "复核申诉途径", "FIRST", inputs, outputs, rows)


_P, _FIRST, _SECOND, _THIRD = '"PERSON"', '"FIRST"', '"SECOND"', '"THIRD"'
_SUP, _APPOINTING = '"SUPERVISORY"', '"APPOINTING"'
_INSTITUTION = '"PUBLIC_INSTITUTION"'
UNLISTED = 'if ? = null then false else not(some s in ? satisfies list contains(["REMOVAL", "DISMISSAL"], s))'
"""Of the measures of these regulations the Civil Servant Law, Art. 95, lists removal and dismissal only."""
_LAW95 = "公务员法第九十五条"
_SUP56 = "监察法第五十六条（2025年6月1日以前为第四十九条）"
_INST = "事业单位工作人员申诉规定"
REMEDIES: tuple[tuple[str, Cells, Cells, str], ...] = (
    ("organ", ('"ORGAN"', "", "", "", ""), ("NONE", "", "", "", "", "", ""), "单位不在复核申诉之列"),
    (
        "sup_reexamination",
        (_P, _SUP, "", _FIRST, ""),
        ("SUP_REEXAMINATION", "P1M", "DECISION_RECEIVED", "SUPERVISORY_BODY", "P1M", "", _SUP56),
        "对监察机关的决定申请复审",
    ),
    (
        "sup_review",
        (_P, _SUP, "", _SECOND, ""),
        ("SUP_REVIEW", "P1M", "REEXAMINATION_DECISION", "SUPERIOR_SUPERVISORY_BODY", "P2M", "", _SUP56),
        "对复审决定申请上一级监察机关复核",
    ),
    (
        "party",
        (_P, '"PARTY"', "", _FIRST, ""),
        ("PARTY_APPEAL", "P1M", "DECISION_RECEIVED", "PARTY_ORGANISATION", "P1M", "", "中国共产党问责条例"),
        "党内问责决定向作出决定的党组织申诉",
    ),
    (
        "leader",
        (_P, '"LEADER_ACCOUNTABILITY"', "", _FIRST, ""),
        ("LEADER_APPEAL", "P15D", "DECISION_RECEIVED", "ORIGINAL_BODY", "P30D", "", "党政领导干部问责规定，效力须核实"),
        "对党政领导干部的问责决定申诉",
    ),
    (
        "contract",
        (_P, _APPOINTING, '"CONTRACT_STAFF"', _FIRST, ""),
        ("CONTRACT_ARBITRATION", "P60D", "DISPUTE", "ARBITRATION_COMMISSION", "", "", "公务员法第一百零五条"),
        "聘任合同争议申请仲裁",
    ),
    (
        "inst_review",
        (_P, _APPOINTING, _INSTITUTION, _FIRST, ""),
        ("INST_REVIEW", "P30D", "TREATMENT_KNOWN", "UNIT", "P30D", "", _INST),
        "事业单位人员向原单位申请复核",
    ),
    (
        "inst_appeal",
        (_P, _APPOINTING, _INSTITUTION, _SECOND, ""),
        ("INST_APPEAL", "P30D", "REVIEW_DECISION", "COMPETENT_DEPARTMENT", "P60D", "P30D", _INST),
        "事业单位人员对复核决定申诉",
    ),
    (
        "servant_unlisted",
        (_P, _APPOINTING, SERVANT, "", "", '"STATUTE_ONLY"', UNLISTED),
        ("NONE", "", "", "", "", "", ""),
        "设置限于公务员法列明的事项，免职和辞退以外的方式不在其列（R9）",
    ),
    (
        "servant_review",
        (_P, _APPOINTING, SERVANT, _FIRST, "not(true)"),
        ("CS_REVIEW", "P30D", "TREATMENT_KNOWN", "ORIGINAL_BODY", "P30D", "", _LAW95),
        "公务员向原处理机关申请复核",
    ),
    (
        "servant_direct",
        (_P, _APPOINTING, SERVANT, any_of("FIRST", "SECOND"), "true"),
        (
            "CS_DIRECT_APPEAL",
            "P30D",
            "TREATMENT_KNOWN",
            "CIVIL_SERVICE_AUTHORITY_OR_SUPERIOR",
            "P60D",
            "P30D",
            _LAW95,
        ),
        "公务员不经复核直接申诉",
    ),
    (
        "servant_appeal",
        (_P, _APPOINTING, SERVANT, _SECOND, ""),
        ("CS_APPEAL", "P15D", "REVIEW_DECISION", "CIVIL_SERVICE_AUTHORITY_OR_SUPERIOR", "P60D", "P30D", _LAW95),
        "公务员对复核决定申诉",
    ),
    (
        "servant_further",
        (_P, _APPOINTING, SERVANT, _THIRD, ""),
        ("CS_FURTHER_APPEAL", "", "", "SUPERIOR_OF_APPEAL_BODY", "", "", _LAW95),
        "公务员对省级以下的申诉处理决定再申诉",
    ),
    ("none", ("", "", "", "", ""), ("NONE", "", "", "", "", "", ""), "没有列明的途径，由人判断"),
)
