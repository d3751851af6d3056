"""The codes in which facts about a lost case are stated, and what each is called (message ids)."""

from collections.abc import Mapping

from app.domain.errors import N_

Codes = Mapping[str, str]

ISSUING_BODY: Codes = {"COURT": N_("人民法院"), "RECONSIDERATION": N_("行政复议机关")}
LOSS: Codes = {
    "REVOKE": N_("撤销"),
    "PARTIAL_REVOKE": N_("部分撤销"),
    "CONFIRM_ILLEGAL": N_("确认违法"),
    "CONFIRM_INVALID": N_("确认无效"),
    "ALTER": N_("变更"),
    "ORDER_PERFORM": N_("责令限期履行职责"),
    "ORDER_COMPENSATE": N_("责令国家赔偿"),
    "OTHER_LOSS": N_("其他败诉"),
}
REFERENCE: Codes = {
    "REF_COMPENSATION_CONFIRMED": N_("赔偿义务机关确认应予赔偿"),
    "REF_FAULT_FOUND": N_("依法认定存在行政过错"),
    "REF_SETTLED_SERIOUS": N_("存在行政过错，虽协调结案但已造成严重后果"),
    "REF_ADVICE_IGNORED": N_("未按规定反馈、整改或者落实意见书、建议书"),
    "REF_NOT_EXECUTED": N_("无正当理由未履行生效文书"),
    "REF_HEAD_ABSENT": N_("负责人未出庭应诉"),
}

EFFECT_NOT_ASKED = frozenset(
    {
        "REF_COMPENSATION_CONFIRMED",
        "REF_FAULT_FOUND",
        "REF_SETTLED_SERIOUS",
        "REF_ADVICE_IGNORED",
        "REF_HEAD_ABSENT",
        "WON",
    }
)
"""Classes of case that are no judgment or decision waiting for its effect."""
NO_LOSS: Codes = {"WON": N_("未败诉")}
CASE_TYPE: Codes = {**LOSS, **REFERENCE, **NO_LOSS}
INSTANCE: Codes = {
    "FIRST": N_("一审"),
    "SECOND": N_("二审"),
    "RETRIAL": N_("再审"),
    "RECONSIDERATION": N_("行政复议"),
}
FAULT: Codes = {
    "FAULT_FACTS_EVIDENCE": N_("主要事实不清、证据不足"),
    "FAULT_ULTRA_VIRES_ABUSE": N_("超越或者滥用法定职权"),
    "FAULT_PROCEDURE": N_("违反法定程序"),
    "FAULT_MANIFESTLY_IMPROPER": N_("明显不当"),
    "FAULT_WRONG_BASIS": N_("适用依据明显错误（“明显”已经确认）"),
    "FAULT_NONPERFORMANCE": N_("无正当理由不履行，或者拒绝、推诿履行法定职责"),
    "FAULT_DEFENCE_EVIDENCE": N_("未在法定期限或者准许延期的期限内答辩、举证"),
    "FAULT_NON_APPEARANCE": N_("不依法出庭应诉"),
}
MENTAL_STATE: Codes = {
    "INTENT": N_("故意"),
    "GROSS_NEGLIGENCE": N_("重大过失"),
    "ORDINARY_NEGLIGENCE": N_("一般过失"),
    "NONE": N_("无过错"),
}
EXEMPTION: Codes = {
    "MINOR_NO_HARM": N_("情节轻微，没有危害或者影响较小"),
    "COUNTERPARTY_FRAUD": N_("相对人弄虚作假、隐瞒事实"),
    "UNCLEAR_BASIS": N_("依据不明确或者理解认识不一致"),
    "BASIS_AMENDED": N_("依据被修改造成理解不一致"),
    "BASIS_AMENDED_LONG_AGO": N_("依据早已修改或者废止"),
    "PRIOR_ACT_ERROR": N_("前置行为错误直接导致"),
    "REVIEW_DUTY_MET": N_("已尽合理审查义务"),
    "REVIEW_DUTY_NOT_MET": N_("未尽合理审查义务"),
    "FORCE_MAJEURE": N_("不可抗力，无法正常履职"),
    "NECESSITY": N_("紧急避险，无法正常履职"),
    "OTHER_EXEMPTION_BY_LAW": N_("其他依法免责的情形"),
}
MITIGATION: Codes = {
    "FORCE_MAJEURE_WORSENED": N_("不可抗力使危害后果加重"),
    "SELF_CORRECTED": N_("主动发现、及时纠正且有效（已认定）"),
    "SELF_CORRECTION_CLAIMED": N_("主张自行纠正（未认定）"),
    "CORRECTED_AFTER_SUIT": N_("起诉以后才纠正"),
    "OTHER_MITIGATION_BY_LAW": N_("其他依法从轻、减轻的情形"),
}
AGGRAVATION: Codes = {
    "REPEAT_SAME_PERSON_WITHIN_YEAR": N_("主张同一人员一年内再犯（以履历为准）"),
    "OBSTRUCTION": N_("毁证、造假或者阻碍调查追究"),
    "RETALIATION": N_("打击报复、威胁、陷害有关人员"),
    "SERIOUS_LOSS_OR_IMPACT": N_("造成严重经济损失或者恶劣影响"),
    "OTHER_AGGRAVATION_BY_LAW": N_("其他依法从重的情形"),
}
DESCRIPTION: Codes = {
    "COMPENSATION_PAID": N_("国家赔偿已经支付"),
    "JUDGMENT_NOT_PERFORMED": N_("生效文书没有履行"),
    "MULTIPLE_IMPLEMENTERS": N_("实施主体不止一个"),
    "NOMINAL_IMPLEMENTING_MISMATCH": N_("名义主体与实施主体不一致"),
    "PERSON_RETIRED": N_("有关人员已经退休"),
    "SERIES_OF_CASES": N_("系列案"),
    "TWO_DEFENDANTS_DIFFERENT_FAULTS": N_("两个被告过错不同"),
    "WITHIN_STATUTORY_RANGE": N_("处理在法定幅度之内"),
    "EXCUSE_STAFF_ON_TRIP": N_("以工作人员出差为由"),
}
CIRCUMSTANCE: Codes = {**EXEMPTION, **MITIGATION, **AGGRAVATION, **DESCRIPTION}
KIND: Codes = {"ORGAN": N_("单位"), "PERSON": N_("人员")}
ORGAN_ROLE: Codes = {
    "IMPLEMENTING": N_("实施主体"),
    "NOMINAL": N_("名义主体"),
    "IMPLEMENTING_AND_NOMINAL": N_("实施兼名义主体"),
    "RECONSIDERATION_ORGAN_CODEFENDANT": N_("共同被告的复议机关"),
}
PERSON_ROLE: Codes = {
    "HANDLER": N_("承办人"),
    "REVIEWER": N_("审核人"),
    "APPROVER": N_("批准人"),
    "INSTRUCTOR": N_("授意干预者"),
    "LITIGATION_STAFF": N_("应诉责任人员"),
    "RELEVANT_LEADER": N_("相关领导"),
}
ORGAN_TYPE: Codes = {
    "ADMIN_ORGAN": N_("行政机关"),
    "AUTHORISED_ORG": N_("受权组织"),
    "ENTRUSTED_ORG": N_("受委托组织"),
}
LEVEL: Codes = {
    "COUNTY_GOVERNMENT": N_("县级人民政府"),
    "DEPARTMENT": N_("县政府部门"),
    "TOWNSHIP": N_("乡镇人民政府"),
}
AUTHORITY: Codes = {"COUNTY": N_("县级管理权限内"), "SUPERIOR_OUTSIDE_COUNTY": N_("属上级管理权限")}
CURRENT_STATUS: Codes = {
    "IN_SERVICE": N_("在职"),
    "TRANSFERRED": N_("调离"),
    "RETIRED": N_("退休"),
    "RESIGNED": N_("辞职"),
    "DISMISSED": N_("辞退或者开除"),
    "DEAD": N_("死亡"),
}
FAULT_DEGREE: Codes = {"MAJOR": N_("主要"), "EQUAL": N_("同等"), "MINOR": N_("次要")}
PERSON_CATEGORY: Codes = {
    "CIVIL_SERVANT": N_("公务员"),
    "CIVIL_SERVANT_LAW_STAFF": N_("参照公务员法管理人员"),
    "PUBLIC_INSTITUTION": N_("事业单位人员"),
    "STATE_ENTERPRISE": N_("国有企业人员"),
    "CONTRACT_STAFF": N_("聘用合同人员"),
    "VILLAGE_STAFF": N_("村（居）干部"),
    "OTHER": N_("其他"),
}

