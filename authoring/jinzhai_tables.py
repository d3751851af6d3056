"""The decision tables of the regulation. Their outputs are proposals; a named person decides."""

from authoring.cells import (
    ALIVE,
    CASE_TYPE,
    CIRCUMSTANCES,
    EFFECTIVE_DATE,
    FAULTS,
    IMPLEMENTING,
    IN_OFFICE,
    KIND,
    LEGAL_EFFECT,
    MENTAL_STATE,
    NOMINAL_FAULT,
    ROLE,
    STATUS,
    any_of,
    before,
    has,
    lacks,
)
from authoring.tables import Column, Row, Table

DIRECT = {
    ("REVOKE", "PARTIAL_REVOKE"): ("JZ-3(1)", "行政行为被撤销或者部分撤销"),
    ("CONFIRM_ILLEGAL",): ("JZ-3(2)", "行政行为被确认违法"),
    ("ALTER",): ("JZ-3(3)", "行政行为被变更"),
    ("ORDER_PERFORM",): ("JZ-3(4)", "被责令限期履行职责"),
    ("ORDER_COMPENSATE",): ("JZ-3(5)", "被责令承担国家赔偿"),
    ("CONFIRM_INVALID", "OTHER_LOSS"): ("JZ-3(6)", "确认无效、给付等其他败诉，须由人说明理由"),
}
BY_REFERENCE = {
    "REF_COMPENSATION_CONFIRMED": ("JZ-4(1)", "赔偿义务机关确认应予赔偿"),
    "REF_FAULT_FOUND": ("JZ-4(2)", "依法认定存在行政过错"),
    "REF_SETTLED_SERIOUS": ("JZ-4(3)", "存在行政过错，虽协调结案但已造成严重后果"),
    "REF_ADVICE_IGNORED": ("JZ-4(4)", "未按规定反馈、整改或者落实意见书、建议书"),
    "REF_NOT_EXECUTED": ("JZ-4(5)", "无正当理由不履行生效文书"),
    "REF_HEAD_ABSENT": ("JZ-4(6)", "未执行负责人出庭应诉制度"),
}
FAULT_ITEMS = {
    "FAULT_FACTS_EVIDENCE": "主要事实不清或者证据不足",
    "FAULT_ULTRA_VIRES_ABUSE": "超越或者滥用法定职权",
    "FAULT_PROCEDURE": "违反法定程序",
    "FAULT_MANIFESTLY_IMPROPER": "行为明显不当",
    "FAULT_WRONG_BASIS": "适用依据有明显错误，“明显”须已由人确认",
    "FAULT_NONPERFORMANCE": "无正当理由不履行，或者拒绝、推诿履行法定职责",
    "FAULT_DEFENCE_EVIDENCE": "未在法定期限或者准许延期的期限内答辩、举证",
}


def all_tables() -> tuple[Table, ...]:
    return (scope(), fault(), subjects(), mental_state(), exemption(), mitigation(), aggravation(), sanctions())


def scope() -> Table:
    chapeau, trial = "JZ-3 (chapeau)", "JZ-23"
    rows = [Row("scope_before_rule", ("", "", before("2017-10-11")), ("OUT", trial), trial, "生效时本办法尚未施行")]
    every_type = any_of(*(code for codes in DIRECT for code in codes))
    waiting = (every_type, "false", "")
    rows.append(Row("scope_await_effect", waiting, ("AWAIT_EFFECT", ""), chapeau, "文书尚未生效，等待生效后再定"))
    waiting = (any_of("REF_NOT_EXECUTED"), "false", "")
    rows.append(Row("scope_await_duty", waiting, ("AWAIT_EFFECT", ""), "JZ-4(5)", "不履行的前提是文书已经生效"))
    for codes, (clause, reading) in DIRECT.items():
        rows.append(Row(f"scope_{codes[0].lower()}", (any_of(*codes), "", ""), ("DIRECT", clause), clause, reading))
    for code, (clause, reading) in BY_REFERENCE.items():
        tests = (any_of(code), "", "")
        rows.append(Row(f"scope_{code.lower()}", tests, ("BY_REFERENCE", clause), clause, f"参照适用：{reading}"))
    rows.append(Row("scope_out", ("", "", ""), ("OUT", ""), chapeau, "未败诉或者不在所列类型之内"))
    return Table(
        "jinzhai-scope",
        "判定适用范围",
        "FIRST",
        (CASE_TYPE, LEGAL_EFFECT, EFFECTIVE_DATE),
        (Column("scope_kind", "适用方式", "string"), Column("scope_article", "适用条款", "string")),
        tuple(rows),
    )


