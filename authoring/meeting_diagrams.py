"""The joint meeting: preparation, the sitting, and each agenda item on its own."""

from authoring import extensions as ext
from authoring.case_diagrams import OFFICE
from authoring.diagram import Diagram

MEMBERS = ("members", "成员单位")
ABSENT = (
    'absent_members = if task.held != "HELD" then []'
    ' else for row in task.attendances return if get value(row, "absent") = true then row.member else null'
)
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


def joint_meeting() -> Diagram:
    d = Diagram(
        "joint-meeting",
        "联席会议",
        lanes=[(*OFFICE, 3), MEMBERS, ("archive", "档案管理")],
        variables={
            "meeting_no": "string",
            "members": "list",
            "agenda_decision": "string",
            "held": "string",
            "absent_members": "list",
            "items": "list",
            "results": "list",
            "result": "string",
            "adopted_items": "list",
            "outcomes": "list",
            "returned": "string",
            "closed": "string",
        },
    )
    _sitting(d)
    _not_held(d)
    _after_the_sitting(d)
    return d


def _sitting(d: Diagram) -> None:
    d.start("Start_meeting", "需要开会研究", at=("office", 0, 1))
    d.call("C_prepare", "会前准备", at=("office", 1, 1), process="meeting-preparation")
    d.choice("G_prepared", "取消会议？", at=("office", 2, 1), label="s")
    d.task(
        "T_hold",
        "召开会议并签到",
        at=("office", 3, 1),
        form="joint-meeting/attendance",
        role="jmo.officer",
        clauses="JZ-8.p1 JZ-9(2) JZ-9(3)",
        deadline="P1D",
        since="meeting.meeting_date",
        post=ABSENT,
    )
    d.choice("G_held", "如期召开？", at=("office", 4, 1), label="n")
    d.service("S_add", "读取全部议题", at=("office", 5, 1), operation="meeting/add_items", result="items")
    d.call(
        "C_item",
        "逐项议决与会签",
        at=("members", 6),
        process="agenda-matter",
        loop=ext.loop("items", "agenda_item", outputs="results", output="result"),
    )
    d.path("Start_meeting", "C_prepare", "G_prepared")
    d.flow("G_prepared", "T_hold", "否", default=True)
    d.path("T_hold", "G_held")
    d.flow("G_held", "S_add", "是", when='held = "HELD"')
    d.flow("S_add", "C_item", ports="sw")


def _not_held(d: Diagram) -> None:
    """A meeting that does not take place gives its cases back to the pool."""
    d.end("End_cancelled", "会议取消", at=("office", 2, 0), label="e")
    d.service(
        "S_return",
        "案件退回待议池",
        at=("office", 4, 2),
        operation="meeting/return_to_pool",
        result="returned",
        parameters={"outcome": ("string", 'if held = "CANCELLED" then "CANCELLED" else null')},
    )
    d.choice("G_again", "改期？", at=("office", 3, 2), label="n")
    d.end("End_not_held", "会议未召开", at=("office", 2, 2), label="n")
    d.flow("G_prepared", "End_cancelled", "是", when='agenda_decision = "CANCEL"', ports="ns")
    d.flow("G_held", "S_return", "否", default=True, ports="sn")
    d.flow("S_return", "G_again", ports="we")
    d.flow("G_again", "End_not_held", "取消", default=True, ports="we")
    d.flow("G_again", "C_prepare", "改期", when='held = "POSTPONED"', ports="ss", bend=("office", 2, 64))


def _after_the_sitting(d: Diagram) -> None:
    d.task(
        "T_minutes",
        "形成会议纪要",
        at=("office", 7, 1),
        form="joint-meeting/minutes",
        role="jmo.officer",
        clauses="JZ-10.p4 JZ-9(4)",
        deadline="P3D",
    )
    d.task(
        "T_close",
        "确认全部议题已决",
        at=("office", 8, 1),
        form="joint-meeting/close_meeting",
        role="jmo.director",
        clauses="JZ-10.p4",
        deadline="P2D",
    )
    d.service("S_close", "办结会议", at=("office", 9, 1), operation="meeting/close", result="closed")
    d.service(
        "S_adopted",
        "读取通过的其他议题",
        at=("office", 10, 1),
        operation="meeting/adopted_items",
        result="adopted_items",
    )
    d.task(
        "T_outcome",
        "落实其他议题",
        at=("office", 10, 2),
        form="agenda-item/item_outcome",
        role="jmo.officer",
        clauses="JZ-9(1) JZ-9(4) JZ-9(5) JZ-9(6)",
        deadline="P20D",
        loop=ext.loop("adopted_items", "adopted_item", outputs="outcomes", output="outcome_note"),
    )
    d.task(
        "T_marchive",
        "会议归档",
        at=("archive", 10),
        form="joint-meeting/archive",
        role="archivist",
        clauses="JZ-10.p4",
        deadline="P5D",
    )
    d.end("End_meeting", "会议办结", at=("archive", 11))
    d.flow("C_item", "T_minutes", ports="es")
    d.path("T_minutes", "T_close", "S_close", "S_adopted")
    d.flow("S_adopted", "T_outcome", ports="sn")
    d.flow("T_outcome", "T_marchive", ports="sn")
    d.path("T_marchive", "End_meeting")


