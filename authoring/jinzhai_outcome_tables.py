"""Jinzhai's tables about the case as a whole: order of outcome, choices, authority, recovery, remedies, assessment."""

from authoring.cells import (
    ACT_BEFORE_RULE,
    CIRCUMSTANCES,
    FAULTS,
    GRAVE,
    IMPLEMENTING,
    IN_SCOPE,
    KIND,
    LESSER,
    MENTAL_STATE,
    NOMINAL_APART,
    NOMINAL_FAULT,
    ORGAN,
    PERSON,
    ROLE,
    SCOPE_KIND,
    STATUS,
    any_of,
    before,
    has,
    setting,
)
from authoring.jinzhai_tables import FAULT_ITEMS
from authoring.outcome_rows import (
    CHOICE,
    CHOICE_INPUTS,
    OUTCOME,
    SHUT,
    WEIGHED,
    choices_of_conflict,
    remedy_route,
    share,
    weighing,
)
from authoring.tables import Column, Row, Table

ITEMS = ", ".join(f'"{code}"' for code in FAULT_ITEMS)
NO_ITEM = f"every fault in ? satisfies not(list contains([{ITEMS}], fault))"
"""No fault at all, or only such as JZ-5 does not list."""
CLAUSES = {
    "exemption": "JZ-15 (chapeau)",
    "mitigation": "JZ-16 (chapeau)",
    "aggravation": "JZ-17 (chapeau)",
    "fault": "JZ-5 (chapeau)",
}
CHAPEAU, TRIAL = "JZ-3 (chapeau)", "JZ-23"


def all_tables() -> tuple[Table, ...]:
    return (
        basis(),
        reservations(),
        conflict(),
        choices(),
        questions(),
        authority(),
        recovery(),
        instrument(),
        share("jinzhai", "JZ-14"),
        remedy_route("jinzhai", "JZ-21.p1"),
        assessment(),
    )


def basis() -> Table:
    other = 'some type in ? satisfies type != "ADMIN_ORGAN"'
    inputs = (CIRCUMSTANCES, Column("organ_types", "机关类型", "list"), NOMINAL_APART, IMPLEMENTING)
    rows = (
        _based("not_performed", "JZ-4(5)", (has("JUDGMENT_NOT_PERFORMED"), "", "", ""), "生效文书没有履行，一并列入"),
        _based("other_organ", "JZ-1", ("", other, "", ""), "受权或者受托的组织，统称行政机关"),
        _based("nominal", "JZ-6.p2", ("", "", "true", ""), "名义主体与实施主体不一致"),
        _based("several", "JZ-6.p3", ("", "", "", "> 1"), "实施主体不止一个，按过错程度分别问责"),
    )
    outputs = (Column("basis_article", "适用条款", "string"),)
    return Table("jinzhai-basis", "其他适用条款", "COLLECT", inputs, outputs, rows)


def _based(id_: str, clause: str, tests: tuple[str, ...], reading: str) -> Row:
    return Row(f"basis_{id_}", tests, (clause,), clause, reading)


def reservations() -> Table:
    inputs = (
        SCOPE_KIND,
        MENTAL_STATE,
        FAULTS,
        ACT_BEFORE_RULE,
        setting("faultListClosed", "七种情形视为穷尽"),
        setting("art4NeedsArt5", "参照案件须有过错情形"),
    )
    fault = CLAUSES["fault"]
    rows = (
        Row(
            "reserve_act_before_rule",
            ("", "", "", "true", "", ""),
            ("ACT_BEFORE_RULE",),
            TRIAL,
            "行为早于施行日期，是否适用由人决定（R26）",
        ),
        Row("reserve_mental_state", ("", "null", "", "", "", ""), ("MENTAL_STATE",), CHAPEAU, "主观过错尚未认定"),
        Row(
            "reserve_fault_item",
            ('"DIRECT"', "", NO_ITEM, "", '"ON"', ""),
            ("FAULT_ITEM",),
            fault,
            "没有归入七种过错情形的任何一项，由人归类（R40）",
        ),
        Row(
            "reserve_reference_item",
            ('"BY_REFERENCE"', "", NO_ITEM, "", "", '"ON"'),
            ("FAULT_ITEM",),
            fault,
            "设置要求参照案件也须有过错情形（R41）",
        ),
    )
    outputs = (Column("reservation", "保留事项", "string"),)
    return Table("jinzhai-reservations", "须由人先定的事项", "COLLECT", inputs, outputs, rows)


