"""Each agenda item on its own: discussion, countersigning by the rule that is set, what follows when nobody agrees."""

from authoring import extensions as ext
from authoring.case_diagrams import OFFICE
from authoring.diagram import Diagram
from authoring.meeting_diagrams import MEMBERS

RULE = "meeting.switches.countersignRule"
WITH_ROLES = (
    "(for m in member_roles return if (some r in m.roles satisfies list contains([{roles}], r))"
    " then m.organ else null)[item != null]"
)
NO_VOTE = f'({RULE} = "CONVENERS_ONLY" and not(list contains(conveners, m)))'
ELECTORS = "\n".join(
    [
        f'absentees = if absent_members = null or {RULE} = "UNANIMOUS_ALL" then [] else absent_members',
        'judicial = if meeting.switches.judicialMemberMode = "OBSERVER" then '
        + WITH_ROLES.format(roles='"court.liaison", "procuratorate.liaison"')
        + " else []",
        "conveners = " + WITH_ROLES.format(roles='"jmo.director", "sup.head"'),
        "away = concatenate(agenda_item.recused, absentees, judicial)",
        "electors = for m in members return if list contains(away, m) or " + NO_VOTE + " then null else m",
        "electors = electors[item != null]",
        f'decided_by = if {RULE} = "MAJORITY" then "MAJORITY" else "CONSENT"',
        "round = 1",
    ]
)
"""Who must countersign (switches countersignRule, judicialMemberMode): nobody recused, and nobody absent unless all
members must agree; observers and, where the conveners decide, the other members do not vote."""
AGREED = (
    "if votes = null then false"
    f' else if {RULE} = "MAJORITY" then count(votes[item = "AGREE"]) * 2 > count(votes[item != "RECUSED"])'
    ' else list contains(votes, "AGREE") and (every v in votes satisfies v = "AGREE" or v = "RECUSED")'
)
BY_KIND = 'if agenda_item.kind = "CASE" then task.{case} else task.{other}'


def agenda_item() -> Diagram:
    d = Diagram(
        "agenda-item",
        "议题议决与会签",
        lanes=[MEMBERS, (*OFFICE, 2), ("leader", "县政府分管领导")],
        variables={
            "meeting_no": "string",
            "members": "list",
            "member_roles": "list",
            "agenda_item": "context",
            "absent_members": "list",
            "absentees": "list",
            "judicial": "list",
            "conveners": "list",
            "away": "list",
            "electors": "list",
            "votes": "list",
            "decision": "string",
            "round": "number",
            "resolution": "string",
            "no_consent_way": "string",
            "decided_by": "string",
            "result": "string",
        },
        messages=["AgendaDecided"],
    )
    _discussion(d)
    _countersigning(d)
    _no_consent(d)
    _outcome(d)
    return d


def _discussion(d: Diagram) -> None:
    d.start("Start_item", "议题开始", at=("office", 0, 0))
    d.service("S_roles", "读取成员职责", at=("office", 1, 0), operation="meeting/member_roles", result="member_roles")
    d.choice("G_kind", "是案件？", at=("office", 2, 0))
    d.task(
        "T_discuss",
        "讨论并形成决议",
        at=("office", 3, 0),
        form="agenda-item/item_resolution",
        role="jmo.officer",
        clauses="JZ-9(2) JZ-9(3) JZ-10.p4",
        deadline="P1D",
    )
    d.task(
        "T_discuss_other",
        "议决其他事项",
        at=("office", 3, 1),
        form="agenda-item/other_resolution",
        role="jmo.officer",
        clauses="JZ-9(1) JZ-9(4) JZ-9(5) JZ-9(6)",
        deadline="P1D",
    )
    d.script("X_electors", "确定会签成员", at=("office", 4, 0), code=ELECTORS)
    d.path("Start_item", "S_roles", "G_kind")
    d.flow("G_kind", "T_discuss", "案件", when='agenda_item.kind = "CASE"')
    d.flow("G_kind", "T_discuss_other", "其他", default=True)
    d.path("T_discuss", "X_electors")
    d.flow("T_discuss_other", "X_electors", ports="es")


