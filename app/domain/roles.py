"""The role list (岗位): what each is called, on whose side it acts and how far it sees."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import N_


class Side(StrEnum):
    """On whose side a role acts; decides which submissions it may read."""

    ORGAN = "ORGAN"
    OFFICE = "OFFICE"
    MEMBER = "MEMBER"
    SUPERVISION = "SUPERVISION"
    DECIDER = "DECIDER"
    EXECUTION = "EXECUTION"
    SUBJECT = "SUBJECT"
    OVERSIGHT = "OVERSIGHT"
    ADMINISTRATION = "ADMINISTRATION"


class Reach(StrEnum):
    """Which cases of the own county a role sees besides those whose steps are addressed to it."""

    COUNTY = "COUNTY"
    ORGAN = "ORGAN"
    STEPS = "STEPS"
    OWN = "OWN"
    """Only the tasks addressed to the very person: a served subject."""
    NOTHING = "NOTHING"


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    label: str
    side: Side
    reach: Reach


ROLES = {
    role.id: role
    for role in (
        Role("organ.reporter", N_("涉案机关填报人"), Side.ORGAN, Reach.ORGAN),
        Role("organ.legal_reviewer", N_("涉案机关法制审核人"), Side.ORGAN, Reach.ORGAN),
        Role("organ.head", N_("涉案机关负责人"), Side.ORGAN, Reach.ORGAN),
        Role("organ.corrector", N_("机关自我纠错承办"), Side.ORGAN, Reach.ORGAN),
        Role("jmo.officer", N_("联席会议办公室经办"), Side.OFFICE, Reach.COUNTY),
        Role("jmo.director", N_("联席会议办公室主任"), Side.OFFICE, Reach.COUNTY),
        Role("member.liaison", N_("成员单位联络员"), Side.MEMBER, Reach.STEPS),
        Role("member.signatory", N_("成员单位会签人"), Side.MEMBER, Reach.STEPS),
        Role("court.liaison", N_("法院联络员"), Side.MEMBER, Reach.STEPS),
        Role("procuratorate.liaison", N_("检察院联络员"), Side.MEMBER, Reach.STEPS),
        Role("sup.intake", N_("监察立案承办"), Side.SUPERVISION, Reach.STEPS),
        Role("sup.deputy", N_("监察分管领导"), Side.SUPERVISION, Reach.STEPS),
        Role("sup.head", N_("监察机关负责人"), Side.SUPERVISION, Reach.STEPS),
        Role("team.leader", N_("调查组组长"), Side.SUPERVISION, Reach.STEPS),
        Role("team.member", N_("调查组组员"), Side.SUPERVISION, Reach.STEPS),
        Role("sup.adjudicator", N_("审理人员"), Side.SUPERVISION, Reach.STEPS),
        Role("discipline.officer", N_("纪检监察承办"), Side.SUPERVISION, Reach.STEPS),
        Role("discipline.head", N_("纪检监察负责人"), Side.SUPERVISION, Reach.STEPS),
        Role("hr.officer", N_("组织人事承办"), Side.DECIDER, Reach.STEPS),
        Role("hr.head", N_("组织人事负责人"), Side.DECIDER, Reach.STEPS),
        Role("unit.officer", N_("机关内部追责承办"), Side.DECIDER, Reach.STEPS),
        Role("unit.head", N_("机关内部追责负责人"), Side.DECIDER, Reach.STEPS),
        Role("decider.officer", N_("决定机关承办"), Side.DECIDER, Reach.STEPS),
        Role("decider.head", N_("决定机关负责人"), Side.DECIDER, Reach.STEPS),
        Role("hr.executor", N_("组织人事执行"), Side.EXECUTION, Reach.STEPS),
        Role("subject.person", N_("责任人员"), Side.SUBJECT, Reach.OWN),
        Role("subject.organ", N_("责任机关代表"), Side.SUBJECT, Reach.OWN),
        Role("remedy.officer", N_("复核申诉办理人"), Side.DECIDER, Reach.STEPS),
        Role("recovery.officer", N_("追偿承办"), Side.EXECUTION, Reach.STEPS),
        Role("finance.officer", N_("财政经办"), Side.EXECUTION, Reach.STEPS),
        Role("award.officer", N_("评优管理"), Side.EXECUTION, Reach.STEPS),
        Role("registry.officer", N_("归口登记"), Side.OFFICE, Reach.COUNTY),
        Role("archivist", N_("档案管理员"), Side.OFFICE, Reach.COUNTY),
        Role("assessor", N_("考核员"), Side.OFFICE, Reach.COUNTY),
        Role("county.leader", N_("县政府分管领导"), Side.OVERSIGHT, Reach.COUNTY),
        Role("manager", N_("督办领导"), Side.OVERSIGHT, Reach.COUNTY),
        Role("rule.admin", N_("规则管理员"), Side.ADMINISTRATION, Reach.NOTHING),
        Role("owner", N_("流程管理者"), Side.ADMINISTRATION, Reach.NOTHING),
        Role("auditor", N_("系统审计"), Side.ADMINISTRATION, Reach.NOTHING),
        Role("system.admin", N_("系统管理员"), Side.ADMINISTRATION, Reach.NOTHING),
        Role("security.admin", N_("安全管理员"), Side.ADMINISTRATION, Reach.NOTHING),
        Role("audit.admin", N_("审计管理员"), Side.ADMINISTRATION, Reach.NOTHING),
    )
}


def role_label(key: str) -> str:
    """What a role is called (message id); one that a definition invented goes by its key."""
    return ROLES[key].label if key in ROLES else key