def conflict() -> Table:
    gate, temporal = setting("mentalGate", "过错程度的作用"), setting("temporalRule", "时间效力")
    inputs = (SCOPE_KIND, MENTAL_STATE, ACT_BEFORE_RULE, gate, temporal, *WEIGHED)
    rest, out = ("",) * len(WEIGHED), ("OUT_OF_SCOPE", "", *SHUT)
    rows = (
        Row("outcome_out", ('"OUT"', "", "", "", "", *rest), out, CHAPEAU, "不在适用范围之内"),
        Row(
            "outcome_no_gross_fault",
            ("", LESSER, "", '"SCOPE"', "", *rest),
            out,
            CHAPEAU,
            "设置以故意或者重大过失为适用条件（R39）",
        ),
        Row(
            "outcome_act_before_rule",
            ("", "", "true", "", '"ACT_DATE"', *rest),
            out,
            TRIAL,
            "设置以行为日期判断适用（R26）",
        ),
        Row(
            "outcome_await_effect",
            ('"AWAIT_EFFECT"', "", "", "", "", *rest),
            ("AWAIT_EFFECT", "", *SHUT),
            CHAPEAU,
            "文书尚未生效，等待生效",
        ),
        *weighing(
            free=5,
            heavy=f"{has('JZ-17(2)')} or {has('JZ-17(3)')}",
            clauses=CLAUSES,
            exempt="EXEMPT",
        ),
    )
    return Table("jinzhai-conflict", "结论的先后次序", "FIRST", inputs, OUTCOME, rows)


def choices() -> Table:
    return Table("jinzhai-choices", "由人决定的事项", "COLLECT", CHOICE_INPUTS, (CHOICE,), choices_of_conflict(CLAUSES))


def questions() -> Table:
    inputs = (
        KIND,
        ROLE,
        Column("subject_level", "机关层级", "string"),
        NOMINAL_FAULT,
        NOMINAL_APART,
        Column("superior_order", "上级命令", "boolean"),
        Column("objected_in_writing", "曾书面提出异议", "boolean"),
        STATUS,
        CIRCUMSTANCES,
        FAULTS,
        Column("repeat_within_year", "履历显示一年内再犯", "boolean"),
    )
    gone = any_of("RETIRED", "RESIGNED", "DISMISSED", "DEAD")
    claim = has("REPEAT_SAME_PERSON_WITHIN_YEAR")
    rows = (
        Row(
            "ask_nominal_fault",
            (ORGAN, '"NOMINAL"', "", "null", "true", "", "", "", "", "", ""),
            ("NOMINAL_FAULT",),
            "JZ-6.p2",
            "名义主体有无过错，由人认定",
        ),
        Row(
            "ask_county_government",
            (ORGAN, "", '"COUNTY_GOVERNMENT"', "not(false)", "", "", "", "", "", "", ""),
            ("COUNTY_GOV_AS_ORGAN",),
            "JZ-6.p1",
            "县政府能否作为问责对象，由人决定并报上级（R10）",
        ),
        Row(
            "ask_superior_order",
            ("", "", "", "", "", "true", "true", "", "", "", ""),
            ("CIVIL_SERVANT_LAW_60",),
            "JZ-14",
            "执行上级命令且曾书面提出异议，责任由人认定（公务员法第六十条）",
        ),
        Row(
            "ask_leaver",
            ("", "", "", "", "", "", "", gone, "", "", ""),
            ("RETIRED",),
            "JZ-13.p2",
            "已经离职或者死亡，以任职为前提的方式不适用（R12）",
        ),
        Row(
            "ask_discretion",
            ("", "", "", "", "", "", "", "", has("WITHIN_STATUTORY_RANGE"), has("FAULT_MANIFESTLY_IMPROPER"), ""),
            ("JZ-15(3)",),
            "JZ-15(3)",
            "在法定幅度之内却被认定明显不当，可否免予由人判断",
        ),
        Row(
            "ask_repeat_claim",
            ("null", "", "", "", "", "", "", "", claim, "", "not(true)"),
            ("",),
            "JZ-17(1)",
            "主张一年内再犯，履历没有显示，不予采信",
        ),
    )
    outputs = (Column("question", "另须回答", "string"),)
    return Table("jinzhai-questions", "结论之外的问题", "COLLECT", inputs, outputs, rows)


