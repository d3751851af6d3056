"""Yiyuan's tables about the case as a whole: order of outcome, choices, authority, recovery, remedies, assessment."""

from authoring.cells import (
    ACT_BEFORE_RULE,
    CIRCUMSTANCES,
    GRAVE,
    IN_SCOPE,
    KIND,
    MENTAL_STATE,
    NOMINAL_APART,
    NOMINAL_FAULT,
    ORGAN,
    RESULT,
    ROLE,
    SCOPE_KIND,
    STATUS,
    any_of,
    has,
    setting,
)
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

CLAUSES = {
    "exemption": "YY-11 (chapeau)",
    "mitigation": "YY-12 (chapeau)",
    "aggravation": "YY-13 (chapeau)",
    "fault": "YY-6.s1",
}
SCOPE, VALIDITY = "YY-3(1)", "YY-19"
FREE_OR_LEFT = "EXEMPT_OR_NOT_PURSUED"


def all_tables() -> tuple[Table, ...]:
    return (
        reservations(),
        conflict(),
        choices(),
        questions(),
        authority(),
        recovery(),
        award_year(),
        share("yiyuan", "YY-9"),
        remedy_route("yiyuan", "YY-16"),
        assessment(),
    )


def reservations() -> Table:
    inputs = (MENTAL_STATE, ACT_BEFORE_RULE, Column("organ_types", "机关类型", "list"))
    rows = (
        Row(
            "reserve_act_before_rule",
            ("", "true", ""),
            ("ACT_BEFORE_RULE",),
            VALIDITY,
            "行为早于施行日期，是否适用由人决定（R26）",
        ),
        Row("reserve_mental_state", ("null", "", ""), ("MENTAL_STATE",), "YY-9", "主观过错尚未认定"),
        Row(
            "reserve_entrusted",
            ("", "", has("ENTRUSTED_ORG")),
            ("YY-2",),
            "YY-2",
            "受委托组织不在本办法适用对象之列，由人决定",
        ),
    )
    outputs = (Column("reservation", "保留事项", "string"),)
    return Table("yiyuan-reservations", "须由人先定的事项", "COLLECT", inputs, outputs, rows)


def conflict() -> Table:
    expiry, temporal = setting("expiryPolicy", "失效后的新案"), setting("temporalRule", "时间效力")
    inputs = (
        SCOPE_KIND,
        Column("after_expiry", "生效日期在有效期之后", "boolean"),
        ACT_BEFORE_RULE,
        expiry,
        temporal,
        *WEIGHED,
    )
    rest, out = ("",) * len(WEIGHED), ("OUT_OF_SCOPE", "", *SHUT)
    rows = (
        Row("outcome_out", ('"OUT"', "", "", "", "", *rest), out, SCOPE, "不在适用范围之内"),
        Row(
            "outcome_act_before_rule",
            ("", "", "true", "", '"ACT_DATE"', *rest),
            out,
            VALIDITY,
            "设置以行为日期判断适用（R26）",
        ),
        Row(
            "outcome_await_effect",
            ('"AWAIT_EFFECT"', "", "", "", "", *rest),
            ("AWAIT_EFFECT", "", *SHUT),
            SCOPE,
            "文书尚未生效，等待生效（R18）",
        ),
        Row(
            "outcome_expired",
            ("", "true", "", '"BLOCK"', "", *rest),
            ("HUMAN_DECISION", "OUT_OF_SCOPE", *SHUT),
            VALIDITY,
            "文书生效时本办法有效期已过，由人决定，倾向不适用（R13）",
        ),
        *weighing(
            free=5,
            heavy=f"{has('YY-13(2)')} or {has('YY-13(3)')}",
            clauses=CLAUSES,
            exempt=FREE_OR_LEFT,
        ),
    )
    return Table("yiyuan-conflict", "结论的先后次序", "FIRST", inputs, OUTCOME, rows)


