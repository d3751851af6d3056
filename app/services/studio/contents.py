"""Reading a file that somebody hands in: harmless, in its canonical form, and with all its extensions."""

from collections.abc import Collection, Mapping
from typing import NoReturn

import yaml

from app import yamlfiles
from app.documents.letters.templates import TemplateError, ensure_readable
from app.domain.definition_drafts import FileKind, kind_of
from app.domain.definitions import Finding
from app.domain.errors import N_, InvalidDefinitionError, InvalidFileError
from app.engine import canonical as diagrams
from app.engine.lost_extensions import losses as diagram_losses
from app.engine.sources import BPMN, DMN, SourceError, read_source
from app.forms import canonical as forms
from app.forms.lost import losses as form_losses
from app.forms.options import parse_options
from app.law.register import parse as parse_register

MAX_BYTES = 1_000_000
_REFUSED = {
    yamlfiles.ALIAS: N_("文件中不能用 YAML 的引用（*）。"),
    yamlfiles.TOO_MUCH: N_("文件内容过多或嵌套过深。"),
    yamlfiles.TWICE: N_("文件的同一处有重复的名称。"),
}


def canonical(name: str, content: bytes) -> bytes:
    """The file as it is stored. Raises InvalidFileError (its name), InvalidDefinitionError (it cannot be read)."""
    kind = kind_of(name)
    if kind is FileKind.LETTER:
        return _word(name, content)
    if len(content) > MAX_BYTES:
        _refuse(name, "file", N_("文件超过 1 MB。"))
    if kind in (FileKind.DIAGRAM, FileKind.TABLE):
        return _xml(name, content, kind)
    if kind is FileKind.FORM:
        return forms.canonical(content, file=name)
    return _yaml(name, content, kind)


def ensure_nothing_lost(name: str, before: bytes | None, after: bytes, *, touched: Collection[str]) -> None:
    """Raises InvalidDefinitionError: an element that nobody edited lost an extension."""
    if before is not None and (found := _lost(name, before, after, touched=touched)):
        raise InvalidDefinitionError(found)


def lost_in(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What elements lost that are otherwise as they were, in every file that both sets have."""
    both = [name for name in after if name in before and before[name] != after[name]]
    return tuple(one for name in both for one in _lost(name, before[name], after[name], touched=()))


def _lost(name: str, before: bytes, after: bytes, *, touched: Collection[str]) -> tuple[Finding, ...]:
    kind = kind_of(name)
    if kind in (FileKind.DIAGRAM, FileKind.TABLE):
        lost = diagram_losses(before, after, touched=touched)
    elif kind is FileKind.FORM:
        lost = form_losses(before, after, touched=touched)
    else:
        return ()
    sentence = N_("%(element)s 没有改动，保存后却失去了 %(lost)s。请用本系统的编辑器修改，或者确认确需删除。")
    return tuple(
        Finding(
            name,
            loss.element_id,
            "extension_lost",
            sentence,
            {"element": loss.element_id, "lost": "、".join(loss.lost)},
        )
        for loss in lost
    )


def _refuse(name: str, rule: str, sentence: str, /, **values: object) -> NoReturn:
    raise InvalidDefinitionError((Finding(name, None, rule, sentence, values),))


def _xml(name: str, content: bytes, kind: FileKind) -> bytes:
    try:
        written = diagrams.canonical(content)
        root = read_source(written)
    except SourceError as problem:
        raise InvalidDefinitionError((Finding(name, None, "file", problem.sentence, problem.values),)) from None
    if kind is FileKind.DIAGRAM and root.tag != f"{{{BPMN}}}definitions":
        _refuse(name, "file", N_("文件不是 BPMN 流程图。"))
    if kind is FileKind.TABLE and root.tag != f"{{{DMN}}}definitions":
        _refuse(name, "file", N_("文件不是 DMN 决策表。"))
    return written


def _yaml(name: str, content: bytes, kind: FileKind) -> bytes:
    """Kept as it was typed; only line ends are made the same."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        _refuse(name, "file", N_("文件编码必须是 UTF-8。"))
    _ensure_plain(name, text)
    written = text.encode()
    try:
        if kind is FileKind.OPTIONS:
            parse_options(written)
        elif kind is FileKind.REGISTER:
            parse_register(written)
    except InvalidFileError as refusal:
        raise InvalidDefinitionError((Finding(name, None, "register", refusal.sentence, refusal.values),)) from None
    return written


def _ensure_plain(name: str, text: str) -> None:
    """Raises InvalidDefinitionError."""
    try:
        yamlfiles.read(text)
    except yamlfiles.RefusedError as refusal:
        _refuse(name, "file", _REFUSED.get(str(refusal.problem), N_("文件不是有效的 YAML。")))
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        _refuse(
            name, "file", N_("第 %(line)s 行不是有效的 YAML：%(problem)s"), line=line, problem=problem.problem or ""
        )
    except yaml.YAMLError:
        _refuse(name, "file", N_("文件不是有效的 YAML。"))


def _word(name: str, content: bytes) -> bytes:
    """Kept byte by byte, never unpacked to disk."""
    try:
        ensure_readable(content)
    except TemplateError as problem:
        _refuse(name, "letter-file", problem.sentence, **problem.values)
    return content
