"""A play in this very process: an empty database in memory, invented people, files of a county."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.scenarios.tryout import Tryout
from config import ROOT
from tests.conftest import application_on
from tests.engine import diagrams as d
from tests.services.procedure import FORMS, LAW, appeal, round_, small

COUNTY = "beishan"
DAY = date(2026, 3, 2)
Begin = Callable[..., Tryout]


def small_files(diagram: bytes | None = None, **more: bytes) -> dict[str, bytes]:
    """The small procedure of a county that nobody knows, with another main diagram where one is given."""
    forms = {
        f"{key}.form": json.dumps(
            {"type": "default", "schemaVersion": 19, "id": key, "components": list(fields)}
        ).encode()
        for key, fields in FORMS.items()
    }
    return {
        "small.bpmn": diagram or small(),
        "round.bpmn": round_(),
        "appeal.bpmn": appeal(),
        "options.yml": b"{}\n",
        f"{COUNTY}.law.yml": LAW.format(county=COUNTY).encode(),
        **forms,
        **more,
    }


def of_nodes(*nodes: str, collections: str = "", **variables: str) -> bytes:
    """A main diagram of these nodes."""
    return d.diagram(d.process("small", *nodes, variables=variables, collections=collections))


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a database in memory: to make it takes longer than a test."""
    yield from application_on("sqlite://", tmp_path_factory.mktemp("stage"))


@pytest.fixture
def begin(stage: Flask, tmp_path: Path) -> Iterator[Begin]:
    """Begins a play of files in a county, in an empty database; only one in a test."""
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.scenarios import stagehand  # noqa: PLC0415
    from app.scenarios.tryout import Beginning, openable_in  # noqa: PLC0415
    from app.services import settings  # noqa: PLC0415

    settings.configure(data_folder=tmp_path, root=ROOT, demo=False)
    with stage.app_context():
        db.drop_all()

        def started(files: Mapping[str, bytes], county: str = COUNTY, *, continues: str = "") -> Tryout:
            theatre = stagehand.theatre_of(files, tmp_path, county=(county, "北山县"))
            return Tryout(theatre, Beginning(county, DAY, continues), openable=openable_in(files))

        yield started
        db.session.remove()


def county_files(county: str) -> dict[str, bytes]:
    """The shipped files that a county uses."""
    from app.services import definitions  # noqa: PLC0415  (as above)

    return definitions.seeds_of(county, definitions.read_seeds(ROOT / "processes", ROOT / "forms"))
