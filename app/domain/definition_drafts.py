"""改动稿: what a draft of definitions may hold, and its way from the first edit to its publication."""

import re
from enum import StrEnum

from app.domain.errors import N_, ConflictError, InvalidFileError


class DraftStatus(StrEnum):
    EDITING = "EDITING"
    SUBMITTED = "SUBMITTED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


class Choice(StrEnum):
    """What an owner made of two versions of a file, his and the one that another had saved before."""

    OWN = "OWN"
    OTHER = "OTHER"


class FileKind(StrEnum):
    """What a file of a county is, by its name."""

    DIAGRAM = "DIAGRAM"
    TABLE = "TABLE"
    FORM = "FORM"
    OPTIONS = "OPTIONS"
    REGISTER = "REGISTER"
    SCENARIO = "SCENARIO"
    LETTER = "LETTER"


KIND_LABELS = {
    FileKind.DIAGRAM: N_("流程图"),
    FileKind.TABLE: N_("决策表"),
    FileKind.FORM: N_("表单"),
    FileKind.OPTIONS: N_("选项表"),
    FileKind.REGISTER: N_("条款登记"),
    FileKind.SCENARIO: N_("情景"),
    FileKind.LETTER: N_("文书模板"),
}
STATUS_LABELS = {
    DraftStatus.EDITING: N_("编辑中"),
    DraftStatus.SUBMITTED: N_("待审批"),
    DraftStatus.PUBLISHED: N_("已发布"),
    DraftStatus.WITHDRAWN: N_("已作废"),
}
_NAMES = {
    FileKind.DIAGRAM: re.compile(r"[a-z][a-z0-9-]{0,59}\.bpmn"),
    FileKind.TABLE: re.compile(r"[a-z][a-z0-9-]{0,59}\.dmn"),
    FileKind.FORM: re.compile(r"[a-z][a-z0-9-]{0,59}/[a-z][a-z0-9_]{0,59}\.form|[a-z][a-z0-9_-]{0,59}\.form"),
    FileKind.OPTIONS: re.compile(r"options\.yml"),
    FileKind.REGISTER: re.compile(r"[a-z][a-z0-9-]{0,59}\.law\.yml"),
    FileKind.SCENARIO: re.compile(r"scenarios/(?:[a-z][a-z0-9-]{0,59}/[a-z0-9][a-z0-9_-]{0,79}|people|answers)\.yml"),
    FileKind.LETTER: re.compile(r"letters/[a-z][a-z0-9_-]{0,59}\.docx"),
}
MOST_FILES = 600
"""Files that one draft may change."""
LONGEST_TITLE, LONGEST_NOTES = 100, 4000


def find_kind(name: str) -> FileKind | None:
    return next((kind for kind, pattern in _NAMES.items() if pattern.fullmatch(name)), None)


def kind_of(name: str) -> FileKind:
    """What a file is. Raises InvalidFileError: no definition file may be called that."""
    kind = find_kind(name)
    if kind is None:
        raise InvalidFileError(
            N_(
                "文件名“%(name)s”不可用：流程图、决策表用小写字母、数字和短横线，"
                "如 filing.bpmn、sanctions.dmn；表单如 filing/report.form。"
            ),
            name=name[:80],
        )
    return kind


def ensure_editable(status: DraftStatus) -> None:
    """Raises ConflictError: what was submitted or published is not edited any more."""
    if status is DraftStatus.SUBMITTED:
        raise ConflictError(N_("改动稿已提交审批，不能再改；需要修改的，请审批人退回。"))
    if status is not DraftStatus.EDITING:
        raise ConflictError(N_("改动稿已经结束，不能再改；请另开改动稿。"))
