"""The joint meeting: preparation, the sitting, and each agenda item on its own."""

from authoring import extensions as ext
from authoring.case_diagrams import OFFICE
from authoring.diagram import Diagram

MEMBERS = ("members", "成员单位")
ABSENT = (
    'absent_members = for row in task.attendances return if get value(row, "absent") = true then row.member else null'
)
ELECTORS = "\n".join(
    [
        "away = concatenate(agenda_item.recused, if absent_members = null then [] else absent_members)",
        "electors = for m in members return if list contains(away, m) then null else m",
        "electors = electors[item != null]",
        'decided_by = "CONSENT"',
        "round = 1",
    ]
)
UNANIMOUS = (
    'votes != null and list contains(votes, "AGREE") and (every v in votes satisfies v = "AGREE" or v = "RECUSED")'
)


def joint_meeting() -> Diagram:
    d = Diagram(
        "joint-meeting",
        "联席会议",
        lanes=[OFFICE, MEMBERS, ("archive", "档案管理")],
        variables={
            "meeting_no": "string",
            "members": "list",
            "absent_members": "list",
            "items": "list",
            "results": "list",
            "result": "string",
            "closed": "string",
        },
    )
    d.start("Start_meeting", "需要开会研究", at=("office", 0))
    d.call("C_prepare", "会前准备", at=("office", 1), process="meeting-preparation")
    d.task(
        "T_hold",
        "召开会议并签到",
        at=("office", 2),
        form="joint-meeting/attendance",
        role="jmo.officer",
        clauses="JZ-8.p1 JZ-9(2) JZ-9(3)",
        deadline="P1D",
        since="meeting.meeting_date",
        post=ABSENT,
    )
    d.call(
        "C_item",
        "逐项议决与会签",
        at=("members", 3),
        process="agenda-item",
        loop=ext.loop("items", "agenda_item", outputs="results", output="result"),
    )
    d.task(
        "T_minutes",
        "形成会议纪要",
        at=("office", 4),
        form="joint-meeting/minutes",
        role="jmo.officer",
        clauses="JZ-10.p4",
        deadline="P3D",
    )
    d.task(
        "T_close",
        "确认全部议题已决",
        at=("office", 5),
        form="joint-meeting/close_meeting",
        role="jmo.director",
        clauses="JZ-10.p4",
        deadline="P2D",
    )
    d.service("S_close", "办结会议", at=("office", 6), operation="meeting/close", result="closed")
    d.task(
        "T_marchive",
        "会议归档",
        at=("archive", 7),
        form="joint-meeting/archive",
        role="archivist",
        clauses="JZ-10.p4",
        deadline="P5D",
    )
    d.end("End_meeting", "会议办结", at=("office", 8))
    d.path("Start_meeting", "C_prepare", "T_hold")
    d.flow("T_hold", "C_item", ports="sw")
    d.flow("C_item", "T_minutes", ports="es")
    d.path("T_minutes", "T_close", "S_close")
    d.flow("S_close", "T_marchive", ports="sw")
    d.flow("T_marchive", "End_meeting", ports="es")
    return d


def preparation() -> Diagram:
    d = Diagram(
        "meeting-preparation",
        "会前准备",
        lanes=[(*OFFICE, 2), MEMBERS],
        variables={
            "members": "list",
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
    d.service("S_lock", "锁定议题", at=("office", 5, 1), operation="meeting/lock_agenda", result="items")
    d.task(
        "T_pack",
        "送达会议资料",
        at=("office", 6, 1),
        form="joint-meeting/pack_delivery",
        role="jmo.officer",
        clauses="JZ-10.p3",
        deadline="-P3D",
        since="meeting.meeting_date",
        kind="regulation",
        count="CALENDAR",
    )
    d.service("S_pack", "核对会前三天", at=("office", 7, 1), operation="meeting/check_pack", result="pack_status")
    d.choice("G_pack", "按期送达？", at=("office", 8, 1), label="s")
    d.task(
        "T_late",
        "处理迟延送达",
        at=("office", 8, 0),
        form="joint-meeting/late_pack",
        role="jmo.director",
        clauses="JZ-10.p3",
        deadline="P1D",
    )
    d.choice("G_late", "改期？", at=("office", 9, 0), label="e")
    d.end("End_preparation", "准备就绪", at=("office", 9, 1))
    d.path("Start_preparation", "T_propose", "S_members")
    d.flow("S_members", "T_consult", ports="sw")
    d.flow("T_consult", "T_agenda", ports="es")
    d.path("T_agenda", "S_lock", "T_pack", "S_pack", "G_pack")
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
            "agenda_item": "context",
            "absent_members": "list",
            "away": "list",
            "electors": "list",
            "votes": "list",
            "decision": "string",
            "round": "number",
            "resolution": "string",
            "decided_by": "string",
            "result": "string",
        },
        messages=["AgendaDecided"],
    )
    _discussion(d)
    _countersigning(d)
    _outcome(d)
    return d


