"""A small procedure with what a command may meet: parallel work, four eyes, timers, a message, a held step."""

import json
from pathlib import Path
from typing import Any

from tests.engine import diagrams as d

LAW = """\
id: {county}-2020-1
county: {county}
title: 试行办法
short_title: 试行办法
document_no: 政发〔2020〕1号
issuer: 县人民政府
status: IN_FORCE
in_force_from: 2020-01-01
in_force_to: null
case_process: small
meeting_process: round
number_formats:
  CASE: "{county}〔{{year}}〕{{serial:04d}}号"
  MEETING: "{county}会〔{{year}}〕{{serial:02d}}号"
  APPEAL: "{county}申〔{{year}}〕{{serial:02d}}号"
  NOTE: "{county}记〔{{year}}〕{{serial:02d}}号"
  PAPER: "{county}文〔{{year}}〕{{serial:03d}}号"
procedures:
  - {{key: appeal, process: appeal, zh: 复核, en: Review, number: APPEAL, about: SUBJECT, served: true, single: true,
      openers: [subject.person, remedy.officer]}}
  - {{key: note, process: appeal, zh: 备忘, en: Note, number: NOTE, about: CASE, openers: [jmo.director]}}
stages:
  - {{key: intake, zh: 登记, en: Intake, steps: [small/T_register]}}
switches: {{}}
clauses:
  - {{id: S-1, article: 第一条, modality: OBLIGATION, reading: 收到文书后应当登记, carried_by: [small/T_register]}}
"""


def field(key: str, type_: str = "textfield", *, required: bool = False, **more: Any) -> dict[str, Any]:
    return {"type": type_, "id": f"F_{key}", "key": key, "label": key, "validate": {"required": required}, **more}


FORMS = {
    "register": (field("matter", required=True), field("handling_organ"), field("waits")),
    "check": (field("opinion", "textarea", required=True), field("handling_organ"), field("pages", "number")),
    "plain": (field("note", "textarea"),),
    "paper": (field("papers", "attachment"),),
    "vote": (field("decision", required=True),),
    "appeal": (field("grounds", required=True),),
}


def small() -> bytes:
    """A check with its timers and a review by somebody else, beside work in an organ; then a message."""
    nodes = (
        d.start(),
        _step("T_register", "register", "organ.reporter", candidateOrgan="lead_organ"),
        d.parallel("fork"),
        _step("T_check", "check", "jmo.officer", deadline="P5D", deadlineKind="internal", dayCount="CALENDAR"),
        _timer("B_urge", '"P5D"', interrupting=False),
        _step("T_urge", "plain", "jmo.director"),
        d.end("urged"),
        _timer("B_late", '"P10D"', interrupting=True),
        _step("T_escalate", "plain", "jmo.director"),
        d.exclusive("merge"),
        _step("T_review", "plain", "jmo.officer", excludes="T_check"),
        _step("T_handle", "plain", "organ.head", candidateOrgan="case.handling_organ"),
        d.parallel("join"),
        d.throw("E_tell", d.sends("SmallDecided", '{"case_no": case_no}')),
        d.exclusive("wait", default="done"),
        d.receive("W_decided", "SmallDecided"),
        d.terminate(),
        d.terminate("heard"),
        d.flows(
            "begin T_register fork T_check merge T_review join E_tell wait done",
            "fork T_handle join",
            "B_urge T_urge urged",
            "B_late T_escalate merge",
            "W_decided heard",
        ),
        d.when("wait", "W_decided", 'case.waits = "yes"'),
    )
    variables = {"case_no": "string", "lead_organ": "string"}
    return d.diagram(d.messages("SmallDecided"), d.process("small", *nodes, variables=variables))


def round_() -> bytes:
    """A vote of all member units at the same time."""
    nodes = (
        d.start(),
        _step("T_propose", "plain", "jmo.director"),
        d.service("S_members", "meeting/members", "members"),
        d.user(
            "T_vote",
            d.many("members", "member", "votes", "decision"),
            formKey="vote",
            candidateRole="member.signatory",
            candidateOrgan="member",
        ),
        _step("T_minutes", "plain", "jmo.officer"),
        d.end(),
        d.flows("begin T_propose S_members T_vote T_minutes done"),
    )
    variables = {"meeting_no": "string", "members": "list", "votes": "list"}
    return d.diagram(d.process("round", *nodes, variables=variables, collections="members votes"))


