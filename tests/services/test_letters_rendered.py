"""Every paper of both regulations, made by a case of each, opened and drawn by an office program."""

import re
import subprocess
from collections.abc import Iterator
from io import BytesIO

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from app.cli.scenarios import theatre
from app.documents.letters import pdf
from app.documents.letters.sheets import blocks_of
from app.law.papers import PaperKind
from app.law.register import parse
from app.services.letters import issuing
from app.services.letters.values import Target
from config import ROOT
from tests.conftest import needs

SCENARIOS = (
    "joint-meeting/cancelled",
    "meeting-preparation/abstentions",
    "jinzhai-case/exempt",
    "subject-decision/returned-and-exempt",
    "jinzhai-remedy/admitted",
    "referral/not-suspending",
    "yiyuan-person/split-concluded",
    "yiyuan-case/reversed-in-closing",
    "filing/late",
    "screening/office-proposes",
    "jinzhai-reversal/before-the-meeting",
    "investigation/not-cooperating",
    "investigation-team/recused",
    "accountability/advice-refused",
    "accountability/concluded",
    "agenda-item/mediated",
    "docketing/not-docketed",
    "decision-authority/moved",
    "recovery/recovered",
    "case-closing/archived",
    "jinzhai-remedy/appealed",
    "jinzhai-remedy/late",
    "yiyuan-defence/waived",
    "yiyuan-authority-again/superior",
    "yiyuan-recovery/recovered",
    "yiyuan-remedy/refused",
    "yiyuan-remedy/redone",
    "self-correction/effective",
)
ON_ONE_PAGE = {"filing_form", "case_summary", "responsibility_table"}
OF_ONES_OWN = {"consultation", "sanction_decision", "no_sanction_decision"}
"""Papers whose sender may be one of those whom they are for."""
Made = dict[tuple[str, str], bytes]
MILLIMETRE = 72 / 25.4


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    """The last paper of each kind, by county and kind."""
    papers: Made = {}
    render = issuing.Desk.content

    def note(desk: issuing.Desk, kind: PaperKind, target: Target, *, number: str) -> bytes:
        content = papers[desk.command.register.county, kind.id] = render(desk, kind, target, number=number)
        return content

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(issuing.Desk, "content", note)
        with theatre(ROOT) as stage:
            for name in SCENARIOS:
                report = stage.play(name)
                assert report.went_well, report.failure
        yield papers


@pytest.fixture(scope="module")
def drawn(made: Made, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], pypdfium2.PdfDocument]:
    """The same as PDF, by one run of the office program."""
    office = pdf.program()
    if office is None:
        needs("LibreOffice (libreoffice-writer-nogui)")
    folder = tmp_path_factory.mktemp("letters")
    for (county, kind), content in made.items():
        (folder / f"{county}-{kind}.docx").write_bytes(content)
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    sources = sorted(map(str, folder.glob("*.docx")))
    subprocess.run(
        [*command, "--outdir", str(folder), *sources], env=pdf._environment(folder), check=True, capture_output=True
    )
    return {key: pypdfium2.PdfDocument(folder / f"{key[0]}-{key[1]}.pdf") for key in made}


@pytest.mark.slow
def test_every_paper_of_both_regulations_is_made(made: Made) -> None:
    registers = [parse(path.read_bytes()) for path in sorted((ROOT / "processes").glob("*.law.yml"))]

    wanted = {(register.county, kind) for register in registers for kind in register.papers}

    assert sorted(wanted - made.keys()) == []


@pytest.mark.slow
def test_no_mark_of_the_template_and_no_word_of_the_program_is_left(made: Made) -> None:
    for key, content in made.items():
        words = " ".join(part.text for part in docx.Document(BytesIO(content)).element.iter() if part.text)
        assert not [mark for mark in ("{{", "}}", "{%", "%}", "None", "[]", "×") if mark in words], key
        assert "。。" not in words, key
        assert not re.search(r"(?<![A-Z-])(?!SHA)[A-Z]{3,}", words), key  # codes
        assert blocks_of(content), key


@pytest.mark.slow
def test_nothing_is_drawn_outside_of_the_type_area_or_as_an_empty_box(
    drawn: dict[tuple[str, str], pypdfium2.PdfDocument],
) -> None:
    covered = _covered()
    for key, document in drawn.items():
        assert 1 <= len(document) <= 6, key
        for page in document:
            text = page.get_textpage()
            words = text.get_text_range()
            assert not [
                sign for sign in words if sign.isprintable() and not sign.isspace() and ord(sign) not in covered
            ], key
            assert "\ufffd" not in words, key
            for place in range(text.count_chars()):
                left, _, right, _ = text.get_charbox(place)
                assert (left >= 27 * MILLIMETRE and right <= 186 * MILLIMETRE) or right - left < 1, (key, place)


@pytest.mark.slow
def test_forms_and_tables_of_one_case_fit_one_page(drawn: dict[tuple[str, str], pypdfium2.PdfDocument]) -> None:
    pages = {key: len(document) for key, document in drawn.items() if key[1] in ON_ONE_PAGE}

    assert {kind for _, kind in pages} == ON_ONE_PAGE
    assert {key: count for key, count in pages.items() if count > 1} == {}


@pytest.mark.slow
def test_nobody_writes_to_himself(made: Made) -> None:
    for key, content in made.items():
        if key[1] not in OF_ONES_OWN and key != ("yiyuan", "investigation_notice"):
            continue
        body = docx.Document(BytesIO(content)).element.body
        lines = ["".join(text.text or "" for text in line.iter(qn("w:t"))) for line in body.iter(qn("w:p"))]
        sender = next(line for line in lines if line.strip())
        copies = [part for line in lines if line.startswith("抄送：") for part in line[3:].split("、")]
        addressed = [part for line in lines[:8] if line.endswith("：") for part in line[:-1].split("、")]
        assert sender not in {*copies, *addressed}, key


def _covered() -> set[int]:
    """Every sign that some installed font has."""
    listed = subprocess.run(["fc-list", "--format", "%{charset} "], check=True, capture_output=True, text=True)
    covered: set[int] = set()
    for part in set(listed.stdout.split()):
        first, _, last = part.partition("-")
        covered.update(range(int(first, 16), int(last or first, 16) + 1))
    return covered
