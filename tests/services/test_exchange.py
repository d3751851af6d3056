"""Lists of courts held against what was filed, and cases that the office opens by itself."""

from functools import partial
from types import SimpleNamespace
from uuid import uuid4

import pytest

from app.domain.errors import ConflictError, InvalidFileError, NotAllowedError, NotFoundError
from app.domain.exchange import read_list
from tests.services.conftest import Office

HEADING = "案号,作出机关,作出日期,行政机关,裁判结果"
LINE = "(2026) 皖1524行初 8号,北山县人民法院,2026-02-10,{organ},确认违法"


@pytest.fixture
def organ(office: Office) -> str:
    from app.storage.organisation import organ_names  # noqa: PLC0415

    return organ_names(["beishan.zjj"])["beishan.zjj"]


def brought_in(office: Office, organ: str, *lines: str, who: str = "officer1") -> object:
    from app.services import exchange  # noqa: PLC0415

    text = "\n".join([HEADING, *(lines or (LINE.format(organ=organ),))])
    return exchange.import_list(text, actor=office.actor(who), now=office.now)


def listed(office: Office, who: str = "officer1") -> object:
    from app.queries.exchange import reconciliation  # noqa: PLC0415

    return reconciliation(office.actor(who))


def test_a_list_is_read_from_csv_or_from_a_pasted_table() -> None:
    csv = read_list(f"{HEADING}\n{LINE.format(organ='住建局')}")
    pasted = read_list(f"{HEADING}\n{LINE.format(organ='住建局')}".replace(",", "\t"))

    assert csv == pasted
    assert csv[0].doc_no == "（2026）皖1524行初8号"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "空的"),
        ("案号,作出机关\n1,2", "缺少“作出日期"),
        (f"{HEADING}\n,法院,2026-02-10,住建局,撤销", "第 1 行"),
        (f"{HEADING}\n1号,法院,昨天,住建局,撤销", "不是日期"),
        (f"{HEADING}\n1号,法院,2026-02-30,住建局,撤销", "不是日期"),
    ],
)
def test_a_list_with_a_wrong_line_says_which(text: str, because: str) -> None:
    with pytest.raises(InvalidFileError) as refusal:
        read_list(text)

    assert because in str(refusal.value)


def test_a_second_import_adds_only_what_is_new(office: Office, organ: str) -> None:
    first = brought_in(office, organ)
    second = brought_in(office, organ, LINE.format(organ=organ), LINE.format(organ=organ).replace("8号", "9号"))

    assert (first.added, first.known) == (1, 0)  # type: ignore[attr-defined]
    assert (second.added, second.known) == (1, 1)  # type: ignore[attr-defined]


def test_an_organ_that_the_county_does_not_have_stops_the_whole_list(office: Office, organ: str) -> None:
    with pytest.raises(InvalidFileError):
        brought_in(office, organ, LINE.format(organ=organ), LINE.format(organ="外地某局").replace("8号", "9号"))

    assert listed(office).total == 0  # type: ignore[attr-defined]


def test_a_long_list_is_shown_in_pages(office: Office, organ: str) -> None:
    from app.queries.exchange import PER_PAGE, reconciliation  # noqa: PLC0415

    brought_in(office, organ, *(LINE.format(organ=organ).replace("8号", f"{n}号") for n in range(PER_PAGE + 3)))

    last = reconciliation(office.actor("officer1"), page=9)

    assert (last.page, last.pages, len(last.rows), last.total) == (2, 2, 3, PER_PAGE + 3)


def test_only_the_office_and_the_liaisons_see_the_list(office: Office, organ: str) -> None:
    with pytest.raises(NotAllowedError):
        brought_in(office, organ, who="reporter")
    with pytest.raises(NotFoundError):
        listed(office, "reporter")


def test_the_office_opens_an_unfiled_case_once_with_what_the_list_says(office: Office, organ: str) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.services import exchange  # noqa: PLC0415
    from app.storage.models import Case, TaskDraft  # noqa: PLC0415

    brought_in(office, organ)
    entry = listed(office).rows[0]  # type: ignore[attr-defined]
    opened = exchange.open_unfiled(entry.id, actor=office.actor("officer1"), now=office.now, key=uuid4().hex)

    assert db.session.get_one(Case, opened.proceeding_id).lead_organ_id == "beishan.zjj"
    draft = db.session.get_one(TaskDraft, (opened.task_id, office.actor("officer1").person_id))
    assert draft.data["doc_no"] == entry.doc_no
    after = listed(office)
    assert (after.unfiled, after.by_office) == (0, 1)  # type: ignore[attr-defined]
    with pytest.raises(ConflictError):
        exchange.open_unfiled(entry.id, actor=office.actor("officer1"), now=office.now, key=uuid4().hex)


def test_a_case_is_opened_once_for_a_document_that_stands_in_both_lists(
    office: Office, organ: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services import exchange  # noqa: PLC0415
    from app.storage.models import Proceeding  # noqa: PLC0415
    from tests.services.checks import at_once, count  # noqa: PLC0415

    brought_in(office, organ)
    entry = listed(office).rows[0]  # type: ignore[attr-defined]
    proposed = SimpleNamespace(id="advice", number="收1", title="司法建议")
    facts = {"advised_organ": "beishan.zjj", "advice_no": entry.doc_no, "advice_matters": "请落实。"}
    monkeypatch.setattr("app.storage.exchange.proposed_leads", lambda county_id: [(proposed, facts)])
    officer, before = office.actor("officer1"), count(Proceeding)
    acts = [
        partial(open_, id_, actor=officer, now=office.now, key=uuid4().hex)
        for open_, id_ in ((exchange.open_unfiled, entry.id), (exchange.open_lead, "advice")) * 2
    ]

    answers = at_once(office, *acts)

    assert sorted(type(answer).__name__ for answer in answers) == ["ConflictError"] * 3 + ["Opened"]
    assert count(Proceeding) == before + 1
