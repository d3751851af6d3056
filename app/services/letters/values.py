"""What a template is filled with: everything that it names, in words; nothing else is read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.documents.letters.templates import paths_in
from app.domain.wording import Worded, day_in_digits
from app.law.papers import PaperKind, Per
from app.services import contexts, definitions
from app.services.command import Command
from app.services.letters import fields
from app.services.letters.naming import Naming
from app.storage import agendas, ballots, issued, releases, said
from app.storage.agendas import Place
from app.storage.facts import scope_of
from app.storage.models import CaseSubject, IssuedPaper, Task
from app.storage.said import Said

Wanted = Mapping[str, Any]
"""Names that a template asks for, nested."""


@dataclass(frozen=True, slots=True)
class Target:
    """What one paper is about."""

    scope: str
    subject: CaseSubject | None = None
    place: Place | None = None
    """The item of the agenda."""


@dataclass
class Material:
    """What the papers of one step are made from: the command that completes it, and its answers."""

    command: Command
    task: Task
    data: Mapping[str, Any]
    kinds: tuple[PaperKind, ...]
    """The papers that the step may make."""
    naming: Naming = field(init=False)

    def __post_init__(self) -> None:
        release = self.command.proceeding.release_id
        actor = self.command.actor
        offices = self.command.surroundings.offices
        known = {**offices.organs, **offices.people, **self.command.file_names}
        if actor is not None:
            known |= {actor.person_id: actor.name, actor.organ_id or "": actor.organ_name}
        files = releases.files_of(release)
        self.naming = Naming(files, options=definitions.options_of(release), known=known)

    @cached_property
    def issuer(self) -> tuple[str | None, str]:
        """Id and name of the organ whose paper it is: that of whom a deputy stands in for, else that of who acts."""
        actor = self.command.actor
        if actor is None:
            return None, ""
        stead = self.command.in_stead_of(self.task)
        if stead is None or stead.organ_id in (None, actor.organ_id):
            return actor.organ_id, actor.organ_name
        return stead.organ_id, self.command.surroundings.offices.organs[stead.organ_id]

    @cached_property
    def scope(self) -> str:
        return scope_of(self.task.element)

    @cached_property
    def subject(self) -> CaseSubject | None:
        """The responsible subject that the step is about."""
        about = self.command.file.about
        if about is not None and about.subject is not None:
            return about.subject
        if self.command.file.case is None or not self.scope:
            return None
        ids = self.scope.split("/")
        return next((subject for subject in self.command.subjects if subject.id in ids), None)

    @cached_property
    def places(self) -> list[Place]:
        """The items of the meeting's agenda; none where it is no meeting."""
        return agendas.places_on(self.command.proceeding.id) if self.command.file.meeting is not None else []

    @cached_property
    def ballots(self) -> Mapping[int, Mapping[str, Mapping[str, Any]]]:
        return ballots.by_item(self.command.proceeding.id)

    @cached_property
    def earlier(self) -> list[IssuedPaper]:
        """What the proceeding issued before, the newest first."""
        past = self.command.surroundings.past
        return issued.of_proceeding(self.command.proceeding.id) if past is None else list(past.papers)

    @cached_property
    def said(self) -> Said:
        """Answers of earlier submissions by scope: those of the case, where a further procedure is about one."""
        about = self.command.file.about
        return said.answers_of(about.file.proceeding.id if about else self.command.proceeding.id)

    def value(self, values: Mapping[str, Any], name: str, scope: str) -> Any:
        """A fact, or else what a form said without keeping it as one; read only where a template asks for such."""
        if (value := values.get(name)) is not None or self.naming.is_fact(name):
            return value
        return self.said.get(scope, {}).get(name)

    def targets(self, kind: PaperKind) -> list[Target]:
        """What the papers of a kind are about, one each."""
        if kind.per is Per.ITEM:
            return [Target(str(place.item.item_no), place=place) for place in self.places]
        if kind.per is Per.SUBJECT and self.subject is None:
            return [Target(subject.id, subject) for subject in self.command.subjects]
        places = self.places if self.scope else ()
        place = next((p for p in places if str(p.item.item_no) == self.scope.split("/")[0]), None)
        return [Target(self.subject.id if self.subject else self.scope, self.subject, place)]

    # ---- raw, for conditions

    def raw(self, target: Target) -> dict[str, Any]:
        """What the condition of a paper sees: values as they are stored, null where nothing was stated."""
        nothing = dict.fromkeys(definitions.fact_names(self.command.proceeding.release_id))
        context: dict[str, Any] = {name: dict(nothing) for name in ("case", "meeting", "procedure", "subject", "item")}
        own = contexts.context_of(
            self.command.file,
            self.command.facts[""],
            today=self.command.today,
            case=contexts.case_of(self.command.file, today=self.command.today),
        )
        context |= {name: {**nothing, **values} for name, values in own.items()}
        if not self.scope:
            main = "procedure" if self.command.file.procedure else "case" if self.command.file.case else "meeting"
            context[main] |= self.data
        context["subject"] |= self._subject_facts(target)
        if target.place is not None:
            context["item"] |= self._item_facts(target.place)
        context["task"] = {**nothing, **self.data}
        context["organ"] = {"id": self.issuer[0]}  # nobody writes to himself
        return context

    def _subject_facts(self, target: Target) -> dict[str, Any]:
        row = target.subject
        if row is None:
            return {}
        about = self.command.file.about
        stated = about.facts.get(row.id, {}) if about is not None else self.command.facts.get(row.id, {})
        own = self.data if self.scope and row.id in self.scope.split("/") else {}
        columns = {name: getattr(row, name, None) for name in ("name", "role", "decision_no", "decision_kind")}
        return {**stated, **own, **columns, "id": row.id, "subject_kind": row.kind, "organ": row.organ_id}

    def _item_facts(self, place: Place) -> dict[str, Any]:
        stated = self.command.facts.get(str(place.item.item_no), {})
        return {**stated, "item_no": place.item.item_no, "kind": place.item.kind, "resolution": place.item.resolution}


