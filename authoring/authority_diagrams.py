"""Who decides now: before a decision on a person who was moved, cadre authority is examined again."""

from authoring.diagram import Diagram

VARIABLES = {
    "subject": "context",
    "standing": "context",
    "current_status": "string",
    "current_organ": "string",
    "authority": "string",
    "authority_organ": "string",
    "deciding_organ": "string",
}
"""`authority_organ`: where the person served when authority was last examined; `deciding_organ`: who decides since."""
EXAMINED = "\n".join(
    [
        "authority_organ = current_organ",
        "authority = task.authority_now",
        'deciding_organ = if task.authority_now = "COUNTY" then task.new_deciding_organ else deciding_organ',
    ]
)


def _authority(process: str, *, lane: tuple[str, str], role: str, clauses: str, decider: str) -> Diagram:
    d = Diagram(process, "核对调离人员的决定机关", lanes=[lane], variables=VARIABLES)
    place = lane[0]
    d.start("Start_authority", "拟作出决定", at=(place, 0))
    d.service(
        "S_standing",
        "查询人员现状和现单位",
        at=(place, 1),
        operation="subject/standing",
        result="standing",
        parameters={"subject_id": ("string", "subject.id")},
    )
    code = "current_status = standing.current_status\ncurrent_organ = standing.current_organ"
    d.script("X_standing", "读取人员现状", at=(place, 2), code=code + decider)
    d.choice("G_moved", "调离未核定？", at=(place, 3), label="s")
    d.task(
        "T_authority_again",
        "重新核定决定机关",
        at=(place, 4),
        form="accountability/authority_again",
        role=role,
        clauses=clauses,
        source="higher_law",
        deadline="P3D",
        post=EXAMINED,
    )
    d.end("End_authority", "决定机关已核定", at=(place, 5))
    d.path("Start_authority", "S_standing", "X_standing", "G_moved")
    d.flow("G_moved", "T_authority_again", "是", when="current_organ != null and current_organ != authority_organ")
    d.flow("G_moved", "End_authority", "否", default=True, ports="nn", bend=(place, 0, -62))
    d.path("T_authority_again", "End_authority")
    return d


def jinzhai() -> Diagram:
    return _authority(
        "decision-authority",
        lane=("supervision", "县监察机关"),
        role="sup.head",
        clauses="JZ-11.p2",
        decider='\ndeciding_organ = if deciding_organ = null then "*" else deciding_organ',
    )


def yiyuan() -> Diagram:
    """The organ that pursued decides, unless authority has passed to another one."""
    return _authority(
        "yiyuan-authority-again",
        lane=("registry", "归口登记（司法局）"),
        role="registry.officer",
        clauses="YY-5.p1",
        decider="\ndeciding_organ = if deciding_organ = null then subject.pursuing_organ else deciding_organ",
    )


DIAGRAMS = (jinzhai, yiyuan)
