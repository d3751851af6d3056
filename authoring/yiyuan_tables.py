"""Yiyuan's tables about scope, persons and circumstances. Their outputs are proposals; a named person decides."""

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
    LESSER,
    MENTAL_STATE,
    NOMINAL_APART,
    NOMINAL_FAULT,
    ORGAN,
    PERSON,
    ROLE,
    STATUS,
    any_of,
    before,
    has,
    lacks,
    setting,
)
from authoring.tables import Column, Row, Table

LISTED = ("REVOKE", "CONFIRM_ILLEGAL", "CONFIRM_INVALID", "ALTER", "ORDER_PERFORM", "ORDER_COMPENSATE")
FAULT_ITEMS = {
    "FAULT_FACTS_EVIDENCE": "主要事实不清或者证据不足，属于行政行为不当",
    "FAULT_ULTRA_VIRES_ABUSE": "超越或者滥用法定职权，属于行政行为不当",
    "FAULT_PROCEDURE": "违反法定程序，属于行政行为不当",
    "FAULT_MANIFESTLY_IMPROPER": "行为明显不当，属于行政行为不当",
    "FAULT_WRONG_BASIS": "适用依据有明显错误，属于行政行为不当",
    "FAULT_NONPERFORMANCE": "不履行职责，属于行政行为不当",
}
LITIGATION_ITEMS = {
    "FAULT_DEFENCE_EVIDENCE": "未按期答辩或者举证，属于应诉不力",
    "FAULT_NON_APPEARANCE": "不依法出庭应诉，属于应诉不力",
}
"""Faults in court, not of the act: other people answer for them (YY-6, second sentence)."""
WITHOUT_POST = ("CIRCULATED_CRITICISM", "OTHER_STATUTORY")
"""Ways of holding accountable that do not presuppose a post (R12)."""


def all_tables() -> tuple[Table, ...]:
    return (
        scope(),
        basis(),
        fault(),
        attribution(),
        subjects(),
        mental_state(),
        exemption(),
        mitigation(),
        aggravation(),
        sanctions(),
    )


def scope() -> Table:
    court, reconsideration = '"COURT"', '"RECONSIDERATION"'
    listed, partial, other = any_of(*LISTED), '"PARTIAL_REVOKE"', '"OTHER_LOSS"'
    covered = any_of(*LISTED, "PARTIAL_REVOKE", "OTHER_LOSS")
    every = any_of(*LISTED, "PARTIAL_REVOKE")
    inputs = (
        Column("issuing_body", "作出机关", "string"),
        CASE_TYPE,
        LEGAL_EFFECT,
        EFFECTIVE_DATE,
        MENTAL_STATE,
        setting("yyPartialRevoke", "部分撤销的归类"),
        setting("yyMentalGate", "列明类型的过错要求"),
        setting("requireEffect", "文书生效要求"),
    )
    first, second, by_reference, validity = "YY-3(1)", "YY-3(2)", "YY-18", "YY-19"

    def row(id_: str, tests: tuple[str, ...], outputs: tuple[str, str], clause: str, reading: str) -> Row:
        return Row(f"scope_{id_}", tests, outputs, clause, reading)

    any_ = ("", "", "")
    rows = (
        row(
            "before_rule",
            ("", "", "", before("2022-12-16"), "", *any_),
            ("OUT", validity),
            validity,
            "生效时本办法尚未施行",
        ),
        row("other_light", ("", other, "", "", LESSER, *any_), ("OUT", second), second, "其他败诉限于故意或者重大过失"),
        row(
            "partial_light",
            ("", partial, "", "", LESSER, '"OTHER_LOSS"', "", ""),
            ("OUT", second),
            second,
            "设置将部分撤销归入其他败诉，限于故意或者重大过失（R42）",
        ),
        row(
            "gate",
            ("", every, "", "", LESSER, "", '"ON"', ""),
            ("OUT", first),
            first,
            "设置要求列明类型也须故意或者重大过失（R17）",
        ),
        row(
            "await_effect",
            ("", covered, "false", "", "", "", "", '"ON"'),
            ("AWAIT_EFFECT", ""),
            first,
            "文本未写生效，按已生效的文书办理（R18）",
        ),
        row(
            "reconsideration",
            (reconsideration, covered, "", "", "", *any_),
            ("BY_REFERENCE", by_reference),
            by_reference,
            "参照适用：行政复议纠错案件",
        ),
        row("listed", (court, listed, "", "", "", *any_), ("DIRECT", first), first, "法院判决列明的败诉类型"),
        row(
            "partial_revoke",
            (court, partial, "", "", "", '"REVOKE"', "", ""),
            ("DIRECT", first),
            first,
            "部分撤销按撤销处理（R42）",
        ),
        row(
            "partial_other",
            (court, partial, "", "", "", "", "", ""),
            ("DIRECT", second),
            second,
            "设置将部分撤销归入其他败诉（R42）",
        ),
        row("other_loss", (court, other, "", "", "", *any_), ("DIRECT", second), second, "其他因故意或者重大过失败诉"),
        row("out", ("", "", "", "", "", *any_), ("OUT", ""), first, "未败诉或者不在所列类型之内"),
    )
    outputs = (Column("scope_kind", "适用方式", "string"), Column("scope_article", "适用条款", "string"))
    return Table("yiyuan-scope", "判定适用范围", "FIRST", inputs, outputs, rows)