def values_of(material: Material, kind: PaperKind, target: Target, *, number: str, template: bytes) -> dict[str, Any]:
    """Everything that the template names, in words. Names of organs and people are read in one more statement."""
    wanted = _wanted(paths_in(template))
    writer = _Writer(material, kind, target, number)
    found = writer.write(wanted)
    return writer.write(wanted) if material.naming.read() else found


def _wanted(paths: Iterable[str]) -> dict[str, Any]:
    """Dotted paths as nested names."""
    tree: dict[str, Any] = {}
    for path in paths:
        here = tree
        for part in path.split("."):
            here = here.setdefault(part, {})
    return tree


@dataclass
class _Writer:
    material: Material
    kind: PaperKind
    target: Target
    number: str

    def write(self, wanted: Wanted) -> dict[str, Any]:
        write: dict[str, Callable[[Wanted], Any]] = {
            "case": lambda names: self._core("case", names),
            "meeting": lambda names: self._core("meeting", names),
            "procedure": lambda names: self._core("procedure", names),
            "subject": lambda names: self._subject(self.target, names),
            "subjects": lambda names: [self._subject(Target(row.id, row), names) for row in self._rows()],
            "item": lambda names: self._item(self.target.place, names),
            "items": lambda names: [self._item(place, names) for place in self.material.places],
            "members": lambda names: self._members(),
            "task": self._task,
            "papers": lambda names: {kind: self._issued(kind) for kind in names},
            "clauses": lambda names: self._clauses(),
        }
        plain = self._plain()
        return {root: write[root](names) if root in write else plain[root] for root, names in wanted.items()}

    def _plain(self) -> dict[str, Any]:
        command = self.material.command
        actor, register = command.actor, command.register
        return {
            "number": self.number,
            "issued_on": Worded(day_in_digits(command.today), command.today.isoformat()),
            "organ": {"name": self.material.issuer[1]},
            "county": {"name": actor.county_name if actor else ""},
            "actor": {"name": actor.name if actor else "", "organ": actor.organ_name if actor else ""},
            "regulation": {name: getattr(register, name) for name in fields.REGULATION},
        }

    def _members(self) -> list[dict[str, Worded]]:
        """Without the organ whose paper it is: nobody writes to himself."""
        own, _ = self.material.issuer
        return [{"name": self._name(organ)} for organ in self.material.command.members() if organ != own]

    def _name(self, id_: str | None) -> Worded:
        return self.material.naming.name(id_)

    def _rows(self) -> list[CaseSubject]:
        return self.material.command.subjects if self.material.command.file.case is not None else []

    def _core(self, root: str, names: Wanted) -> dict[str, Any]:
        values = self.material.raw(self.target)[root]
        special: dict[str, Callable[[Any], Any]] = {
            "lead_organ": self._name,
            "county": lambda _: self._plain()["county"]["name"],
            "regulation": lambda _: self.material.command.register.short_title,
            "number": str,
            "title": str,
            "status": lambda value: Worded(str(value), value),
        }
        return {
            name: special[name](values.get(name) or "") if name in special else self._stated(values, name, "")
            for name in names
        }

    def _stated(self, values: Mapping[str, Any], name: str, scope: str) -> Any:
        return self._fact(name, self.material.value(values, name, scope))

    def _fact(self, name: str, value: Any) -> Any:
        return self.material.naming.fact(name, value)

    def _task(self, names: Wanted) -> dict[str, Any]:
        command, task = self.material.command, self.material.task
        form = definitions.form_of(command.proceeding.release_id, task.form_key)
        own = {component.key: component for component in form.fields if component.key}
        naming = self.material.naming
        return {
            name: naming.answer(own[name], self.material.data.get(name)) if name in own else self._fact(name, None)
            for name in names
        }

    def _subject(self, target: Target, names: Wanted) -> dict[str, Any]:
        row = target.subject
        if row is None:
            return {name: self._fact(name, None) for name in names}
        values, naming = self.material._subject_facts(target), self.material.naming
        special: dict[str, Callable[[], Any]] = {
            "name": lambda: Worded(row.name, row.name),
            "organ": lambda: naming.name(row.organ_id),
            "current_organ": lambda: naming.name(row.current_organ_id),
            "role": lambda: naming.cell("subjects", "role", row.role),
            "subject_kind": lambda: naming.label("SUBJECT_KIND", row.kind),
            "decision_kind": lambda: naming.fact("kind", row.decision_kind),
            "decision_no": lambda: naming.plain(row.decision_no),
            "decided_at": lambda: naming.plain(row.decided_at),
        }
        return {name: special[name]() if name in special else self._stated(values, name, row.id) for name in names}

    def _item(self, place: Place | None, names: Wanted) -> dict[str, Any]:
        if place is None:
            return {name: [] if name == "votes" else self._fact(name, None) for name in names}
        values, naming, item = self.material._item_facts(place), self.material.naming, place.item
        special: dict[str, Callable[[], Any]] = {
            "item_no": lambda: Worded(str(item.item_no), item.item_no),
            "title": lambda: item.title,
            "case_no": lambda: place.number,
            "kind": lambda: naming.label("AGENDA_KIND", item.kind),
            "resolution": lambda: self._resolution(item.resolution or values.get("resolution")),
            "decided_by": lambda: Worded(item.decided_by or "", item.decided_by),
            "decided_at": lambda: naming.plain(item.decided_at),
            "recused": lambda: "；".join(
                f"{naming.name(organ)}（{'、'.join(why) if isinstance(why, list) else why}）"
                for organ, why in item.recused.items()
            ),
            "votes": lambda: [self._vote(*ballot) for ballot in self._ballots(place)],
        }
        scope = str(item.item_no)
        return {name: special[name]() if name in special else self._stated(values, name, scope) for name in names}

    def _resolution(self, code: Any) -> Any:
        """What became of an item: what was resolved, or that it was withdrawn because its case was reversed."""
        withdrawn = self.material.naming.label("ITEM_WITHDRAWN", code)
        return withdrawn if str(withdrawn) != code else self._fact("resolution", code)

    def _ballots(self, place: Place) -> list[tuple[str, Mapping[str, Any]]]:
        """One of each member that may vote, in the order of the members; one who kept silent has no answers."""
        cast = self.material.ballots.get(place.item.item_no, {})
        electors = [organ for organ in self.material.command.members() if organ not in place.item.recused]
        return [(organ, cast.get(organ, {})) for organ in (electors or cast)]

    def _vote(self, organ: str, data: Mapping[str, Any]) -> dict[str, Any]:
        naming = self.material.naming
        return {
            "organ": naming.name(organ),
            "decision": naming.label("COUNTERSIGN_DECISION", data.get("decision")),
            **{name: naming.fact(name, data.get(name)) for name in ("comment", "signed_at", "signature")},
        }

    def _issued(self, kind: str) -> dict[str, Any]:
        """The newest paper of a kind about the same; empty where none was issued."""
        row = newest(self.material.earlier, {kind}, self.target.scope)
        if row is None:
            return dict.fromkeys(fields.ISSUED, Worded(""))
        return {
            "name": row.name,
            "number": row.number or "",
            "issued_on": Naming.plain(row.signed_at),
            "version": str(row.version),
            "sha256": row.sha256,
            "signed_by": row.signed_name,
        }

    def _clauses(self) -> list[dict[str, str]]:
        register = self.material.command.register
        cited = register.clauses_of(self.kind.clauses or tuple(self.material.task.clauses))
        return [{"id": clause.id, "article": clause.article, "reading": clause.reading} for clause in cited]


def newest(papers: Iterable[IssuedPaper], kinds: Iterable[str], scope: str) -> IssuedPaper | None:
    """The newest paper of some kinds about a scope; one about the whole proceeding serves where it has none."""
    wanted = set(kinds)
    own = [paper for paper in papers if paper.kind in wanted]
    of_scope = [paper for paper in own if paper.scope == scope]
    return next(iter(of_scope), next((paper for paper in own if not paper.scope), None))
