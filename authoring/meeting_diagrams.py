"""The joint meeting: preparation and the sitting."""

from authoring import extensions as ext
from authoring.case_diagrams import OFFICE
from authoring.diagram import Diagram

MEMBERS = ("members", "成员单位")
ABSENT = (
    'absent_members = if task.held != "HELD" then []'
    ' else for row in task.attendances return if get value(row, "absent") = true then row.member else null'
)


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
        "读取通过的议题",
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
        "提议召开并选案件",
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


DIAGRAMS = (joint_meeting, preparation)