def _discussion(d: Diagram) -> None:
    d.start("Start_item", "议题开始", at=("office", 0, 0))
    d.choice("G_kind", "是案件？", at=("office", 1, 0))
    d.task(
        "T_discuss",
        "讨论并形成决议",
        at=("office", 2, 0),
        form="agenda-item/item_resolution",
        role="jmo.officer",
        clauses="JZ-9(2) JZ-9(3) JZ-10.p4",
        deadline="P1D",
    )
    d.task(
        "T_discuss_other",
        "议决其他事项",
        at=("office", 2, 1),
        form="agenda-item/other_resolution",
        role="jmo.officer",
        clauses="JZ-9(1) JZ-9(4) JZ-9(5) JZ-9(6)",
        deadline="P1D",
    )
    d.script(
        "X_electors",
        "确定会签成员",
        at=("office", 3, 0),
        code=ELECTORS,
    )
    d.path("Start_item", "G_kind")
    d.flow("G_kind", "T_discuss", "案件", when='agenda_item.kind = "CASE"')
    d.flow("G_kind", "T_discuss_other", "其他", default=True)
    d.path("T_discuss", "X_electors")
    d.flow("T_discuss_other", "X_electors", ports="es")


def _countersigning(d: Diagram) -> None:
    d.task(
        "T_countersign",
        "会签",
        at=("members", 4),
        form="agenda-item/countersign",
        role="member.signatory",
        organ="member",
        clauses="JZ-10.p4",
        deadline="P5D",
        loop=ext.loop("electors", "member", outputs="votes", output="decision"),
    )
    silence = ext.timer("B_unsigned", "timeDuration", '"P10D"')
    d.boundary("B_unsigned", "满10日未签齐", host="T_countersign", share=0.85, event=silence, upper=True, label="e")
    d.choice("G_agreed", "一致同意？", at=("office", 5, 0), label="w")
    d.choice("G_round", "首次未一致？", at=("office", 5, 1), label="e")
    d.task(
        "T_mediate",
        "协调修改",
        at=("office", 4, 1),
        form="agenda-item/mediation",
        role="jmo.director",
        clauses="JZ-10.p4",
        deadline="P5D",
        post="round = 2",
    )
    d.task(
        "T_escalate",
        "报请县政府分管领导裁定",
        at=("leader", 6),
        form="agenda-item/escalation",
        role="county.leader",
        clauses="JZ-10.p4",
        deadline="P5D",
        post='resolution = task.ruling\ndecided_by = "COUNTY_LEADER"',
    )
    d.flow("X_electors", "T_countersign", ports="es")
    d.flow("T_countersign", "G_agreed", ports="en")
    d.flow("B_unsigned", "G_agreed", ports="nn", bend=("members", 0, -66))
    d.flow("G_agreed", "G_round", "否", default=True)
    d.flow("G_round", "T_mediate", "首次", when="round = 1", ports="we")
    d.flow("T_mediate", "T_countersign", ports="ns")
    d.flow("G_round", "T_escalate", "再次", default=True, ports="sw")


def _outcome(d: Diagram) -> None:
    d.service(
        "S_record",
        "记录议题决议",
        at=("office", 6, 0),
        operation="meeting/record_resolution",
        result="result",
        parameters={
            "item_no": ("number", "agenda_item.item_no"),
            "resolution": ("string", "resolution"),
            "by": ("string", "decided_by"),
        },
    )
    d.choice("G_case", "通知案件？", at=("office", 7, 0))
    d.end_with_message(
        "End_item",
        "决议通知案件",
        at=("office", 8, 0),
        message="AgendaDecided",
        payload="{case_no: agenda_item.case_no, resolution: resolution,"
        ' opinion_ref: meeting_no + "-" + string(agenda_item.item_no)}',
    )
    d.end("End_other", "其他事项已决", at=("office", 7, 1))
    d.flow("G_agreed", "S_record", "是", when=UNANIMOUS)
    d.flow("T_escalate", "S_record", ports="ns")
    d.path("S_record", "G_case")
    d.flow("G_case", "End_item", "案件", when='agenda_item.kind = "CASE"')
    d.flow("G_case", "End_other", "其他", default=True)


DIAGRAMS = (joint_meeting, preparation, agenda_item)
