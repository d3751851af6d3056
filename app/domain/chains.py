"""What can be wrong with the journal, each with its place and in words."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.errors import N_


class Flaw(StrEnum):
    CHANGED = "CHANGED"
    """A line that does not fit its own digest."""
    KEY = "KEY"
    """A line that names a key which is not here."""
    UNLINKED = "UNLINKED"
    """A line that does not follow the one before."""
    MISSING = "MISSING"
    """A line is not there, though later ones are."""
    CUT = "CUT"
    """The chain ends before its head."""
    HEAD = "HEAD"
    """The head is not the last line."""
    ANCHOR = "ANCHOR"
    """An anchor saw another line there, or one where none is."""
    ANCHORS = "ANCHORS"
    """The file of the anchors itself does not fit."""
    PURGE = "PURGE"
    """Lines went by an order that the journal does not know."""
    ERASURE = "ERASURE"
    """A content was erased by an order that the journal does not know."""
    CONTENT = "CONTENT"
    """A submission is not what the journal signed."""


SENTENCES = {
    Flaw.CHANGED: N_("链 %(scope)s 第%(position)s条：内容与签名不符，被改动、调换，或用别的密钥重签。"),
    Flaw.KEY: N_("链 %(scope)s 第%(position)s条：所用密钥 %(detail)s 不在密钥文件中，无法核对。"),
    Flaw.UNLINKED: N_("链 %(scope)s 第%(position)s条：与前一条不相接。"),
    Flaw.MISSING: N_("链 %(scope)s 第%(position)s条：缺失（%(detail)s）。"),
    Flaw.CUT: N_("链 %(scope)s 从第%(position)s条起：末尾被截去（链头为第%(detail)s条）。"),
    Flaw.HEAD: N_("链 %(scope)s 第%(position)s条：链头与最后一条不符。"),
    Flaw.ANCHOR: N_("链 %(scope)s 第%(position)s条：与第%(detail)s个锚点记录的不符，此条在锚定之后被改写或删去。"),
    Flaw.ANCHORS: N_("锚点文件第%(position)s行：%(detail)s"),
    Flaw.PURGE: N_("链 %(scope)s 至第%(position)s条：按期清理没有相应的日志记录。"),
    Flaw.ERASURE: N_("链 %(scope)s：对 %(detail)s 的依法删除没有相应的日志记录。"),
    Flaw.CONTENT: N_("链 %(scope)s 第%(position)s条：所签的提交内容（环节 %(detail)s）已被改动。"),
}


@dataclass(frozen=True, slots=True)
class Break:
    """One place at which the journal is not whole."""

    flaw: Flaw
    scope: str
    position: int
    detail: str = ""

    @property
    def place(self) -> str:
        return f"{self.scope}:{self.position}"

    def values(self) -> dict[str, object]:
        """What its sentence names."""
        return {"scope": self.scope, "position": self.position, "detail": self.detail}


@dataclass(slots=True)
class Verdict:
    """What a verification found."""

    lines: int = 0
    chains: int = 0
    anchors: int = 0
    """How many of them it was held against."""
    breaks: list[Break] = field(default_factory=list)
    """The first of them: at most `MOST`."""
    found: int = 0
    purged: list[tuple[str, int, str]] = field(default_factory=list)
    """Lawfully taken away: scope, up to which position, by which authority."""
    erased: list[tuple[str, str, str]] = field(default_factory=list)
    """Lawfully erased contents: kind, id, by which authority."""

    def note(self, found: Break) -> None:
        self.found += 1
        if len(self.breaks) < MOST:
            self.breaks.append(found)

    @property
    def whole(self) -> bool:
        return self.found == 0


MOST = 1_000
