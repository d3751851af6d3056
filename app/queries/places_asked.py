"""Whether an address asks for a place that there is: a process, a version of it, a diagram, a step."""

from sqlalchemy import select

from app.domain.actors import Actor
from app.extensions import db
from app.queries.drawings import process_name, steps_of
from app.queries.names import ensure_offered
from app.storage.models import Release
from app.storage.releases import files_of


def ensure_places(actor: Actor, *, main: str, release: str, process: str, step: str) -> None:
    """Each of them is one of the county's, in any version; empty asks for nothing. Raises UnknownChoiceError.

    Reads whole versions: to be asked where a list is empty, and a wrong address could be the reason.
    """
    query = select(Release.id, Release.process_key, Release.number).where(Release.county_id == actor.county_id)
    versions = db.session.execute(query.order_by(Release.number.desc())).all()
    ensure_offered("main", main, {key: process_name(id_, key) for id_, key, _ in reversed(versions)})
    versions = [one for one in versions if main in ("", one.process_key)]
    ensure_offered("release", release, {id_: f"{key} {number}" for id_, key, number in versions})
    if not (process or step):
        return
    diagrams: dict[str, list[str]] = {}
    for id_ in [release] if release else [one.id for one in versions]:
        for name in files_of(id_):
            if name.endswith(".bpmn"):
                diagrams.setdefault(name.removesuffix(".bpmn"), []).append(id_)
    ensure_offered("process", process, {key: process_name(ids[0], key) for key, ids in diagrams.items()})
    asked = {process: diagrams[process]} if process else diagrams
    known = {id_: name for key, ids in asked.items() for one in ids for id_, name in steps_of(one, key).items()}
    ensure_offered("step", step, known)