def fault() -> Table:
    rows = tuple(
        Row(code.lower(), (has(code),), (f"JZ-5({n})",), f"JZ-5({n})", reading)
        for n, (code, reading) in enumerate(FAULT_ITEMS.items(), 1)
    )
    outputs = (Column("proposed_faults", "过错条款", "string"),)
    return Table("jinzhai-fault", "过错情形", "COLLECT", (FAULTS,), outputs, rows)


def subjects() -> Table:
    inputs = (KIND, ROLE, NOMINAL_FAULT, IMPLEMENTING)
    outputs = (Column("subject_basis", "条款", "string"), Column("subject_proposal", "建议", "string"))
    organ, nominal = '"ORGAN"', '"NOMINAL"'
    implementing = any_of("IMPLEMENTING", "IMPLEMENTING_AND_NOMINAL", "RECONSIDERATION_ORGAN_CODEFENDANT")
    rows = (
        Row("subject_person", ('"PERSON"', "", "", ""), ("JZ-6.p1", "ACCOUNTABLE"), "JZ-6.p1", "责任人员是追责对象"),
        Row(
            "subject_organ", (organ, implementing, "", ""), ("JZ-6.p1", "ACCOUNTABLE"), "JZ-6.p1", "实施主体是追责对象"
        ),
        Row("subject_nominal", (organ, nominal, "true", ""), ("JZ-6.p2", "ACCOUNTABLE"), "JZ-6.p2", "名义主体也有过错"),
        Row(
            "subject_nominal_free",
            (organ, nominal, "false", ""),
            ("JZ-6.p2", "NOT_ACCOUNTABLE"),
            "JZ-6.p2",
            "名义主体无过错",
        ),
        Row(
            "subject_nominal_open",
            (organ, nominal, "null", ""),
            ("JZ-6.p2", "HUMAN_DECISION"),
            "JZ-6.p2",
            "名义主体有无过错待认定",
        ),
        Row(
            "subject_several",
            ("", "", "", "> 1"),
            ("JZ-6.p3", "SEPARATE"),
            "JZ-6.p3",
            "实施主体不止一个，按过错程度分别问责",
        ),
    )
    return Table("jinzhai-subjects", "责任对象", "COLLECT", inputs, outputs, rows)


def mental_state() -> Table:
    chapeau = "JZ-3 (chapeau)"
    rows = (
        Row("mental_intent", (any_of("INTENT"),), ("ACCOUNTABLE_NORMAL",), chapeau, "故意属于可追责的过错"),
        Row(
            "mental_gross", (any_of("GROSS_NEGLIGENCE"),), ("ACCOUNTABLE_NORMAL",), chapeau, "重大过失属于可追责的过错"
        ),
        Row("mental_ordinary", (any_of("ORDINARY_NEGLIGENCE"),), ("EXEMPT",), "JZ-15(6)", "一般过失免予问责"),
        Row("mental_none", (any_of("NONE"),), ("EXEMPT",), "JZ-15(6)", "没有过错免予问责"),
        Row("mental_open", ("null",), ("HUMAN_DECISION",), chapeau, "主观过错尚未认定，由人判断"),
    )
    outputs = (Column("proposed_mental_state", "建议", "string"),)
    return Table("jinzhai-mental-state", "主观过错", "UNIQUE", (MENTAL_STATE,), outputs, rows)


