"""What the list of legal effects says stands in the diagrams, and the other way round."""

from lxml import etree

from app.engine.sources import properties_of
from authoring.legal_effects import LEGAL_EFFECTS
from config import ROOT


def test_every_listed_step_says_its_effect_in_its_diagram_and_no_other_does() -> None:
    found = {}
    for path in sorted((ROOT / "processes").glob("*.bpmn")):
        for element in etree.parse(path).iter("{*}userTask"):
            properties = properties_of(element)
            if "legalEffect" in properties:
                found[(path.stem, element.get("id"))] = (properties["legalEffect"], properties.get("letter", ""))

    assert found == LEGAL_EFFECTS


def test_decisions_services_notices_and_transfers_of_both_regimes_are_read_again() -> None:
    kinds = {kind for kind, _ in LEGAL_EFFECTS.values()}

    assert kinds == {"decision", "service", "notice", "transfer"}
    assert {("subject-decision", "T_serve"), ("yiyuan-decision", "T_serve")} <= LEGAL_EFFECTS.keys()