OUTCOME: Codes = {
    "ACCOUNTABLE_NORMAL": N_("应当问责"),
    "ACCOUNTABLE_MITIGATED": N_("应当问责，从轻或者减轻"),
    "ACCOUNTABLE_AGGRAVATED": N_("应当问责，从重"),
    "EXEMPT": N_("免予问责"),
    "EXEMPT_OR_NOT_PURSUED": N_("免予或者不予问责"),
    "HUMAN_DECISION": N_("由人决定"),
    "AWAIT_EFFECT": N_("等待文书生效"),
    "OUT_OF_SCOPE": N_("不在适用范围"),
}
SCOPE_KIND: Codes = {"DIRECT": N_("直接适用"), "BY_REFERENCE": N_("参照适用")}
CHOICE: Codes = {
    "EXEMPT": N_("免予问责"),
    "NOT_PURSUED": N_("不予问责"),
    "LIGHTER": N_("从轻"),
    "REDUCED": N_("减轻"),
    "NOMINAL_FAULT": N_("名义主体有无过错"),
    "COUNTY_GOV_AS_ORGAN": N_("县政府能否作为问责对象"),
    "CIVIL_SERVANT_LAW_60": N_("执行上级命令的责任（公务员法第六十条）"),
    "RETIRED": N_("已离职人员如何处理"),
    "MENTAL_STATE": N_("主观过错如何认定"),
    "FAULT_ITEM": N_("归入哪一项过错情形"),
    "ACT_BEFORE_RULE": N_("行为早于施行日期，是否适用"),
}
ROUTING: Codes = {"REFER_SUPERIOR": N_("移送有权的上级机关"), "LEADING_CADRE": N_("按党政领导干部问责规定办理")}
SUBJECT_PROPOSAL: Codes = {
    "ACCOUNTABLE": N_("是追责对象"),
    "NOT_ACCOUNTABLE": N_("不是追责对象"),
    "HUMAN_DECISION": N_("由人决定"),
    "SEPARATE": N_("单独认定"),
}
