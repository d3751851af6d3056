"""An agenda item around its discussion: it ends at once when the judgment of its case is reversed."""

from authoring import extensions as ext
from authoring.diagram import Diagram

CASE_NO = 'case_no = if agenda_item.kind = "CASE" then agenda_item.case_no else "NONE"'
"""Items that are no cases wait for a number that no case has."""


def matter() -> Diagram:
    d = Diagram(
        "agenda-matter",
        "议题办理",
        lanes=[("office", "联席会议办公室（统筹）", 2)],
        variables={
            "members": "list",
            "agenda_item": "context",
            "absent_members": "list",
            "case_no": "string",
            "withdrawal": "context",
            "result": "string",
        },
        messages=["AgendaWithdrawn"],
    )
    d.start("Start_matter", "议题开始", at=("office", 0, 0))
    d.script("X_case_no", "读取案号", at=("office", 1, 0), code=CASE_NO)
    d.call("C_agenda_item", "议决与会签", at=("office", 2, 0), process="agenda-item")
    d.end("End_matter", "议题已决", at=("office", 4, 0))
    event = ext.message_caught("B_withdrawn", "AgendaWithdrawn", variable="withdrawal", key="case_no")
    d.boundary("B_withdrawn", "案件改判", host="C_agenda_item", share=0.85, event=event)
    d.service(
        "S_withdrawn",
        "撤回议题",
        at=("office", 3, 1),
        operation="meeting/record_resolution",
        result="result",
        parameters={
            "item_no": ("number", "agenda_item.item_no"),
            "resolution": ("string", '"WITHDRAWN"'),
            "by": ("string", '"REVERSED"'),
        },
    )
    d.end("End_withdrawn", "议题撤回", at=("office", 4, 1))
    d.path("Start_matter", "X_case_no", "C_agenda_item", "End_matter")
    d.flow("B_withdrawn", "S_withdrawn", ports="sw")
    d.path("S_withdrawn", "End_withdrawn")
    return d


DIAGRAMS = (matter,)
