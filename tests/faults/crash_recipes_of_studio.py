"""Valid requests for the studio: a draft of the county's definitions on its way to publication."""

from config import ROOT
from tests.faults.crash_requests import Sent, recipe
from tests.faults.crash_world import COUNTY, Desk

DRAFT = "/studio/drafts/<draft_id>"
FILE = "screening.bpmn"
OLD, NEW = b'name="deadline" value="P5D"', b'name="deadline" value="P6D"'


def _draft(desk: Desk) -> str:
    from app.services.studio import drafts  # noqa: PLC0415  (see tests.conftest)

    return drafts.open_draft("会签期限", actor=desk.actor("owner"), now=desk.now)


def _content(desk: Desk, draft: str) -> bytes:
    from app.services.studio import drafts  # noqa: PLC0415

    return drafts.candidate_files(draft, actor=desk.actor("owner"))[FILE].replace(OLD, NEW)


def _changed(desk: Desk) -> str:
    """A draft with one changed file, in its first revision."""
    from app.services.studio import drafts  # noqa: PLC0415

    draft = _draft(desk)
    drafts.save_file(draft, FILE, _content(desk, draft), base=0, actor=desk.actor("owner"), now=desk.now)
    return draft


def _submitted(desk: Desk) -> str:
    from app.services.studio import review  # noqa: PLC0415

    draft = _changed(desk)
    review.submit(draft, "各单位反映时间不够。", actor=desk.actor("owner"), now=desk.now)
    return draft


@recipe("POST /studio/drafts")
def _(desk: Desk) -> Sent:
    return Sent("/studio/drafts", "owner", form={"title": "会签期限由五日改为六日"})


@recipe(f"PUT {DRAFT}/files/<path:name>")
def _(desk: Desk) -> Sent:
    draft = _draft(desk)
    body = {"content": _content(desk, draft).decode(), "base": 0, "automatic": True}
    return Sent(f"/studio/drafts/{draft}/files/{FILE}", "owner", body=body)


@recipe(f"POST {DRAFT}/company/<path:name>")
def _(desk: Desk) -> Sent:
    return Sent(f"/studio/drafts/{_draft(desk)}/company/{FILE}", "owner", body={})


@recipe(f"POST {DRAFT}/title")
def _(desk: Desk) -> Sent:
    return Sent(f"/studio/drafts/{_draft(desk)}/title", "owner", form={"title": "另一个名称"})


@recipe(f"POST {DRAFT}/new")
def _(desk: Desk) -> Sent:
    form = {"kind": "DIAGRAM", "stem": "case-visit", "title": "案件回访", "role": "jmo.officer"}
    return Sent(f"/studio/drafts/{_draft(desk)}/new", "owner", form=form)


@recipe(f"POST {DRAFT}/copies")
def _(desk: Desk) -> Sent:
    form = {"source": FILE, "stem": "second-screening", "title": "第二次筛选"}
    return Sent(f"/studio/drafts/{_draft(desk)}/copies", "owner", form=form)


@recipe(f"POST {DRAFT}/imports")
def _(desk: Desk) -> Sent:
    draft = _draft(desk)
    return Sent(f"/studio/drafts/{draft}/imports", "owner", files={"files": (_content(desk, draft), FILE)})


@recipe(f"POST {DRAFT}/removals")
def _(desk: Desk) -> Sent:
    return Sent(f"/studio/drafts/{_draft(desk)}/removals", "owner", form={"name": FILE, "base": "0"})


@recipe(f"POST {DRAFT}/drops")
def _(desk: Desk) -> Sent:
    return Sent(f"/studio/drafts/{_changed(desk)}/drops", "owner", form={"name": FILE, "base": "1"})


@recipe(f"POST {DRAFT}/trimmings")
def _(desk: Desk) -> Sent:
    from app.services.studio import files  # noqa: PLC0415

    draft = _draft(desk)
    content = _content(desk, draft).replace(b"<bpmn:process ", b'<bpmn:process xmlns:x="http://x" x:a="1" ', 1)
    files.import_files(draft, {FILE: content}, actor=desk.actor("owner"), now=desk.now)
    return Sent(f"/studio/drafts/{draft}/trimmings", "owner", form={"name": FILE, "base": "1"})


@recipe(f"POST {DRAFT}/kept")
def _(desk: Desk) -> Sent:
    return Sent(f"/studio/drafts/{_changed(desk)}/kept", "owner", form={"name": FILE, "base": "1"})


@recipe(f"POST {DRAFT}/restorations")
def _(desk: Desk) -> Sent:
    from app.services.studio import drafts  # noqa: PLC0415

    draft, owner = _changed(desk), desk.actor("owner")
    drafts.save_file(draft, FILE, _content(desk, draft).replace(NEW, OLD), base=1, actor=owner, now=desk.now)
    form = {"name": FILE, "base": "2", "revision": "1"}
    return Sent(f"/studio/drafts/{draft}/restorations", "owner", form=form)


@recipe(f"POST {DRAFT}/submission")
def _(desk: Desk) -> Sent:
    return Sent(f"/studio/drafts/{_changed(desk)}/submission", "owner", form={"notes": "各单位反映时间不够。"})


@recipe(f"POST {DRAFT}/return")
def _(desk: Desk) -> Sent:
    return Sent(f"/studio/drafts/{_submitted(desk)}/return", "owner2", form={"back": "说明不清楚。"})


@recipe(f"POST {DRAFT}/withdrawal")
def _(desk: Desk) -> Sent:
    return Sent(f"/studio/drafts/{_changed(desk)}/withdrawal", "owner")


@recipe(f"POST {DRAFT}/publication")
def _(desk: Desk) -> Sent:
    return Sent(f"/studio/drafts/{_submitted(desk)}/publication", "owner2", form={"reason": "情景另行运行。"})


@recipe("POST /studio/publications/<publication_id>/restoration")
def _(desk: Desk) -> Sent:
    from app.services.studio import review  # noqa: PLC0415
    from app.storage import studio  # noqa: PLC0415

    first = studio.last_publication(COUNTY)
    assert first is not None
    first_id = first.id
    review.approve(_submitted(desk), "情景另行运行。", actor=desk.actor("owner2"), now=desk.now)
    return Sent(f"/studio/publications/{first_id}/restoration", "owner", form={"title": "恢复"})


@recipe("POST /studio/releases/<release_id>/restoration")
def _(desk: Desk) -> Sent:
    from app.services.studio import review  # noqa: PLC0415
    from app.storage.models import Release  # noqa: PLC0415

    review.approve(_submitted(desk), "情景另行运行。", actor=desk.actor("owner2"), now=desk.now)
    release = desk.row(Release, Release.process_key == f"{COUNTY}-case", Release.number == 1)
    return Sent(f"/studio/releases/{release.id}/restoration", "owner", form={"title": "恢复"})


@recipe("POST /api/v1/definitions")
def _(desk: Desk) -> Sent:
    content = _content(desk, _draft(desk))
    form = {"title": "会签期限", "notes": "各单位反映时间不够。"}
    return Sent("/api/v1/definitions", "owner", form=form, files={"files": (content, FILE)})


@recipe("POST /api/v1/definitions/<draft_id>/publish")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/definitions/{_submitted(desk)}/publish", "owner2", body={"reason": "情景另行运行。"})


@recipe("POST /studio/packs")
def _(desk: Desk) -> Sent:
    from app.services import packs  # noqa: PLC0415

    pack = packs.made_of(ROOT / "packs" / "shifan")
    return Sent("/studio/packs", "owner", form={"act": "import"}, files={"file": (pack, "shifan.zip")})
