"""Write all diagrams and tables: `python -m authoring [FOLDER]`, FOLDER being `processes/` when left out."""

import sys
from pathlib import Path

from authoring import (
    accountability_diagrams,
    case_diagrams,
    enforcement_diagrams,
    filing_diagrams,
    investigation_diagrams,
    jinzhai_tables,
    meeting_diagrams,
    recovery_diagrams,
    tables,
)
from authoring.writer import write

DIAGRAMS = (
    case_diagrams.case,
    case_diagrams.intake,
    case_diagrams.closing,
    filing_diagrams.filing,
    filing_diagrams.filing_report,
    filing_diagrams.screening,
    meeting_diagrams.joint_meeting,
    meeting_diagrams.preparation,
    meeting_diagrams.agenda_item,
    enforcement_diagrams.enforcement,
    enforcement_diagrams.docketing,
    accountability_diagrams.accountability,
    accountability_diagrams.decision,
    investigation_diagrams.investigation,
    investigation_diagrams.team,
    investigation_diagrams.subject_finding,
    investigation_diagrams.proposal,
    recovery_diagrams.recovery,
    recovery_diagrams.rectification,
)


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "processes"
    wrong = 0
    for build in DIAGRAMS:
        diagram = build()
        for sentence in write(diagram, folder):
            wrong += 1
            sys.stderr.write(f"{diagram.process}: {sentence}\n")
    for table in jinzhai_tables.all_tables():
        tables.write(table, folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
