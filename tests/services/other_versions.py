"""The small procedure in other versions, and how one is published beside the first."""

from pathlib import Path

from sqlalchemy import select

from app.extensions import db
from app.services import definitions
from app.storage.models import Release
from tests.engine import diagrams as d
from tests.services.conftest import COUNTIES
from tests.services.procedure import write_seeds


def confirmed(diagram: bytes) -> bytes:
    """Another step behind the review."""
    step = d.user("T_confirm", formKey="plain", candidateRole="jmo.director", name="确认", clauses="S-1")
    old = b'<sequenceFlow id="T_review_to_join" sourceRef="T_review" targetRef="join"/>'
    assert old in diagram
    return diagram.replace(old, (step + d.flows("T_review T_confirm join")).encode())


def renamed(diagram: bytes) -> bytes:
    return diagram.replace(b"T_handle", b"T_settle")


def longer(diagram: bytes) -> bytes:
    return diagram.replace(b'name="deadline" value="P5D"', b'name="deadline" value="P9D"')


def trusting(diagram: bytes) -> bytes:
    """Who checked may review too."""
    old, new = b'name="excludes" value="T_check"', b'name="excludes" value="T_handle"'
    assert diagram.count(old) == 1
    return diagram.replace(old, new)


def impatient(diagram: bytes) -> bytes:
    """The reminder at the check ends it."""
    assert diagram.count(b'cancelActivity="false"') == 1
    return diagram.replace(b'cancelActivity="false"', b'cancelActivity="true"')


def publish(tmp_path: Path, diagram: bytes) -> str:
    """Publish another version of the small procedure; returns the id of its release in the first county."""
    folder = tmp_path / f"seeds{len(list(tmp_path.iterdir()))}"
    write_seeds(folder, COUNTIES)
    (folder / "processes" / "small.bpmn").write_bytes(diagram)
    now = db.session.scalars(select(Release.published_at).limit(1)).one()
    definitions.publish_seeds(folder / "processes", folder / "forms", by="tests", now=now)
    newest = select(Release.id).where(Release.process_key == "small", Release.county_id == "beishan")
    return db.session.scalars(newest.order_by(Release.number.desc()).limit(1)).one()