def exemption() -> Table:
    fraud, prior = "COUNTERPARTY_FRAUD", "PRIOR_ACT_ERROR"
    met, not_met = "REVIEW_DUTY_MET", "REVIEW_DUTY_NOT_MET"
    no_intent = "NO_INTENT_OR_GROSS_NEGLIGENCE"
    free = any_of("ORDINARY_NEGLIGENCE", "NONE")

    def found(id_: str, number: int, test: str, reading: str) -> Row:
        clause = f"JZ-15({number})"
        return Row(f"exempt_{id_}", (test, ""), (clause, ""), clause, reading)

    def contested(id_: str, number: int, tests: tuple[str, str], reading: str) -> Row:
        clause = f"JZ-15({number})"
        return Row(f"exempt_{id_}", tests, ("", clause), clause, reading)

    rows = (
        found("minor", 1, has("MINOR_NO_HARM"), "情节轻微，没有危害或者影响较小"),
        found("fraud", 2, f"{has(fraud)} and {lacks(not_met)}", "相对人弄虚作假，致使难以正确判断"),
        contested("fraud_open", 2, (f"{has(fraud)} and {has(not_met)}", ""), "相对人作假但审查义务未尽，有争议"),
        found("unclear", 3, has("UNCLEAR_BASIS"), "依据不明确、不一致或者理解不一致"),
        found(
            "prior_act",
            4,
            f"{has(prior)} and {has(met)} and {lacks(not_met)}",
            "已尽合理审查义务，错误直接来自前置行为",
        ),
        contested(
            "prior_act_open",
            4,
            (f"{has(prior)} and {has(met)} = {has(not_met)}", ""),
            "前置行为有错误，是否尽到审查义务待认定",
        ),
        found("force_majeure", 5, f"{has('FORCE_MAJEURE')} or {has('NECESSITY')}", "不可抗力或者紧急避险"),
        Row("exempt_no_gross_fault", ("", free), ("JZ-15(6)", ""), "JZ-15(6)", "不是故意或者重大过失"),
        contested("gross_fault_open", 6, (has(no_intent), f"not({free})"), "主张无故意或重大过失，与主观过错认定不符"),
        found("other", 7, has("OTHER_EXEMPTION_BY_LAW"), "其他法律规定的免责，须写明依据"),
    )
    outputs = (
        Column("proposed_exemptions", "免予问责条款", "string"),
        Column("contested_exemptions", "有争议的条款", "string"),
    )
    inputs = (CIRCUMSTANCES, MENTAL_STATE)
    return Table("jinzhai-exemption", "免予问责情形", "COLLECT", inputs, outputs, rows)


def mitigation() -> Table:
    claimed = f"{has('SELF_CORRECTION_CLAIMED')} and {lacks('SELF_CORRECTED')}"
    rows = (
        Row("mitigate_worsened", (has("FORCE_MAJEURE_WORSENED"),), ("JZ-16(1)", ""), "JZ-16(1)", "不可抗力加重了后果"),
        Row("mitigate_corrected", (has("SELF_CORRECTED"),), ("JZ-16(2)", ""), "JZ-16(2)", "主动发现、及时纠正且有效"),
        Row("mitigate_claimed", (claimed,), ("", "JZ-16(2)"), "JZ-16(2)", "主张自行纠正，是否成立由人判断"),
        Row(
            "mitigate_other", (has("OTHER_MITIGATION_BY_LAW"),), ("JZ-16(3)", ""), "JZ-16(3)", "其他法律规定的从轻减轻"
        ),
    )
    outputs = (
        Column("proposed_mitigations", "从轻减轻条款", "string"),
        Column("contested_mitigations", "有争议的条款", "string"),
    )
    return Table("jinzhai-mitigation", "从轻减轻情形", "COLLECT", (CIRCUMSTANCES,), outputs, rows)


