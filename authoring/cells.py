"""Cells that many tables write: tests on codes and lists, columns that tables of both counties read."""

from authoring.tables import Column

CASE_TYPE = Column("case_type", "案件类型", "string")
KIND = Column("subject_kind", "责任对象种类", "string")
ROLE = Column("subject_role", "在案件中的地位", "string")
CIRCUMSTANCES = Column("circumstances", "已认定的情节", "list")
FAULTS = Column("fault_circumstances", "过错情形", "list")
MENTAL_STATE = Column("mental_state", "主观过错", "string")
NOMINAL_FAULT = Column("nominal_fault", "名义主体有过错", "boolean")
NOMINAL_APART = Column("nominal_apart", "名义主体与实施主体不同", "boolean")
IMPLEMENTING = Column("implementing_count", "实施主体个数", "number")
LEGAL_EFFECT = Column("legal_effect", "已发生法律效力", "boolean")
EFFECTIVE_DATE = Column("effective_date", "生效日期", "date")
ACT_BEFORE_RULE = Column("act_before_rule", "行为早于施行日期", "boolean")
SCOPE_KIND = Column("scope_kind", "适用方式", "string")
RESULT = Column("result", "结论或者建议", "string")
EXEMPTIONS = Column("exemptions", "成立的免予条款", "list")
MITIGATIONS = Column("mitigations", "成立的从轻减轻条款", "list")
AGGRAVATIONS = Column("aggravations", "成立的从重条款", "list")
CONTESTED = Column("contested", "有争议的条款", "list")

STATUS = Column("current_status", "人员现状", "string")

ALIVE, IN_OFFICE = 'not("DEAD")', 'not("RETIRED", "RESIGNED", "DISMISSED", "DEAD")'
"""Whom a measure can still reach; most presuppose a post. What is not known stands against nothing."""
SOME = "count(?) > 0"
GRAVE = '"INTENT", "GROSS_NEGLIGENCE"'
LESSER = '"ORDINARY_NEGLIGENCE", "NONE"'
ORGAN, PERSON = '"ORGAN"', '"PERSON"'
IN_SCOPE = '"DIRECT", "BY_REFERENCE"'


def setting(name: str, label: str) -> Column:
    """A rule setting as it was frozen for the case."""
    return Column(f"case.switches.{name}", label, "any")


def any_of(*codes: str) -> str:
    return ", ".join(f'"{code}"' for code in codes)


def has(code: str) -> str:
    return f'list contains(?, "{code}")'


def lacks(code: str) -> str:
    return f'not(list contains(?, "{code}"))'


def before(day: str) -> str:
    """The date lies before a day; an unknown date does not."""
    return f'if ? = null then false else date(?) < date("{day}")'
