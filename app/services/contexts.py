"""What expressions of a procedure see: `case` or `meeting`; in a further procedure `procedure`, and its case.

Facts that nobody has stated are null, all of `case` where a further procedure is about none.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.effect import filing_anchor
from app.services import definitions, linting
from app.storage import facts as fact_rows
from app.storage.proceedings import File

Context = dict[str, Any]


def context_of(file: File, stated: Mapping[str, Any], *, today: date, case: Context) -> Context:
    """`stated` are the facts without scope; `case` is what `case_of` gives for the file."""
    own = _core(file, stated, release=file.proceeding.release_id, today=today)
    if file.procedure is not None:
        return {"procedure": own, "case": case}
    return {"meeting": own} if file.case is None else {"case": own}


def case_of(file: File, *, today: date) -> Context:
    """The case that a further procedure is about; empty for what is none."""
    if file.procedure is None:
        return {}
    release, about = file.proceeding.release_id, file.about
    if about is None:
        return {**definitions.unstated(release), **dict.fromkeys([*fact_rows.CASE_COLUMNS, *linting.CASE_EXTRAS])}
    return _core(about.file, about.facts[""], release=release, today=today)


def _core(file: File, stated: Mapping[str, Any], *, release: str, today: date) -> Context:
    """`release`: what its expressions may name, and what the file's own forms may have stated."""
    proceeding, case = file.proceeding, file.case
    core: Context = {
        **definitions.unstated(release),
        **(definitions.unstated(proceeding.release_id) if proceeding.release_id != release else {}),
        **stated,
        **fact_rows.columns_of(file),
        "number": proceeding.number,
        "title": proceeding.title,
        "county": proceeding.county_id,
        "status": proceeding.status.value,
        "switches": {**definitions.register_of(proceeding.release_id).switches, **proceeding.switches},
    }
    if case is None:
        return core
    core["lead_organ"] = case.lead_organ_id
    core["regulation"] = case.regulation_id
    core["legal_effect"] = case.effective_date is not None and case.effective_date <= today
    core["filing_anchor"] = None
    if case.effective_date and case.served_date:
        anchor = filing_anchor(core["switches"], served=case.served_date, effective=case.effective_date)
        core["filing_anchor"] = anchor.isoformat()
    return core