def aggravation() -> Table:
    rows = (
        Row("aggravate_repeat", ("", "true"), ("JZ-17(1)",), "JZ-17(1)", "履历显示同一人一年内再犯同类过错"),
        Row("aggravate_obstruct", (has("OBSTRUCTION"), ""), ("JZ-17(2)",), "JZ-17(2)", "阻碍、干扰调查追究"),
        Row("aggravate_retaliate", (has("RETALIATION"), ""), ("JZ-17(3)",), "JZ-17(3)", "打击报复相对人或者证明人"),
        Row(
            "aggravate_serious", (has("SERIOUS_LOSS_OR_IMPACT"), ""), ("JZ-17(4)",), "JZ-17(4)", "损失严重或者影响恶劣"
        ),
        Row("aggravate_other", (has("OTHER_AGGRAVATION_BY_LAW"), ""), ("JZ-17(5)",), "JZ-17(5)", "其他法律规定的从重"),
    )
    inputs = (CIRCUMSTANCES, Column("repeat_within_year", "履历显示一年内再犯", "boolean"))
    outputs = (Column("proposed_aggravations", "从重条款", "string"),)
    return Table("jinzhai-aggravation", "从重情形", "COLLECT", inputs, outputs, rows)


def sanctions() -> Table:
    inputs = (
        KIND,
        Column("leading_cadre", "领导成员", "boolean"),
        Column("holds_appointed_post", "担任任命职务", "boolean"),
        Column("person_category", "人员类别", "string"),
        Column("art88_ground", "辞退法定情形", "string"),
        STATUS,
    )
    person, contract = '"PERSON"', any_of("PUBLIC_INSTITUTION", "CONTRACT_STAFF")
    rows = (
        _sanction(1, "WRITTEN_SELF_EXAMINATION", reading="机关和人员均可责令书面检查"),
        _sanction(2, "CIRCULATED_CRITICISM", status=ALIVE, reading="机关和人员均可通报批评"),
        _sanction(3, "PUBLIC_APOLOGY", reading="机关和人员均可责令公开道歉"),
        _sanction(4, "ADMONITION", person, reading="诫勉只适用于人员"),
        _sanction(5, "TRANSFER_FROM_POST", person, reading="调离岗位只适用于人员"),
        _sanction(6, "SUSPENSION_FOR_EXAMINATION", person, reading="停职检查只适用于人员"),
        _sanction(7, "RESIGN_TAKING_BLAME", person, leader="true", reading="引咎辞职只适用于领导成员"),
        _sanction(7, "ORDERED_RESIGNATION", person, leader="true", reading="责令辞职只适用于领导成员"),
        _sanction(7, "REMOVAL", person, leader="true", reading="领导成员可以免职"),
        _sanction(
            7, "REMOVAL", person, leader="not(true)", post="true", reading="担任任命职务的可以免职", id_="removal_post"
        ),
        _sanction(8, "TERMINATE_APPOINTMENT", person, category=contract, reading="聘用人员可以解聘"),
        _sanction(8, "DISMISSAL", person, ground='? != null and ? != ""', reading="辞退须有公务员法所列情形"),
        _sanction(9, "OTHER_STATUTORY", person, status=ALIVE, reading="其他法定方式，须写明依据"),
    )
    outputs = (
        Column("eligible_sanctions", "可用问责方式条款", "string"),
        Column("eligible_sanction_codes", "可用问责方式", "string"),
    )
    return Table("jinzhai-sanctions", "可用问责方式", "COLLECT", inputs, outputs, rows)


def _sanction(
    number: int,
    code: str,
    kind: str = "",
    *,
    reading: str,
    leader: str = "",
    post: str = "",
    category: str = "",
    ground: str = "",
    status: str = IN_OFFICE,
    id_: str = "",
) -> Row:
    """One way of holding accountable. All but criticism and what another statute gives presuppose a post (R12)."""
    clause = f"JZ-13.p1({number})"
    row_id = f"sanction_{id_ or code.lower()}"
    return Row(row_id, (kind, leader, post, category, ground, status), (clause, code), clause, reading)