def appeal() -> bytes:
    """A further procedure: applied for by who opens it, examined by somebody who had no hand in the case."""
    subject = {"formKey": "appeal", "candidateRole": "subject.person", "candidatePerson": "opener", "name": "申请"}
    nodes = (
        d.start(),
        d.exclusive("who", default="T_record"),
        d.user("T_apply", **subject),
        _step("T_record", "appeal", "remedy.officer"),
        d.exclusive("merge"),
        _step("T_examine", "check", "jmo.officer", excludes="parent"),
        d.service("S_others", "case/procedures", "others", key='"appeal"'),
        d.service("S_conclude", "procedure/conclude", "outcome", outcome='case.matter + " " + procedure.grounds'),
        d.end(),
        d.flows("begin who", "T_apply merge", "T_record merge T_examine S_others S_conclude done"),
        d.when("who", "T_apply", 'opener_role = "subject.person"'),
        d.flows("who T_record"),
    )
    variables = {"procedure_no": "string", "case_no": "string", "subject": "context"}
    variables |= {"opener": "string", "opener_role": "string", "outcome": "string", "others": "list"}
    return d.diagram(d.process("appeal", *nodes, variables=variables))


def _step(id_: str, form: str, role: str, **more: str) -> str:
    return d.user(id_, formKey=form, candidateRole=role, name=id_, clauses="S-1", **more)


def _timer(id_: str, span: str, *, interrupting: bool) -> str:
    """A named timer at the check; steps without a name are not told."""
    drawn = d.boundary(id_, "T_check", d.timer("Duration", span, id_), interrupting=interrupting)
    return drawn.replace("<boundaryEvent ", f'<boundaryEvent name="{id_}" ', 1)


def organisation(county: str) -> str:
    """Reporters and heads in two organs, three officers, a director, and a signatory in each of seven member units."""
    organs = ["zjj", "lyj", "office", *(f"m{n}" for n in range(1, 8))]
    people = [
        ("reporter", "zjj", "organ.reporter"),
        ("head", "zjj", "organ.head"),
        ("head.lyj", "lyj", "organ.head"),
        *((f"officer{n}", "office", "jmo.officer") for n in (1, 2, 3)),
        ("director", "office", "jmo.director"),
        ("blamed", "zjj", "subject.person"),
        ("other", "zjj", "subject.person"),
        ("remedy", "office", "remedy.officer"),
        *((f"owner{n}", "office", "owner") for n in (1, 2)),
        *((f"m{n}", f"m{n}", "member.signatory") for n in range(1, 8)),
    ]
    return json.dumps(
        {
            "county": {"id": county, "name": county},
            "organs": [{"code": o, "name": f"{county}{o}", "short": o, "kind": "ADMIN_ORGAN"} for o in organs],
            "members": [{"organ": f"m{n}"} for n in range(1, 8)],
            "people": [
                {"username": f"{county}.{name}", "name": f"{name}@{county}", "organ": organ, "roles": [{"role": role}]}
                for name, organ, role in people
            ],
        },
        ensure_ascii=False,
    )


def write_seeds(folder: Path, counties: tuple[str, ...]) -> None:
    """Lay the files out as the shipped seeds are: `processes/`, `forms/`, `organisation/`."""
    for name in ("processes", "forms", "organisation"):
        (folder / name).mkdir(parents=True)
    (folder / "processes" / "small.bpmn").write_bytes(small())
    (folder / "processes" / "round.bpmn").write_bytes(round_())
    (folder / "processes" / "appeal.bpmn").write_bytes(appeal())
    for key, fields in FORMS.items():
        form = {"type": "default", "schemaVersion": 19, "id": key, "components": list(fields)}
        (folder / "forms" / f"{key}.form").write_text(json.dumps(form, ensure_ascii=False), "utf-8")
    (folder / "forms" / "options.yml").write_text("{}\n", "utf-8")
    for county in counties:
        (folder / "processes" / f"{county}.law.yml").write_text(LAW.format(county=county), "utf-8")
        (folder / "organisation" / f"{county}.yml").write_text(organisation(county), "utf-8")