def choices() -> Table:
    weightless = f"{has('YY-12(1)')} or {has('YY-12(2)')}"
    rows = (
        Row(
            "choose_expired",
            ('"HUMAN_DECISION"', '"OUT_OF_SCOPE"', "", "", "", "", ""),
            ('=["YY-19"]',),
            VALIDITY,
            "有效期已过，是否适用由人决定（R13）",
        ),
        Row(
            "choose_exempt",
            ("", f'"{FREE_OR_LEFT}"', "", "", "", "", ""),
            ('=["EXEMPT", "NOT_PURSUED"]',),
            CLAUSES["exemption"],
            "免予还是不予问责，由人选择",
        ),
        Row(
            "choose_not_pursued",
            ("", '"ACCOUNTABLE_MITIGATED"', "", weightless, "", "", ""),
            ('=["NOT_PURSUED"]',),
            CLAUSES["mitigation"],
            "除依法从轻、减轻的兜底一项外，也可以不予问责",
        ),
        *choices_of_conflict(CLAUSES),
    )
    return Table("yiyuan-choices", "由人决定的事项", "COLLECT", CHOICE_INPUTS, (CHOICE,), rows)


def questions() -> Table:
    inputs = (
        KIND,
        ROLE,
        NOMINAL_FAULT,
        NOMINAL_APART,
        Column("superior_order", "上级命令", "boolean"),
        Column("objected_in_writing", "曾书面提出异议", "boolean"),
        STATUS,
        CIRCUMSTANCES,
        Column("repeat_within_year", "履历显示一年内再犯", "boolean"),
    )
    gone = any_of("RETIRED", "RESIGNED", "DISMISSED", "DEAD")
    claim = has("REPEAT_SAME_PERSON_WITHIN_YEAR")
    rows = (
        Row(
            "ask_nominal_fault",
            (ORGAN, '"NOMINAL"', "null", "true", "", "", "", "", ""),
            ("NOMINAL_FAULT",),
            "YY-7",
            "名义主体有无过错，由人认定",
        ),
        Row(
            "ask_superior_order",
            ("", "", "", "", "true", "true", "", "", ""),
            ("CIVIL_SERVANT_LAW_60",),
            "YY-9",
            "执行上级命令且曾书面提出异议，责任由人认定（公务员法第六十条）",
        ),
        Row(
            "ask_leaver",
            ("", "", "", "", "", "", gone, "", ""),
            ("RETIRED",),
            "YY-10 (chapeau)",
            "已经离职或者死亡，以任职为前提的方式不适用（R12）",
        ),
        Row(
            "ask_repeat_claim",
            ("null", "", "", "", "", "", "", claim, "not(true)"),
            ("",),
            "YY-13(1)",
            "主张一年内再犯，履历没有显示，不予采信",
        ),
    )
    outputs = (Column("question", "另须回答", "string"),)
    return Table("yiyuan-questions", "结论之外的问题", "COLLECT", inputs, outputs, rows)