def _countersigning(d: Diagram) -> None:
    d.task(
        "T_countersign",
        "会签",
        at=("members", 5),
        form="agenda-item/countersign",
        role="member.signatory",
        organ="member",
        clauses="JZ-10.p4",
        deadline="P5D",
        loop=ext.loop("electors", "member", outputs="votes", output="decision"),
    )
    silence = ext.timer("B_unsigned", "timeDuration", '"P10D"')
    d.boundary("B_unsigned", "满10日未签齐", host="T_countersign", share=0.85, event=silence, upper=True, label="e")
    d.choice("G_agreed", "会签同意？", at=("office", 6, 0), label="w")
    d.choice("G_round", "首次未一致？", at=("office", 6, 1), label="s")
    d.task(
        "T_mediate",
        "协调修改",
        at=("office", 5, 1),
        form="agenda-item/mediation",
        role="jmo.director",
        clauses="JZ-10.p4",
        deadline="P5D",
        post="round = 2\nresolution = " + BY_KIND.format(case="resolution", other="other_resolution"),
    )
    d.flow("X_electors", "T_countersign", ports="es")
    d.flow("T_countersign", "G_agreed", ports="en")
    d.service(
        "S_votes",
        "清点已有会签",
        at=("members", 7),
        operation="meeting/votes",
        result="votes",
        parameters={"item_no": ("number", "agenda_item.item_no"), "electors": ("list", "electors")},
    )
    d.flow("B_unsigned", "S_votes", ports="nn", bend=("members", 0, -66))
    d.flow("S_votes", "G_agreed", ports="wn")
    d.flow("G_agreed", "G_round", "否", default=True)
    d.flow("G_round", "T_mediate", "首次", when="round = 1", ports="we")
    d.flow("T_mediate", "T_countersign", ports="ns")


def _no_consent(d: Diagram) -> None:
    """The text is silent on a refusal: after one mediation the director chooses the next meeting or a ruling."""
    d.task(
        "T_no_consent",
        "处理会签未一致",
        at=("office", 7, 1),
        form="agenda-item/no_consent",
        role="jmo.director",
        clauses="JZ-10.p4",
        deadline="P3D",
        post='resolution = if task.no_consent_way = "NEXT_MEETING" then "NO_CONSENT" else resolution\n'
        'decided_by = if task.no_consent_way = "NEXT_MEETING" then "NO_CONSENT" else decided_by',
    )
    d.choice("G_way", "报请裁定？", at=("office", 8, 1), label="n")
    d.task(
        "T_escalate",
        "报请县政府分管领导裁定",
        at=("leader", 8),
        form="agenda-item/escalation",
        role="county.leader",
        clauses="JZ-10.p4",
        deadline="P5D",
        post="resolution = " + BY_KIND.format(case="ruling", other="other_ruling") + '\ndecided_by = "COUNTY_LEADER"',
    )
    d.flow("G_round", "T_no_consent", "再次", default=True)
    d.path("T_no_consent", "G_way")
    d.flow("G_way", "T_escalate", "报请裁定", default=True, ports="sn")


def _outcome(d: Diagram) -> None:
    d.service(
        "S_record",
        "记录议题决议",
        at=("office", 9, 1),
        operation="meeting/record_resolution",
        result="result",
        parameters={
            "item_no": ("number", "agenda_item.item_no"),
            "resolution": ("string", "resolution"),
            "by": ("string", "decided_by"),
        },
    )
    d.choice("G_case", "通知案件？", at=("office", 10, 1), label="s")
    d.end_with_message(
        "End_item",
        "决议通知案件",
        at=("office", 11, 1),
        message="AgendaDecided",
        payload="{case_no: agenda_item.case_no, resolution: resolution,"
        ' opinion_ref: meeting_no + "-" + string(agenda_item.item_no)}',
    )
    d.end("End_other", "其他事项已决", at=("office", 10, 0), label="e")
    d.flow("G_agreed", "S_record", "是", when=AGREED, ports="en")
    d.flow("G_way", "S_record", "下次会议", when='no_consent_way = "NEXT_MEETING"')
    d.flow("T_escalate", "S_record", ports="es")
    d.path("S_record", "G_case")
    d.flow("G_case", "End_item", "案件", when='agenda_item.kind = "CASE"')
    d.flow("G_case", "End_other", "其他", default=True, ports="ns")


DIAGRAMS = (agenda_item,)
