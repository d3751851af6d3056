"""Roles held against the journal of the accounts: one that nobody was granted came behind the program's back."""

from collections.abc import Iterator

from app.domain.administrators import ADMINISTRATORS
from app.domain.examination import Code, Finding
from app.domain.roles import role_label
from app.storage import administration, journal


def findings() -> Iterator[Finding]:
    """Roles of which the journal does not tell that they were granted last.

    Of those that a file brought with their holder it names the three administrators' alone. Nothing where first lines
    of it were purged: what stood there nobody knows.
    """
    told = administration.told_of_roles()
    if told is None:
        return
    for held in administration.roles_with_origin():
        said = ({"role": held.role}, {"role": held.role, "organ": held.organ_id})
        lines = [told[key] for one in said if (key := (held.person_id, journal.digest_of(one))) in told]
        granted = max(lines)[1] if lines else held.brought and held.role not in ADMINISTRATORS
        if not granted:
            values = {"person": held.name, "role": role_label(held.role)}
            yield Finding(Code.ROLE_UNTOLD, "", "", held.person_id, values)
