"""环节对应: the pairs of step ids by which running proceedings change version; each must name steps that exist."""

from collections.abc import Mapping

from app.domain.errors import N_, InvalidAnswersError, Sentence
from app.domain.spelling import meant
from app.engine.migrate import pairable
from app.services import definitions
from app.storage import migrations as rows
from app.storage.models import Release

FIELD = "mapping"
_NOT_OLD = N_("办理中的版本没有环节“%(name)s”%(meant)s")
_NOT_NEW = N_("第%(number)s版没有环节“%(name)s”%(meant)s")


def ensure_pairs(mapping: Mapping[str, str], target: Release) -> None:
    """Every pair leads from a step of a version that proceedings run on to one of the release that they change to.

    Raises InvalidAnswersError at `FIELD`: a misspelt pair would move nothing, and nobody would hear of it.
    """
    if not mapping:
        return
    new = _names_of(target.id, target.process_key)
    old = new.union(*(_names_of(id_, target.process_key) for id_ in rows.other_releases(target.id)))
    told = [Sentence(_NOT_OLD, name=name, meant=meant(name, old)) for name in mapping if name not in old]
    told += [
        Sentence(_NOT_NEW, name=name, number=target.number, meant=meant(name, new))
        for name in mapping.values()
        if name not in new
    ]
    if told:
        raise InvalidAnswersError({FIELD: told})


def _names_of(release_id: str, process_key: str) -> frozenset[str]:
    return pairable(definitions.definition_of(release_id, process_key))
