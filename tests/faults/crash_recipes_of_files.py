"""Recipes for what stands beside the record of a case: remarks, and new versions of papers."""

from tests.faults.crash_requests import FILE, Sent, recipe
from tests.faults.crash_world import Desk


def _comment(desk: Desk) -> str:
    from app.storage.models import Comment  # noqa: PLC0415  (see tests.conftest)

    return str(desk.row(Comment).id)


@recipe("POST /proceedings/<proceeding_id>/comments")
def _(desk: Desk) -> Sent:
    name = desk.actor("organ.reporter.zjj").name
    form = {"text": f"@{name} 请核对送达日期。", "next": "/"}
    return Sent(f"/proceedings/{desk.ids['checked']}/comments", "jmo.officer", form=form)


@recipe("POST /comments/<comment_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/comments/{_comment(desk)}", "jmo.officer", form={"text": "改过的话", "next": "/"})


@recipe("POST /comments/<comment_id>/removal")
def _(desk: Desk) -> Sent:
    return Sent(f"/comments/{_comment(desk)}/removal", "jmo.officer", form={"next": "/"})


@recipe("POST /api/v1/proceedings/<proceeding_id>/remarks")
def _(desk: Desk) -> Sent:
    body = {"text": f"@{desk.actor('organ.reporter.zjj').name} 请核对送达日期。"}
    return Sent(f"/api/v1/proceedings/{desk.ids['checked']}/remarks", "jmo.officer", body=body)


@recipe("PUT /api/v1/remarks/<remark_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/remarks/{_comment(desk)}", "jmo.officer", body={"text": "改过的话"})


@recipe("DELETE /api/v1/remarks/<remark_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/remarks/{_comment(desk)}", "jmo.officer")


@recipe("POST /attachments/<attachment_id>/versions")
def _(desk: Desk) -> Sent:
    from app.storage.models import Attachment  # noqa: PLC0415

    reporter = desk.actor("organ.reporter.zjj").person_id
    mine = (Attachment.proceeding_id == desk.ids["checked"], Attachment.uploaded_by == reporter)
    paper = desk.row(Attachment, *mine, Attachment.submission_id.is_not(None))
    form, files = {"reason": "扫描不清"}, {"file": FILE}
    return Sent(f"/attachments/{paper.id}/versions", "organ.reporter.zjj", form=form, files=files)
