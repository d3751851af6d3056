"""What the laboratory's offices run: the small procedure, and a meeting that releases the cases it decides."""

import json
import shutil
from pathlib import Path

from flask import Flask

from tests.conftest import application_on, migrate
from tests.engine import diagrams as d
from tests.services import procedure
from tests.services.conftest import MORNING, PASSWORD

COUNTIES = ("beishan",)
PEOPLE = ("officer1", "officer2", "officer3", "director", "head", "reporter", "owner1", *(f"m{n}" for n in range(1, 8)))
MESSAGE = "SmallDecided"


def case() -> bytes:
    """The small case, which may wait for a meeting to decide it (`waits` = meeting) and is then filed."""
    nodes = (
        d.start(),
        procedure._step("T_register", "register", "organ.reporter", candidateOrgan="lead_organ"),
        d.parallel("fork"),
        procedure._step(
            "T_check", "check", "jmo.officer", deadline="P5D", deadlineKind="internal", dayCount="CALENDAR"
        ),
        procedure._timer("B_urge", '"P5D"', interrupting=False),
        procedure._step("T_urge", "plain", "jmo.director"),
        d.end("urged"),
        procedure._timer("B_late", '"P10D"', interrupting=True),
        procedure._step("T_escalate", "plain", "jmo.director"),
        d.exclusive("merge"),
        procedure._step("T_review", "plain", "jmo.officer", excludes="T_check"),
        procedure._step("T_handle", "plain", "organ.head", candidateOrgan="case.handling_organ"),
        d.parallel("join"),
        d.exclusive("route", default="E_tell"),
        d.throw("E_tell", d.sends(MESSAGE, '{"case_no": case_no}')),
        d.exclusive("await"),
        d.receive("W_decided", MESSAGE),
        procedure._step("T_file", "plain", "jmo.officer"),
        d.terminate(),
        d.flows(
            "begin T_register fork T_check merge T_review join route E_tell await W_decided T_file done",
            "fork T_handle join",
            "B_urge T_urge urged",
            "B_late T_escalate merge",
        ),
        d.when("route", "await", 'case.waits = "meeting"'),
    )
    variables = {"case_no": "string", "lead_organ": "string"}
    return d.diagram(d.messages(MESSAGE), d.process("small", *nodes, variables=variables))


def meeting() -> bytes:
    """Seven members vote at the same time; the last vote releases every case named in the proposal."""
    each = d.many("numbers", "number", "told", "released_no")
    nodes = (
        d.start(),
        procedure._step("T_propose", "propose", "jmo.director"),
        d.service("S_members", "meeting/members", "members"),
        d.user(
            "T_vote",
            d.many("members", "member", "votes", "decision"),
            formKey="vote",
            candidateRole="member.signatory",
            candidateOrgan="member",
        ),
        d.script("P_numbers", 'numbers = if case_numbers = null then [] else split(case_numbers, " ")'),
        d.sub(
            "P_release",
            d.start("item"),
            d.throw("E_release", d.sends(MESSAGE, '{"case_no": number}')),
            d.end("released"),
            d.flows("item E_release released"),
            loop=each,
        ),
        procedure._step("T_minutes", "plain", "jmo.officer"),
        d.end(),
        d.flows("begin T_propose S_members T_vote P_numbers P_release T_minutes done"),
    )
    variables = {"meeting_no": "string", "members": "list", "votes": "list"}
    variables |= {"case_numbers": "string", "numbers": "list", "told": "list"}
    drawn = d.process("round", *nodes, variables=variables, collections="members votes numbers told")
    return d.diagram(d.messages(MESSAGE), drawn)


def write_seeds(folder: Path) -> None:
    procedure.write_seeds(folder, COUNTIES)
    (folder / "processes" / "small.bpmn").write_bytes(case())
    (folder / "processes" / "round.bpmn").write_bytes(meeting())
    fields = [procedure.field("case_numbers")]
    form = {"type": "default", "schemaVersion": 19, "id": "propose", "components": fields}
    (folder / "forms" / "propose.form").write_text(json.dumps(form, ensure_ascii=False), "utf-8")


def settle(url: str, folder: Path) -> dict[str, str]:
    """Make an empty database the laboratory's world, without cases. Returns each person's token."""
    from app.services import accounts, definitions, organisation  # noqa: PLC0415  (see tests.conftest)

    seeds = folder / "seeds"
    shutil.rmtree(seeds, ignore_errors=True)
    write_seeds(seeds)
    migrate(url, folder)
    tokens = {}
    for app in application_on(url, folder):
        with app.app_context():
            for path in sorted((seeds / "organisation").glob("*.yml")):
                organisation.import_file(path, password=PASSWORD, demo=False, now=MORNING)
            definitions.publish_seeds(seeds / "processes", seeds / "forms", by="tests", now=MORNING)
            for name in PEOPLE:
                tokens[name] = accounts.create_token(f"beishan.{name}", "laboratory", now=MORNING)
    return tokens


def publish_another(app: Flask, folder: Path, change: tuple[str, str]) -> None:
    """Publish the case's diagram again with a text replaced."""
    from app.services import definitions  # noqa: PLC0415  (as above)

    path = folder / "seeds" / "processes" / "small.bpmn"
    text = path.read_text("utf-8")
    if change[0] not in text:
        raise ValueError(f"{change[0]} does not stand in the diagram")
    path.write_text(text.replace(*change), "utf-8")
    with app.app_context():
        definitions.publish_seeds(folder / "seeds" / "processes", folder / "seeds" / "forms", by="tests", now=MORNING)
