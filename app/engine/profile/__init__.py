"""The linter: what a release may be made of, checked on the files themselves before anything runs.

Every finding names the file, the element to mend and a Chinese sentence. A release without errors can run: no element
is silently ignored, no expression meets an unknown name, no loop runs by itself, and no Python is reachable anywhere.
"""

from collections.abc import Mapping
from contextlib import suppress

from app.domain.definitions import Catalogue, Finding
from app.domain.errors import N_
from app.engine.decisions import read_table
from app.engine.profile.activities import check_activities
from app.engine.profile.catalogue import check_catalogue
from app.engine.profile.choices import learn_values
from app.engine.profile.elements import REFUSED_NODES, check_elements
from app.engine.profile.graph import check_graph
from app.engine.profile.model import Diagram, EnoughError, Model, Report, Table
from app.engine.profile.references import check_references
from app.engine.profile.tables import check_tables
from app.engine.profile.texts import check_texts
from app.engine.sources import SourceError, bpmn, read_source

__all__ = ["findings"]

MAX_FILES = 200


def findings(files: Mapping[str, bytes], catalogue: Catalogue | None = None) -> tuple[Finding, ...]:
    """What is wrong with the .bpmn and .dmn files of a release, looked at together; () when it may be published.

    What `catalogue` leaves None is not checked. Other kinds of files are ignored.
    """
    report = Report()
    if len(files) > MAX_FILES:
        report.error("", None, "size", N_("文件超过 %(limit)s 个。"), limit=MAX_FILES)
        return tuple(report.findings)
    model = Model(_diagrams(files, report), _tables(files, report), catalogue or Catalogue(), report)
    with suppress(EnoughError):
        _check(model)
    return tuple(report.findings)


def _check(model: Model) -> None:
    """Raises EnoughError."""
    check_elements(model)
    if _is_broken(model, frozenset({"size"})):
        return  # too much to look at any further
    check_references(model)
    if _is_broken(model, _BROKEN):
        return  # the graph makes no sense yet: anything said about it would mislead
    check_graph(model)
    check_activities(model)
    check_catalogue(model)
    learn_values(model)
    check_texts(model)
    check_tables(model)


def _is_broken(model: Model, rules: frozenset[str]) -> bool:
    return any(finding.rule in rules for finding in model.report.findings)


_BROKEN = frozenset({"duplicate_id", "duplicate_process", "flow_end", "id", "call_cycle", "size"}) | {
    f"refused_{name}" for name in REFUSED_NODES
}


def _diagrams(files: Mapping[str, bytes], report: Report) -> list[Diagram]:
    found = []
    for name in sorted(files):
        if not name.endswith(".bpmn"):
            continue
        try:
            root = read_source(files[name])
        except SourceError as problem:
            report.error(name, None, "file", problem.sentence, **problem.values)
            continue
        if root.tag != bpmn("definitions"):
            report.error(name, None, "file", N_("文件不是 BPMN 流程图。"))
            continue
        if root.find(bpmn("process")) is None:  # its participants and flows are still looked at one by one
            report.error(name, None, "file", N_("文件里没有流程，没有可以执行的内容。"))
        found.append(Diagram(name, root))
    return found


def _tables(files: Mapping[str, bytes], report: Report) -> dict[str, Table]:
    found = {}
    for name in sorted(files):
        if not name.endswith(".dmn"):
            continue
        try:
            root = read_source(files[name])
            found[name.removesuffix(".dmn")] = Table(name, root, read_table(root))
        except SourceError as problem:
            report.error(name, None, "file", problem.sentence, **problem.values)
    return found
