"""系列案: the cases of a series, registering many alike from a table, taking one out of it."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.once import once
from app.api.permission import actor, needs_token
from app.queries.series import series_page
from app.queries.series_runs import RunPage, run_page, runs_of
from app.services import series


@route("GET", "/cases/<key>/series", tag="series")
@needs_token
@gives(200, schemas.SeriesAnswer)
def get_series(key: str) -> dict[str, Any]:
    """The cases of a case's series as far as the caller may see them, and the latest runs over it."""
    return _series(key)


@route("POST", "/cases/<key>/series", tag="series")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.SeriesTable, location="files")
@gives(200, schemas.SeriesAnswer)
def import_series(given: dict[str, str], files: dict[str, Any], key: str) -> dict[str, Any]:
    """Register a case like this one for every row of a table; the worker does them, `runs` tells how far it is.

    What a row does not say is as in the sample's registration. The same table again opens nothing twice.
    """
    with once(given["key"]):
        series.open_series(key, table=files["table"].read(), actor=actor(), now=clock.now())
    return _series(key)


@route("GET", "/series-runs/<run_id>", tag="series")
@needs_token
@gives(200, schemas.SeriesRun)
def get_run(run_id: str) -> RunPage:
    """How far a run is, row by row, with what was refused and why."""
    return run_page(actor(), run_id)


@route("POST", "/cases/<key>/separation", tag="series")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Reasoned)
@gives(200, schemas.SeriesAnswer)
def separate_case(given: dict[str, str], body: dict[str, str], key: str) -> dict[str, Any]:
    """另案办理: the case leaves its series and is investigated by itself."""
    proceeding_id = series_page(actor(), key).id
    with once(given["key"]):
        series.separate(proceeding_id, reason=body["reason"], actor=actor(), now=clock.now())
    return _series(key)


def _series(key: str) -> dict[str, Any]:
    page = series_page(actor(), key)
    return {"page": page, "runs": runs_of(page.series_id)}
