"""Two counties with organs, people and roles, and the releases of the first: rows, as `world` needs them."""

from datetime import date, datetime
from hashlib import sha256
from uuid import uuid4

from app import yamlfiles
from app.extensions import db
from app.storage import models as m
from config import ROOT

PASSWORD = "a long enough password"
NORTH, SOUTH = "north", "south"
ORGANS = (
    ("zjj", "县住房和城乡建设局", "县住建局"),
    ("sfj", "县司法局", "县司法局"),
    ("jw", "县监察委员会", "县监委"),
    ("czj", "县财政局", "县财政局"),
    ("gaj", "县公安局", "县公安局"),
)
PEOPLE = (
    ("reporter", "何静", "zjj", ("organ.reporter",)),
    ("reporter2", "贺平", "zjj", ("organ.reporter",)),
    ("reviewer", "罗岚", "zjj", ("organ.legal_reviewer",)),
    ("officer", "王敏", "sfj", ("jmo.officer",)),
    ("director", "刘建国", "sfj", ("jmo.director",)),
    ("signatory_sfj", "郑华", "sfj", ("member.signatory",)),
    ("signatory_czj", "钱丰", "czj", ("member.signatory",)),
    ("signatory_gaj", "武刚", "gaj", ("member.signatory",)),
    ("leader", "陈立", "jw", ("team.leader", "team.member")),
    ("subject", "李工", "zjj", ("subject.person",)),
    ("administrator", "管理员", None, ("system.admin",)),
    ("rule_admin", "龚明", "sfj", ("rule.admin",)),
)
FILES = ("*.bpmn", "*.dmn")


def organisation(county: str, name: str, password_hash: str, now: datetime) -> None:
    db.session.add(m.County(id=county, name=name, name_en=county.title()))
    db.session.flush()
    for code, organ, short in ORGANS:
        db.session.add(
            m.Organ(id=f"{county}.{code}", county_id=county, code=code, name=organ, short_name=short, kind="BUREAU")
        )
    db.session.flush()
    for position, code in enumerate(("sfj", "czj", "gaj")):
        db.session.add(m.MemberUnit(organ_id=f"{county}.{code}", county_id=county, position=position))
    for key, person, code, roles in PEOPLE:
        organ = f"{county}.{code}" if code else None
        person_id = f"{county}.{key}"
        db.session.add(m.Person(id=person_id, county_id=county, organ_id=organ, name=person))
        db.session.flush()
        db.session.add(
            m.Account(username=person_id, person_id=person_id, password_hash=password_hash, demo=False, created_at=now)
        )
        for role in roles:
            db.session.add(m.RoleAssignment(person_id=person_id, role=role, organ_id=organ))


def register() -> tuple[str, bytes]:
    """The first register that names both processes, moved to our first county."""
    for path in sorted((ROOT / "processes").glob("*.law.yml")):
        text = path.read_text("utf-8")
        if "meeting_process:" in text:
            return path.name, text.encode()
    raise LookupError("no register with a meeting")


def process_keys() -> dict[str, str]:
    law = yamlfiles.read(register()[1])
    return {"CASE": law["case_process"], "MEETING": law["meeting_process"]}


def release(kind: str, now: datetime) -> m.Release:
    name, content = register()
    files = {name: content}
    for folder, pattern in (
        ("processes", "*.bpmn"),
        ("processes", "*.dmn"),
        ("forms", "**/*.form"),
        ("forms", "letters/*.docx"),
        ("forms", "*.yml"),
    ):
        for path in sorted((ROOT / folder).glob(pattern)):
            files[path.relative_to(ROOT / folder).as_posix()] = path.read_bytes()
    for file_name, data in files.items():
        digest = sha256(file_name.encode() + data).hexdigest()
        if db.session.get(m.DefinitionFile, digest) is None:
            db.session.add(m.DefinitionFile(hash=digest, name=file_name, content=data))
    db.session.flush()
    if kind == "CASE":
        db.session.add(
            m.Regulation(
                id="north-2020",
                county_id=NORTH,
                title="北山县行政败诉案件过错责任追究办法",
                document_no="北政〔2020〕1号",
                status="TRIAL",
                in_force_from=date(2020, 1, 1),
                case_process=process_keys()["CASE"],
                meeting_process=process_keys()["MEETING"],
                register_hash=sha256(name.encode() + content).hexdigest(),
            )
        )
        db.session.flush()
    release = m.Release(
        id=uuid4().hex,
        process_key=process_keys()[kind],
        county_id=NORTH,
        regulation_id="north-2020",
        number=1,
        digest=kind,
        published_at=now,
        published_by="test",
    )
    db.session.add(release)
    db.session.flush()
    for file_name, data in files.items():
        digest = sha256(file_name.encode() + data).hexdigest()
        db.session.add(m.ReleaseFile(release_id=release.id, name=file_name, hash=digest))
    return release


def first_clauses(count: int) -> list[str]:
    return [clause["id"] for clause in yamlfiles.read(register()[1])["clauses"][:count]]
