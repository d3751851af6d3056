"""A draft of the small procedure as its owners handle it: opened, saved, renamed, published."""

from typing import Any

from app.services.studio import drafts, review
from tests.services.conftest import Office

SMALL = "small.bpmn"


def opened(office: Office, who: str = "owner1") -> str:
    return drafts.open_draft("改名", actor=office.actor(who), now=office.now)


def saved(
    office: Office, draft: str, name: str, content: bytes, *, base: int = 0, who: str = "owner1", **more: Any
) -> Any:
    return drafts.save_file(draft, name, content, base=base, actor=office.actor(who), now=office.now, **more)


def files(office: Office, draft: str) -> dict[str, bytes]:
    return dict(drafts.candidate_files(draft, actor=office.actor("owner1")))


def renamed(office: Office, draft: str) -> bytes:
    """The small procedure with another name of one step."""
    return files(office, draft)[SMALL].replace(b'name="T_check"', 'name="核对"'.encode())


def published(office: Office, draft: str, *, by: str = "owner2") -> str:
    review.submit(draft, "改一个名称", actor=office.actor("owner1"), now=office.now)
    return review.approve(draft, "情景未运行", actor=office.actor(by), now=office.later(minutes=1))
