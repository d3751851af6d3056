"""A published procedure whose steps issue papers."""

from io import BytesIO
from pathlib import Path

import docx

from app.services import definitions
from tests.services.conftest import Office
from tests.services.procedure import write_seeds

PAPERS = """
papers:
  check_note:
    name: 审查意见书
    en: Check note
    template: letters/check_note.docx
    steps: [small/T_check]
    when: 'task.opinion != "不出文"'
    number: PAPER
    clauses: [S-1]
  receipt:
    name: 送达回证
    template: letters/receipt.docx
    steps: [small/T_review]
    serves: [check_note]
"""


NOTE = (
    "{{ number }}",
    "关于{{ case.matter }}的审查意见",
    "{{ task.opinion }}",
    "{{ issued_on|chinese_day }}",
    "{{ actor.name }}",
)


RECEIPT = ("{{ papers.check_note.name }} {{ papers.check_note.number }}", "{{ papers.check_note.sha256 }}")


def document(*paragraphs: str) -> bytes:
    paper, out = docx.Document(), BytesIO()
    for text in paragraphs:
        paper.add_paragraph(text)
    paper.save(out)
    return out.getvalue()


def publish(office: Office, folder: Path, *, papers: str = PAPERS, note: bytes = document(*NOTE)) -> None:
    """The small procedure with two papers, as a new release."""
    seeds = folder / "with-papers"
    write_seeds(seeds, ("beishan",))
    register = seeds / "processes" / "beishan.law.yml"
    register.write_text(register.read_text("utf-8") + papers, "utf-8")
    (seeds / "forms" / "letters").mkdir()
    (seeds / "forms" / "letters" / "check_note.docx").write_bytes(note)
    (seeds / "forms" / "letters" / "receipt.docx").write_bytes(document(*RECEIPT))
    definitions.publish_seeds(seeds / "processes", seeds / "forms", by="tests", now=office.now)