def basis() -> Table:
    row = Row("basis_nominal", ("true",), ("YY-7",), "YY-7", "实施主体与名义主体不一致，追究实施主体的责任人员")
    outputs = (Column("basis_article", "适用条款", "string"),)
    return Table("yiyuan-basis", "其他适用条款", "COLLECT", (NOMINAL_APART,), outputs, (row,))


def fault() -> Table:
    act, litigation = "YY-6.s1", "YY-6.s2"
    rows = [Row(code.lower(), (has(code),), (act,), act, reading) for code, reading in FAULT_ITEMS.items()]
    rows += [Row(code.lower(), (has(code),), (litigation,), litigation, why) for code, why in LITIGATION_ITEMS.items()]
    outputs = (Column("proposed_faults", "归责条款", "string"),)
    return Table("yiyuan-fault", "过错情形", "COLLECT", (FAULTS,), outputs, tuple(rows))


def attribution() -> Table:
    of_litigation = f"list contains({list(LITIGATION_ITEMS)}, fault)".replace("'", '"')
    act = f"some fault in ? satisfies not({of_litigation})"
    litigation = f"some fault in ? satisfies {of_litigation}"

    def row(role: str, test: str, clause: str, reading: str) -> Row:
        return Row(f"attribute_{role.lower()}", (test, f'"{role}"'), (role, clause), clause, reading)

    rows = (
        row("HANDLER", act, "YY-6.s1", "行政行为不当，追究承办人"),
        row("REVIEWER", act, "YY-6.s1", "行政行为不当，追究审核人"),
        row("APPROVER", act, "YY-6.s1", "行政行为不当，追究批准人"),
        row("INSTRUCTOR", act, "YY-6.s1", "行政行为不当，追究授意、干预该行为的人"),
        row("RELEVANT_LEADER", litigation, "YY-6.s2", "应诉不力，追究相关领导"),
        row("LITIGATION_STAFF", litigation, "YY-6.s2", "应诉不力，追究应诉责任人员"),
    )
    outputs = (Column("attribution", "追究的人员", "string"), Column("attribution_article", "条款", "string"))
    return Table("yiyuan-attribution", "归责", "COLLECT", (FAULTS, ROLE), outputs, rows)


def subjects() -> Table:
    inputs = (KIND, ROLE, NOMINAL_FAULT, IMPLEMENTING)
    nominal = '"NOMINAL"'
    rows = (
        Row("subject_person", (PERSON, "", "", ""), ("YY-2", "ACCOUNTABLE"), "YY-2", "责任人员是追责对象"),
        Row("subject_organ", (ORGAN, "", "", ""), ("YY-2", "NOT_ACCOUNTABLE"), "YY-2", "本办法不对单位问责"),
        Row(
            "subject_nominal",
            (ORGAN, nominal, "true", ""),
            ("YY-7", "SEPARATE"),
            "YY-7",
            "名义主体也有过错，追究其责任人员",
        ),
        Row(
            "subject_nominal_open",
            (ORGAN, nominal, "null", ""),
            ("YY-7", "HUMAN_DECISION"),
            "YY-7",
            "名义主体有无过错待认定",
        ),
        Row(
            "subject_several",
            ("", "", "", "> 1"),
            ("YY-9", "SEPARATE"),
            "YY-9",
            "实施主体不止一个，文本未作规定，按责任大小分别认定",
        ),
    )
    outputs = (Column("subject_basis", "条款", "string"), Column("subject_proposal", "建议", "string"))
    return Table("yiyuan-subjects", "责任对象", "COLLECT", inputs, outputs, rows)