def preparation() -> Diagram:
    d = Diagram(
        "meeting-preparation",
        "会前准备",
        lanes=[(*OFFICE, 3), MEMBERS],
        variables={
            "members": "list",
            "agenda_decision": "string",
            "returned": "string",
            "replies": "list",
            "date_reply": "string",
            "items": "list",
            "pack_status": "string",
            "late_handling": "string",
        },
    )
    d.start("Start_preparation", "需要开会研究", at=("office", 0, 1))
    d.task(
        "T_propose",
        "提议召开并选定案件",
        at=("office", 1, 1),
        form="joint-meeting/proposal",
        role="jmo.director",
        clauses="JZ-10.p1 JZ-10.p5",
        deadline="P3D",
    )
    d.service("S_members", "读取成员单位", at=("office", 2, 1), operation="meeting/members", result="members")
    d.task(
        "T_consult",
        "征求时间议题意见",
        at=("members", 3),
        form="joint-meeting/consultation",
        role="member.liaison",
        organ="consulted",
        clauses="JZ-10.p2",
        deadline="P3D",
        loop=ext.loop("members", "consulted", outputs="replies", output="date_reply"),
    )
    d.task(
        "T_agenda",
        "确定日期和议题",
        at=("office", 4, 1),
        form="joint-meeting/agenda",
        role="jmo.director",
        clauses="JZ-10.p2",
        deadline="P2D",
    )
    d.choice("G_fix", "召开？", at=("office", 5, 1), label="n")
    d.service(
        "S_cancel",
        "案件退回待议池",
        at=("office", 6, 2),
        operation="meeting/return_to_pool",
        result="returned",
        parameters={"outcome": ("string", '"CANCELLED"')},
    )
    d.end("End_cancelled", "会议取消", at=("office", 7, 2), label="e")
    d.service("S_lock", "锁定议题", at=("office", 6, 1), operation="meeting/lock_agenda", result="items")
    d.task(
        "T_pack",
        "送达会议资料",
        at=("office", 7, 1),
        form="joint-meeting/pack_delivery",
        role="jmo.officer",
        clauses="JZ-10.p3",
        deadline="-P3D",
        since="meeting.meeting_date",
        kind="regulation",
        count="CALENDAR",
    )
    d.service("S_pack", "核对会前三天", at=("office", 8, 1), operation="meeting/check_pack", result="pack_status")
    d.choice("G_pack", "按期送达？", at=("office", 9, 1), label="s")
    d.task(
        "T_late",
        "处理迟延送达",
        at=("office", 9, 0),
        form="joint-meeting/late_pack",
        role="jmo.director",
        clauses="JZ-10.p3",
        deadline="P1D",
    )
    d.choice("G_late", "改期？", at=("office", 10, 0), label="e")
    d.end("End_preparation", "准备就绪", at=("office", 10, 1))
    d.path("Start_preparation", "T_propose", "S_members")
    d.flow("S_members", "T_consult", ports="sw")
    d.flow("T_consult", "T_agenda", ports="es")
    d.path("T_agenda", "G_fix")
    d.flow("G_fix", "S_lock", "召开", default=True)
    d.flow("G_fix", "S_cancel", "取消", when='agenda_decision = "CANCEL"', ports="sw")
    d.path("S_cancel", "End_cancelled")
    d.path("S_lock", "T_pack", "S_pack", "G_pack")
    d.flow("G_pack", "End_preparation", "按期", when='pack_status = "ON_TIME"')
    d.flow("G_pack", "T_late", "迟延", default=True)
    d.path("T_late", "G_late")
    d.flow("G_late", "T_agenda", "改期", when='late_handling = "POSTPONE"', ports="nn", bend=("office", 0, -62))
    d.flow("G_late", "End_preparation", "照常召开", default=True)
    return d


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
    d.flow("B_unsigned", "G_agreed", ports="nn", bend=("members", 0, -66))
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


DIAGRAMS = (joint_meeting, preparation, agenda_item)