def authority() -> Table:
    superior, both = '"SUPERIOR_OUTSIDE_COUNTY"', '=["REFER_SUPERIOR", "LEADING_CADRE"]'
    bodies, leaders, leader = "YY-5.p1", "YY-14.p2s2", '=["LEADING_CADRE"]'

    def row(id_: str, tests: tuple[str, ...], routing: str, profile: str, clause: str, reading: str) -> Row:
        return Row(f"authority_{id_}", tests, (routing, profile, clause), clause, reading)

    rows = (
        row(
            "superior_leader", (superior, "true", "", ""), both, "", leaders, "上级管理的领导成员，移送有权机关（R10）"
        ),
        row("superior", (superior, "", "", ""), '=["REFER_SUPERIOR"]', "", bodies, "超出本县管理权限，移送（R10）"),
        row("leader_violation", ("", "true", "", "true"), leader, "SUP", leaders, "领导成员涉嫌职务违法，纪检监察机关"),
        row("violation", ("", "", "", "true"), "=[]", "SUP", bodies, "涉嫌职务违法，由纪检监察机关办理"),
        row("leader", ("", "true", "", ""), leader, "ORG", leaders, "领导成员，由组织人事部门按领导干部问责规定办理"),
        row("county_managed", ("", "", "true", ""), "=[]", "ORG", bodies, "县管干部，由组织人事部门办理"),
        row("unit_managed", ("", "", "", ""), "=[]", "UNIT", bodies, "单位管理的人员，由本单位办理"),
    )
    inputs = (
        Column("authority", "管理权限", "string"),
        Column("leading_cadre", "领导成员", "boolean"),
        Column("county_managed", "县管干部", "boolean"),
        Column("suspected_violation", "涉嫌职务违法", "boolean"),
    )
    outputs = (
        Column("routing", "去向", "list"),
        Column("profile", "办理程序", "string"),
        Column("authority_article", "条款", "string"),
    )
    return Table("yiyuan-authority", "干部管理权限", "FIRST", inputs, outputs, rows)


def recovery() -> Table:
    outputs = (Column("recovery", "追偿", "string"), Column("recovery_article", "条款", "string"))
    clause = "YY-15"
    rows = (
        Row("recovery_open", ("true", GRAVE), ("OPEN", clause), clause, "已赔偿且有故意或者重大过失，依法责令承担"),
        Row("recovery_blocked", ("true", ""), ("", clause), clause, "没有故意或者重大过失的认定，不得追偿（R28）"),
        Row("recovery_none", ("", ""), ("", ""), clause, "没有支付赔偿，不发生追偿"),
    )
    inputs = (Column("compensation_paid", "已经支付赔偿", "boolean"), MENTAL_STATE)
    return Table("yiyuan-recovery", "追偿条件", "FIRST", inputs, outputs, rows)


def award_year() -> Table:
    """The text says "that year" without saying which; what was awarded before is for a person to decide (R14)."""
    clause = "YY-14.p2s1"
    rows = tuple(
        Row(
            f"award_year_{id_}",
            (f'"{basis}"',),
            (f"=if {day} = null then null else date({day}).year",),
            clause,
            reading,
        )
        for id_, basis, day, reading in (
            ("effective", "DECISION_EFFECTIVE", "effective_on", "以决定生效的年度为当年度"),
            ("act", "ACT", "case.act_date", "以行为发生的年度为当年度"),
            ("document", "DOCUMENT", "case.doc_date", "以文书作出的年度为当年度"),
        )
    )
    outputs = (Column("proposed_award_year", "取消评优的年度", "number"),)
    inputs = (setting("awardYearBasis", "取消评优的年度"),)
    return Table("yiyuan-award-year", "取消评优的年度", "UNIQUE", inputs, outputs, rows)


def assessment() -> Table:
    accountable = any_of("ACCOUNTABLE_NORMAL", "ACCOUNTABLE_MITIGATED", "ACCOUNTABLE_AGGRAVATED")
    outputs = (
        Column("filing_duty", "报送备案义务", "boolean"),
        Column("award_disqualification", "取消评优资格", "boolean"),
        Column("assessment_record", "考核记录", "string"),
    )
    rows = (
        Row(
            "assess_award",
            (IN_SCOPE, accountable),
            ("=false", "=true", "LOST_CASE"),
            "YY-14.p2s1",
            "受到责任追究的，取消当年度评先评优资格，案件计入考核",
        ),
        Row("assess_counted", (IN_SCOPE, ""), ("=false", "=false", "LOST_CASE"), "YY-14.p1", "败诉案件计入考核"),
        Row("assess_none", ("", ""), ("=false", "=false", ""), "YY-14.p1", "不在范围或者尚未生效，不计入考核"),
    )
    return Table("yiyuan-assessment", "考核记录", "FIRST", (SCOPE_KIND, RESULT), outputs, rows)