def mental_state() -> Table:
    clause, normal = "YY-6.s1", "ACCOUNTABLE_NORMAL"
    rows = (
        Row("mental_intent", (any_of("INTENT"),), (normal,), clause, "故意应当问责"),
        Row("mental_gross", (any_of("GROSS_NEGLIGENCE"),), (normal,), clause, "重大过失应当问责"),
        Row(
            "mental_ordinary",
            (any_of("ORDINARY_NEGLIGENCE"),),
            (normal,),
            clause,
            "一般过失也应当问责，主观状态只影响轻重（R17）",
        ),
        Row("mental_none", (any_of("NONE"),), ("EXEMPT_OR_NOT_PURSUED",), "YY-11(6)", "不是责任人主观原因造成"),
        Row("mental_open", ("null",), ("HUMAN_DECISION",), "YY-9", "主观过错尚未认定，由人判断"),
    )
    outputs = (Column("proposed_mental_state", "建议", "string"),)
    return Table("yiyuan-mental-state", "主观过错", "UNIQUE", (MENTAL_STATE,), outputs, rows)


def exemption() -> Table:
    fraud, prior = "COUNTERPARTY_FRAUD", "PRIOR_ACT_ERROR"
    met, not_met = "REVIEW_DUTY_MET", "REVIEW_DUTY_NOT_MET"

    def found(id_: str, number: int, test: str, reading: str) -> Row:
        clause = f"YY-11({number})"
        return Row(f"exempt_{id_}", (test, ""), (clause, ""), clause, reading)

    def contested(id_: str, clause: str, test: str, reading: str) -> Row:
        return Row(f"exempt_{id_}", (test, ""), ("", clause), clause, reading)

    rows = (
        found("minor", 1, has("MINOR_NO_HARM"), "情节轻微，没有危害或者损害、影响较小"),
        found("fraud", 2, f"{has(fraud)} and {lacks(not_met)}", "相对人弄虚作假、隐瞒事实"),
        contested("fraud_open", "YY-11(2)", f"{has(fraud)} and {has(not_met)}", "相对人作假但审查义务未尽，有争议"),
        found("unclear", 3, has("UNCLEAR_BASIS"), "依据不明确造成理解认识不一致"),
        found("amended", 3, has("BASIS_AMENDED"), "依据被修改造成理解认识不一致"),
        contested("amended_long_ago", "YY-11(3)", has("BASIS_AMENDED_LONG_AGO"), "依据早已修改，是否造成误解有争议"),
        found(
            "prior_act", 4, f"{has(prior)} and {has(met)} and {lacks(not_met)}", "已尽合理审查义务，错误来自前置行为"
        ),
        contested(
            "prior_act_open",
            "YY-11(4)",
            f"{has(prior)} and {has(met)} = {has(not_met)}",
            "前置行为有错误，是否尽到审查义务待认定",
        ),
        found("force_majeure", 5, has("FORCE_MAJEURE"), "不可抗力使职责无法正常履行"),
        contested("necessity", "YY-11(5)", has("NECESSITY"), "紧急避险是否属于“不可抗力等因素”有争议"),
        Row("exempt_no_cause", ("", '"NONE"'), ("YY-11(6)", ""), "YY-11(6)", "不是责任人主观原因造成"),
        contested(
            "other",
            "YY-11 (chapeau)",
            has("OTHER_EXEMPTION_BY_LAW"),
            "本办法没有“其他依法免责”一项，能否免予由人判断",
        ),
    )
    outputs = (
        Column("proposed_exemptions", "免予或者不予问责条款", "string"),
        Column("contested_exemptions", "有争议的条款", "string"),
    )
    return Table("yiyuan-exemption", "免予或者不予问责情形", "COLLECT", (CIRCUMSTANCES, MENTAL_STATE), outputs, rows)


