"""Two sets of definition files held against each other: what changed, as values a page can say in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.errors import N_, Sentence


class Mark(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """Only its place in the drawing, or in the order of rows or fields."""


class Kind(StrEnum):
    """What a file of a regulation is."""

    DIAGRAM = "diagram"
    TABLE = "table"
    FORM = "form"
    REGISTER = "register"
    OPTIONS = "options"
    LETTER = "letter"
    SCENARIO = "scenario"
    OTHER = "other"


KIND_NAMES: Mapping[Kind, str] = {
    Kind.DIAGRAM: N_("流程图"),
    Kind.TABLE: N_("决策表"),
    Kind.FORM: N_("表单"),
    Kind.REGISTER: N_("条款登记"),
    Kind.OPTIONS: N_("选项表"),
    Kind.LETTER: N_("文书模板"),
    Kind.SCENARIO: N_("情景"),
    Kind.OTHER: N_("其他文件"),
}
MARK_NAMES: Mapping[Mark, str] = {
    Mark.ADDED: N_("新增"),
    Mark.REMOVED: N_("删除"),
    Mark.CHANGED: N_("修改"),
    Mark.MOVED: N_("移动"),
}
_ENDINGS = {
    ".bpmn": Kind.DIAGRAM,
    ".dmn": Kind.TABLE,
    ".form": Kind.FORM,
    ".law.yml": Kind.REGISTER,
    ".docx": Kind.LETTER,
}


def kind_of(name: str) -> Kind:
    """By the release name of a file: `filing.bpmn`, `filing/check.form`, `options.yml`, `scenarios/filing/late.yml`."""
    if name == "options.yml":
        return Kind.OPTIONS
    if name.startswith("scenarios/"):
        return Kind.SCENARIO
    return next((kind for ending, kind in _ENDINGS.items() if name.endswith(ending)), Kind.OTHER)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a comparison. Its words are message ids (`Sentence`) or names out of the files."""

    file: str
    mark: Mark
    subject: str
    """What changed, in words: step “催报”, field “案由”, row `loss_revoked`; empty for the file itself."""
    element_id: str | None = None
    """Id of the element in the file, e.g. the shape to show."""
    facet: str = ""
    """Which of its properties; empty where the whole came, went or moved."""
    old: str = ""
    new: str = ""

    @property
    def kind(self) -> Kind:
        return kind_of(self.file)

    @property
    def sentence(self) -> Sentence:
        """The whole line as one sentence."""
        subject = self.subject or self.file
        if not self.facet:
            return Sentence(_WHOLE[self.mark], subject=subject)
        if not self.old and not self.new:
            return Sentence(N_("%(subject)s：%(facet)s有改动"), subject=subject, facet=Sentence(self.facet))
        if not self.old:
            return Sentence(N_("%(subject)s：%(facet)s定为“%(new)s”"), subject=subject, facet=self.facet, new=self.new)
        if not self.new:
            return Sentence(N_("%(subject)s：取消%(facet)s“%(old)s”"), subject=subject, facet=self.facet, old=self.old)
        return Sentence(
            N_("%(subject)s：%(facet)s由“%(old)s”改为“%(new)s”"),
            subject=subject,
            facet=self.facet,
            old=self.old,
            new=self.new,
        )


_WHOLE = {
    Mark.ADDED: N_("新增%(subject)s"),
    Mark.REMOVED: N_("删除%(subject)s"),
    Mark.CHANGED: N_("修改%(subject)s"),
    Mark.MOVED: N_("移动%(subject)s"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    changes: tuple[Change, ...] = ()
    """In the order of files and, within one, of its elements; what is only moved comes last."""
    files: Mapping[str, Mark] = field(default_factory=dict)
    """Every file that differs."""
    marks: Mapping[str, Mapping[str, Mark]] = field(default_factory=dict)
    """Diagram -> element id -> mark, for the pictures. A removed element is only in the older one."""

    def __bool__(self) -> bool:
        return bool(self.files)

    def of(self, file: str) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.file == file)

    def counts(self) -> Mapping[Mark, int]:
        """How many lines of each mark."""
        return {mark: sum(change.mark is mark for change in self.changes) for mark in Mark}


def period_in_words(months: int, days: int, *, working: bool) -> Sentence:
    """A period as a reader says it; negative ones are counted backwards. Days are working days where `working`."""
    size = abs(days)
    if months and days:
        said = Sentence(N_("%(months)s 个月又 %(days)s 日"), months=abs(months), days=size)
    elif months:
        said = Sentence(N_("%(months)s 个月"), months=abs(months))
    else:
        said = Sentence(N_("%(days)s 个工作日") if working else N_("%(days)s 日"), days=size)
    return Sentence(N_("提前 %(span)s"), span=said) if min(months, days) < 0 else said
