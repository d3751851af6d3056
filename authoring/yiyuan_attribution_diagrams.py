"""Who answers: why the case was lost, the entities, the persons, and which organ holds authority over each."""

from authoring import extensions as ext
from authoring.diagram import Diagram
from authoring.yiyuan_case_diagrams import REGISTRY


def _codes(clause: str, kind: str) -> str:
    return f'(if list contains(proposed_faults, "{clause}") then ["{kind}"] else [])'


PROPOSED_KINDS = (
    f"proposed_attribution_kinds = concatenate({_codes('YY-6.s1', 'ACT')}, {_codes('YY-6.s2', 'LITIGATION')})"
)


ENTITIES_AT_FAULT = (
    'entities = for e in entities return if e.role = "NOMINAL" and not(case.nominal_fault = true) then null else e\n'
    "entities = entities[item != null]"
)
"""A nominal entity answers beside the implementing one only where it is at fault itself (Art. 7)."""


def attribution() -> Diagram:
    d = Diagram(
        "yiyuan-attribution",
        "归责与责任人员",
        lanes=[REGISTRY, ("entity", "各实施主体")],
        variables={
            "fault_circumstances": "list",
            "proposed_faults": "list",
            "proposed_attribution_kinds": "list",
            "entities": "list",
            "reports": "list",
            "persons_note": "string",
            "persons": "list",
            "routes": "list",
            "route": "string",
        },
    )
    _attribution_steps(d)
    d.path("Start_attribution", "T_grounds", "R_fault", "X_kinds", "T_attribution", "S_entities")
    d.path("S_entities", "X_entities", "T_persons")
    d.flow("T_persons", "T_check", ports="ew")
    d.path("T_check", "S_persons", "C_route", "S_routed", "End_attribution")
    return d


def _attribution_steps(d: Diagram) -> None:
    d.start("Start_attribution", "范围已确认", at=("registry", 0))
    d.task(
        "T_grounds",
        "梳理败诉原因",
        at=("registry", 1),
        form="yiyuan-attribution/grounds",
        role="registry.officer",
        clauses="YY-6.s1 YY-6.s2",
        deadline="P5D",
    )
    d.rule("R_fault", "归责类型建议", at=("registry", 2), table="yiyuan-fault")
    d.script("X_kinds", "整理归责建议", at=("registry", 3), code=PROPOSED_KINDS)
    d.task(
        "T_attribution",
        "确认归责类型和责任主体",
        at=("registry", 4),
        form="yiyuan-attribution/attribution",
        role="registry.officer",
        clauses="YY-6.s1 YY-6.s2 YY-7",
        deadline="P5D",
    )
    d.service("S_entities", "列出涉案主体", at=("registry", 5), operation="case/entities", result="entities")
    d.script("X_entities", "略去无过错的名义主体", at=("registry", 6), code=ENTITIES_AT_FAULT)
    d.task(
        "T_persons",
        "报告责任人员",
        at=("entity", 6),
        form="yiyuan-attribution/entity_persons",
        role="organ.head",
        organ="entity.id",
        clauses="YY-5.p2 YY-6.s1 YY-6.s2 YY-7",
        deadline="P5D",
        loop=ext.loop("entities", "entity", outputs="reports", output="persons_note"),
    )
    d.task(
        "T_check",
        "核对责任人员",
        at=("registry", 7),
        form="yiyuan-attribution/persons_check",
        role="registry.officer",
        clauses="YY-2 YY-6.s1 YY-6.s2 YY-7",
        deadline="P3D",
    )
    d.service("S_persons", "登记责任人员", at=("registry", 8), operation="case/record_subjects", result="persons")
    d.call(
        "C_route",
        "逐人确定追究机关",
        at=("registry", 9),
        process="yiyuan-routing",
        loop=ext.loop("persons", "routed_person", outputs="routes", output="route"),
    )
    d.service("S_routed", "读取办理途径", at=("registry", 10), operation="case/pending_subjects", result="persons")
    d.end("End_attribution", "途径已确定", at=("registry", 11))


READ_AUTHORITY = "\n".join(
    [
        "leading_cadre = is_leading_cadre = true",
        'county_managed = managed_by = "COUNTY_COMMITTEE"',
        'suspected_violation = not(suspicion = "NONE")',
    ]
)
PROPOSED_ROUTE = 'proposed_route = if list contains(routing, "REFER_SUPERIOR") then "REFER_SUPERIOR" else profile'


def routing() -> Diagram:
    d = Diagram(
        "yiyuan-routing",
        "按干部管理权限确定责任追究机关",
        lanes=[REGISTRY],
        variables={
            "is_leading_cadre": "boolean",
            "managed_by": "string",
            "suspicion": "string",
            "authority": "string",
            "leading_cadre": "boolean",
            "county_managed": "boolean",
            "suspected_violation": "boolean",
            "routing": "list",
            "profile": "string",
            "authority_article": "string",
            "proposed_route": "string",
            "route": "string",
        },
    )
    d.start("Start_routing", "责任人员已登记", at=("registry", 0))
    d.task(
        "T_authority",
        "核对干部管理权限",
        at=("registry", 1),
        form="yiyuan-routing/authority",
        role="registry.officer",
        clauses="YY-5.p1 YY-14.p2s2",
        deadline="P3D",
    )
    d.script("X_authority", "整理权限事实", at=("registry", 2), code=READ_AUTHORITY)
    d.rule("R_authority", "按权限建议途径", at=("registry", 3), table="yiyuan-authority")
    d.script("X_route", "整理途径建议", at=("registry", 4), code=PROPOSED_ROUTE)
    d.task(
        "T_route",
        "确定责任追究机关",
        at=("registry", 5),
        form="yiyuan-routing/route",
        role="registry.officer",
        clauses="YY-5.p1 YY-8 YY-14.p2s2",
        deadline="P3D",
    )
    d.end("End_routing", "途径已确定", at=("registry", 6))
    d.path("Start_routing", "T_authority", "X_authority", "R_authority", "X_route", "T_route", "End_routing")
    return d


DIAGRAMS = (attribution, routing)