def mitigation() -> Table:
    claimed = f"{has('SELF_CORRECTION_CLAIMED')} and {lacks('SELF_CORRECTED')}"
    rows = (
        Row("mitigate_worsened", (has("FORCE_MAJEURE_WORSENED"),), ("YY-12(1)", ""), "YY-12(1)", "不可抗力加重了后果"),
        Row("mitigate_corrected", (has("SELF_CORRECTED"),), ("YY-12(2)", ""), "YY-12(2)", "主动发现、及时纠正且有效"),
        Row("mitigate_claimed", (claimed,), ("", "YY-12(2)"), "YY-12(2)", "主张自行纠正，是否成立由人判断"),
        Row(
            "mitigate_other",
            (has("OTHER_MITIGATION_BY_LAW"),),
            ("YY-12(3)", ""),
            "YY-12(3)",
            "其他依法从轻或者减轻，不含不予问责",
        ),
    )
    outputs = (
        Column("proposed_mitigations", "从轻、减轻或者不予条款", "string"),
        Column("contested_mitigations", "有争议的条款", "string"),
    )
    return Table("yiyuan-mitigation", "从轻、减轻或者不予情形", "COLLECT", (CIRCUMSTANCES,), outputs, rows)


def aggravation() -> Table:
    items = {
        "OBSTRUCTION": (2, "阻碍、干扰调查追究"),
        "RETALIATION": (3, "打击报复相对人、证明人等"),
        "SERIOUS_LOSS_OR_IMPACT": (4, "损失严重或者影响恶劣"),
        "OTHER_AGGRAVATION_BY_LAW": (5, "其他依法从重的情形"),
    }
    first = "YY-13(1)"
    rows = (
        Row("aggravate_repeat", ("", "true", ""), (first, ""), first, "履历显示同一责任主体一年内再犯同类过错"),
        Row(
            "aggravate_repeat_organ",
            ("", "not(true)", "true"),
            ("", first),
            first,
            "只有单位相同，是否属于同一责任主体由人判断（R3）",
        ),
        *(
            Row(
                f"aggravate_{code.split('_')[0].lower()}",
                (has(code), "", ""),
                (f"YY-13({number})", ""),
                f"YY-13({number})",
                reading,
            )
            for code, (number, reading) in items.items()
        ),
    )
    inputs = (
        CIRCUMSTANCES,
        Column("repeat_within_year", "履历显示一年内再犯", "boolean"),
        Column("repeat_by_organ", "履历只显示单位再犯", "boolean"),
    )
    outputs = (
        Column("proposed_aggravations", "从重条款", "string"),
        Column("contested_aggravations", "有争议的条款", "string"),
    )
    return Table("yiyuan-aggravation", "从重情形", "COLLECT", inputs, outputs, rows)


def sanctions() -> Table:
    kinds = (
        ("WRITTEN_SELF_EXAMINATION", "责令书面检查"),
        ("CRITICISM_EDUCATION", "批评教育"),
        ("CIRCULATED_CRITICISM", "通报批评"),
        ("ADMONITION_TALK", "诫勉谈话"),
        ("TRANSFER_FROM_POST", "调离岗位"),
        ("OTHER_STATUTORY", "法律、法规、规章规定的其他方式，须写明依据"),
    )
    rows = tuple(
        Row(
            f"sanction_{code.lower()}",
            (PERSON, ALIVE if code in WITHOUT_POST else IN_OFFICE),
            (f"YY-10({n})", code),
            f"YY-10({n})",
            f"{reading}，只适用于人员",
        )
        for n, (code, reading) in enumerate(kinds, 1)
    )
    outputs = (
        Column("eligible_sanctions", "可用问责方式条款", "string"),
        Column("eligible_sanction_codes", "可用问责方式", "string"),
    )
    return Table("yiyuan-sanctions", "可用问责方式", "COLLECT", (KIND, STATUS), outputs, rows)