def authority() -> Table:
    outputs = (Column("routing", "去向", "list"), Column("authority_article", "条款", "string"))
    clause = "JZ-11.p2"
    rows = (
        Row(
            "authority_superior",
            ('"SUPERIOR_OUTSIDE_COUNTY"',),
            ('=["REFER_SUPERIOR"]', clause),
            clause,
            "超出本县管理权限，移送有权机关（R10）",
        ),
        Row("authority_county", ("",), ("=[]", clause), clause, "在本县管理权限之内"),
    )
    inputs = (Column("authority", "管理权限", "string"),)
    return Table("jinzhai-authority", "管理权限", "FIRST", inputs, outputs, rows)


def recovery() -> Table:
    outputs = (Column("recovery", "追偿", "string"), Column("recovery_article", "条款", "string"))
    clause = "JZ-20"
    rows = (
        Row("recovery_open", ("true", GRAVE), ("OPEN", clause), clause, "已赔偿且有故意或者重大过失，应当追偿"),
        Row("recovery_blocked", ("true", ""), ("", clause), clause, "没有故意或者重大过失的认定，不得追偿（R28）"),
        Row("recovery_none", ("", ""), ("", ""), clause, "没有支付赔偿，不发生追偿"),
    )
    inputs = (Column("compensation_paid", "已经支付赔偿", "boolean"), MENTAL_STATE)
    return Table("jinzhai-recovery", "追偿条件", "FIRST", inputs, outputs, rows)


def instrument() -> Table:
    """Since the supervision law, advice goes to units and accountability is proposed for leading persons (R20)."""
    by_date = setting("instrumentByDate", "按对象和日期区分")
    inputs = (by_date, Column("advised_on", "提出日期", "date"), KIND, Column("leading_cadre", "领导人员", "boolean"))
    advice, clause = ("SUPERVISORY_ADVICE",), "JZ-11.p2"
    rows = (
        Row("instrument_one_kind", ('"OFF"', "", "", ""), advice, clause, "设置为一律用监察建议"),
        Row("instrument_before", ("", before("2018-03-20"), "", ""), advice, clause, "监察法施行前一律用监察建议"),
        Row(
            "instrument_leader", ("", "", PERSON, "true"), ("ACCOUNTABILITY_PROPOSAL",), clause, "对领导人员用问责建议"
        ),
        Row("instrument_unit", ("", "", "", ""), advice, clause, "对单位和其他人员所在单位用监察建议"),
    )
    outputs = (Column("proposed_instrument", "文书种类", "string"),)
    return Table("jinzhai-instrument", "监察文书种类", "FIRST", inputs, outputs, rows)


def assessment() -> Table:
    outputs = (
        Column("filing_duty", "报送备案义务", "boolean"),
        Column("award_disqualification", "取消评优资格", "boolean"),
        Column("assessment_record", "考核记录", "string"),
    )
    rows = (
        Row(
            "assess_filing",
            ('"DIRECT"',),
            ("=true", "", "FILING"),
            "JZ-18.s1",
            "直接追责的文书，十日内报送备案，是否及时完整记入考核",
        ),
        Row("assess_reference", (IN_SCOPE,), ("=false", "", ""), "JZ-4 (chapeau)", "参照案件没有报送备案义务（R30）"),
        Row("assess_none", ("",), ("=false", "", ""), "JZ-18.s3", "没有须报送的生效文书，不记考核"),
    )
    return Table("jinzhai-assessment", "考核记录", "FIRST", (SCOPE_KIND,), outputs, rows)
