"""What the contact sheet needs beyond a busy county: work that others were asked for, and texts of the longest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from sqlalchemy import Select, select, update

from app.domain.handling import SheetColour, SideKind
from app.extensions import db
from app.queries import open_steps
from app.scenarios.performance import Performance
from app.services import comments, drafts, follows, phrases, searching, tasks, views
from app.services.handling import asking, deputies, extensions, oversight, urging
from app.services.studio import drafts as studio_drafts
from app.services.studio import files as studio_files
from app.storage.models import Attachment, Organ, Person, Proceeding, SideTask, Submission, Task
from tests.e2e.busy_county import open_case
from tests.e2e.scenes import perform

LONG_TITLE = "不服县人民政府关于注销房屋所有权证、土地使用权证并收回国有土地使用权的决定及其行政复议决定一案" * 3
LONG_ORGAN = "金寨县城乡规划建设和自然资源综合行政执法管理局（金寨县城市管理局、金寨县历史文化名镇保护办公室）"
LONG_NAME = "阿依古丽·买买提·吐尔逊"
LONG_FILE = "关于某某某等三十七户村民诉县人民政府土地征收一案的一审二审再审裁判文书及送达回证汇总扫描件第一册.pdf"
LONG_TEXT = "经核对，送达回证上的签收日期与判决书载明的日期不一致，请先向法院核实后再确定报备期限。" * 12
UNBROKEN = "https://wenze.example/" + "a" * 120
_PLACE = re.compile(r"\{(\w+):([^}]+)\}")


@dataclass(frozen=True)
class Places:
    """Fills the addresses of a file of pages."""

    proceedings: Mapping[str, str]

    @classmethod
    def of(cls, stage: Performance) -> "Places":
        return cls(dict(stage.world.proceedings))

    def filled(self, path: str) -> str:
        """Raises LookupError for what does not exist. Inside no context: the ids were read before."""
        return quote(_PLACE.sub(lambda found: self.proceedings[f"{found[1]}:{found[2]}"], path), safe="/?&=#%:@")


def furnish(stage: Performance) -> None:
    """Inside an application context."""
    _again(stage)
    draft = stage.player_of("draft").find("filing-report/T_draft").task_id
    tasks.claim(draft, actor=stage.actor("organ.reporter.zjj"), now=stage.world.now)
    _long(stage)
    _asked(stage)
    searching.catch_up(most=100)
    _edited(stage)
    _learn(stage)


def lengthen(stage: Performance) -> None:
    """Every text that people give is as long as it may be: titles, organs, names, files. Inside an app context."""
    ids = [id_ for name, id_ in stage.world.proceedings.items() if ":" not in name]
    db.session.execute(update(Proceeding).where(Proceeding.id.in_(ids)).values(title=LONG_TITLE[:140]))
    db.session.execute(update(Attachment).values(file_name=LONG_FILE))
    db.session.execute(update(Organ).values(name=LONG_ORGAN[:40], short_name=LONG_ORGAN[:12]))
    db.session.execute(update(Person).values(name=LONG_NAME))
    db.session.commit()


def _again(stage: Performance) -> None:
    open_case(stage, "again2", copy=7)
    perform(stage, {"play": "again2", "until": "filing/T_check"})


def _long(stage: Performance) -> None:
    open_case(stage, "long", copy=8)
    perform(stage, {"play": "long", "until": "filing/T_check"})
    id_, officer, now = stage.world.proceedings["long"], stage.actor("jmo.officer"), stage.world.now
    tasks.claim(stage.player.find("filing/T_check").task_id, actor=officer, now=now)
    for text in (LONG_TEXT, UNBROKEN):
        comments.add(id_, text=text[:1000], actor=officer, now=now)
    db.session.execute(update(Proceeding).where(Proceeding.id == id_).values(title=LONG_TITLE))
    db.session.execute(update(Attachment).where(Attachment.proceeding_id == id_).values(file_name=LONG_FILE))
    db.session.execute(update(Organ).where(Organ.id == "jinzhai.csj").values(name=LONG_ORGAN))
    db.session.commit()


def _asked(stage: Performance) -> None:
    now, officer, director = stage.world.now, stage.actor("jmo.officer"), stage.actor("jmo.director")
    task = stage.player_of("check").find("filing/T_check").task_id
    id_ = stage.world.proceedings["check"]
    tasks.claim(task, actor=officer, now=now)
    asked = director.person_id
    asking.ask(task, kind=SideKind.COUNTERSIGN, person_id=asked, question="是否同意受理？", actor=officer, now=now)
    last = date.fromisoformat(str(db.session.get_one(Task, task).deadline["last_day"]))
    extensions.request(task, until=last + timedelta(days=5), reason="卷宗较多", actor=officer, now=now)
    urging.urge(task, text="请抓紧办理", actor=director, now=now)
    for colour in (SheetColour.YELLOW, SheetColour.RED):
        demand = "月底前办结并书面报告。" * (1 if colour is SheetColour.RED else 8)
        oversight.issue(task, colour=colour, demand=demand, term=last, actor=director, now=now)
    comments.add(id_, text=f"@{director.name} 判决书原件另行送达。", actor=officer, now=now)
    drafts.save(task, data={"missing_note": "先写下的几句话"}, actor=officer, now=now)
    for actor in (officer, director):
        follows.follow(id_, actor=actor, now=now)
    views.save("临期的案件", box="todo", filters={"lamp": "SOON"}, shared=True, actor=officer, now=now)
    phrases.add(LONG_TEXT[:300], shared=True, actor=officer, now=now)
    deputies.appoint(
        principal_id=director.person_id,
        deputy_id=stage.actor("jmo.officer2").person_id,
        since=now.date(),
        until=now.date() + timedelta(days=10),
        roles=[],
        reason=LONG_TEXT[:200],
        actor=director,
        now=now,
    )


def _edited(stage: Performance) -> None:
    """A draft with a form that nothing uses yet: one hint."""
    owner, now = stage.actor("owner"), stage.world.now
    draft = studio_drafts.open_draft(LONG_TITLE[:60], actor=owner, now=now)
    studio_files.add_form(draft, "jinzhai-case/scope_review", LONG_ORGAN, actor=owner, now=now)
    stage.world.proceedings["draft:open"] = draft


def _learn(stage: Performance) -> None:
    """The ids that addresses may name, as `kind:what`."""
    known = stage.world.proceedings
    for name, id_ in [(name, id_) for name, id_ in known.items() if ":" not in name]:
        known[f"case:{name}"] = id_
        for step in open_steps.of_proceeding(id_):
            name_of_step = f"step:{name}/{step.key.split('/')[1]}"
            known[name_of_step] = known[f"{name_of_step}#{step.organ}"] = step.task_id
        done = select(Task).where(Task.proceeding_id == id_, Task.completed_at.is_not(None)).order_by(Task.completed_at)
        for task in db.session.scalars(done):
            known[f"done:{name}/{task.step_id}"] = task.id
        _first(known, f"paper:{name}", select(Attachment.id).where(Attachment.proceeding_id == id_))
        _first(known, f"asked:{name}", select(SideTask.id).where(SideTask.proceeding_id == id_))
        forms = select(Submission.id, Task.step_id).join(Task, Task.id == Submission.task_id)
        for form, step_id in db.session.execute(forms.where(Submission.proceeding_id == id_)):
            known[f"form:{name}/{step_id}"] = form


def _first(known: dict[str, str], name: str, query: Select[tuple[str]]) -> None:
    found = db.session.scalars(query.limit(1)).first()
    if found is not None:
        known[name] = found
