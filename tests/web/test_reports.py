"""台账, 考核表, 通报: figures counted by hand, what leaves the house, who may look."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app.domain.errors import InvalidAnswersError, NotAllowedError, NotFoundError
from app.extensions import db
from tests.statements import statements_of
from tests.web import lost_cases
from tests.web.lost_cases import YEAR
from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]
NOW = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
ZH = "zh_Hans_CN"


@pytest.fixture
def lost(app: Flask, world: World) -> Flask:
    with app.app_context():
        lost_cases.build()
    return app


@pytest.fixture
def inside(lost: Flask) -> Iterator[Flask]:
    """Within the application, for tests that ask the queries themselves; a browser signs in without."""
    with lost.app_context():
        yield lost


def someone(username: str):  # type: ignore[no-untyped-def]
    from app.storage.accounts import actor_of  # noqa: PLC0415  (see tests.conftest)

    return actor_of(username)


def sheet_of(year: int = YEAR, who: str = "north.director"):  # type: ignore[no-untyped-def]
    from app.queries.sheets import assessment_sheet  # noqa: PLC0415

    return assessment_sheet(someone(who), year, now=NOW)


def figures(sheet, organ: str) -> dict[str, tuple[int, int | None]]:  # type: ignore[no-untyped-def]
    """Part and whole of every indicator of an organ; `""` is the total."""
    row = next((row for row in sheet.rows if row.organ_id == organ), sheet.total)
    return {item.key: (tally.part, tally.whole) for item, tally in zip(sheet.indicators, row.tallies, strict=True)}


def entries(**filters: object):  # type: ignore[no-untyped-def]
    from app.queries.ledger import LedgerFilters, ledger_export  # noqa: PLC0415

    made = ledger_export(someone("north.director"), LedgerFilters(**filters), now=NOW, locale=ZH)  # type: ignore[arg-type]
    return {entry.number[-5:-1]: entry for entry in made}


def test_a_filing_is_in_time_late_or_missing_and_a_case_by_reference_had_nothing_to_file(inside: Flask) -> None:
    sheet = sheet_of()

    own, other = figures(sheet, "north.zjj"), figures(sheet, "north.gaj")
    assert [own[key][0] for key in ("filed_on_time", "filed_late", "not_filed", "returned")] == [1, 1, 0, 1]
    assert own["filed_on_time"] == (1, 2)
    assert other["filed_on_time"] == (1, 3)
    assert other["not_filed"] == (2, None)
    assert own["references"] == (1, None)


def test_an_exempt_case_is_lost_a_reversed_one_is_not_and_a_series_is_counted_both_ways(inside: Flask) -> None:
    sheet = sheet_of()

    total = sheet.total.tallies[[item.key for item in sheet.indicators].index("losses")]
    assert figures(sheet, "north.zjj")["losses"] == (2, None)
    assert figures(sheet, "north.gaj")["losses"] == (3, None)
    assert (total.part, total.once) == (5, 3)


def test_defence_evidence_appearance_and_execution_count_only_what_was_stated(inside: Flask) -> None:
    sheet = sheet_of()

    own = figures(sheet, "north.zjj")
    assert own["defence"] == (1, 1)
    assert own["evidence"] == (0, 1)
    assert own["head"] == (1, 2)
    assert own["executed"] == (1, 2)
    head = [item.key for item in sheet.indicators].index("head")
    assert next(row for row in sheet.rows if row.organ_id == "north.gaj").tallies[head].unknown == 3


def test_the_year_before_and_another_county_are_not_in_the_sheet(inside: Flask) -> None:
    assert figures(sheet_of(YEAR - 1), "north.gaj")["losses"] == (1, None)
    assert {row.organ_id for row in sheet_of().rows} == {"north.zjj", "north.gaj"}


def test_the_loss_rate_asks_for_the_closed_cases_and_takes_those_that_the_rule_setting_names(inside: Flask) -> None:
    from app.services.court_totals import set_court_totals  # noqa: PLC0415
    from app.storage.models import RuleSetting  # noqa: PLC0415

    rate = [item.key for item in sheet_of().indicators].index("loss_rate")
    before = sheet_of().rows[0].tallies[rate]
    set_court_totals(YEAR, {"north.zjj": ("10", "8")}, actor=someone("north.director"), now=NOW)
    own = next(row for row in sheet_of().rows if row.organ_id == "north.zjj").tallies[rate]
    db.session.add(
        RuleSetting(
            id="x",
            regulation_id="north-2020",
            name="lossRateFormula",
            value="ALL_CLOSED",
            valid_from=date(YEAR, 6, 1),
            reason="按全部审结数",
            set_by="north.director",
            set_at=NOW,
        )
    )
    db.session.commit()
    changed = next(row for row in sheet_of().rows if row.organ_id == "north.zjj").tallies[rate]

    assert (before.asked, before.rate) == (True, None)
    assert (own.part, own.whole, own.rate) == (2, 8, 25.0)
    assert (changed.part, changed.whole) == (2, 10)
    assert sheet_of().total.tallies[rate].asked  # the other organ's number is missing


@pytest.mark.parametrize("typed", [("8", "10"), ("十", "8"), ("8", ""), ("-1", "0")])
def test_closed_cases_that_cannot_be_are_refused(inside: Flask, typed: tuple[str, str]) -> None:
    from app.services.court_totals import set_court_totals  # noqa: PLC0415

    with pytest.raises(InvalidAnswersError):
        set_court_totals(YEAR, {"north.zjj": typed}, actor=someone("north.director"), now=NOW)


def test_only_the_assessor_enters_closed_cases_and_only_of_the_own_county(inside: Flask) -> None:
    from app.services.court_totals import set_court_totals  # noqa: PLC0415

    with pytest.raises(NotAllowedError):
        set_court_totals(YEAR, {"north.zjj": ("1", "1")}, actor=someone("north.officer"), now=NOW)
    with pytest.raises(NotFoundError):
        set_court_totals(YEAR, {"south.zjj": ("1", "1")}, actor=someone("north.director"), now=NOW)


def test_the_ledger_has_one_line_a_case_with_lateness_decisions_and_departures(inside: Flask) -> None:
    found = entries(year=YEAR)

    assert sorted(found) == ["1001", "1002", "1003", "1004", "1005", "1006", "1007"]
    late, missing = found["1002"], found["1004"]
    assert (late.late, late.filing.days_late, late.departures, late.docket) == (True, 3, 1, "北监立〔2024〕001号")
    assert missing.filing.days_late == (date(2025, 3, 3) - date(YEAR, 5, 16)).days
    assert found["1007"].filing is None
    assert (found["1001"].subjects, found["1001"].decided) == ("1 / 1", "2024-04-20")
    assert found["1001"].sanctions == "通报批评、诫勉"
    assert [found[key].lost for key in ("1001", "1006", "1007")] == ["败诉", "不计", "参照"]


def test_the_ledger_is_filtered_by_organ_type_state_and_text(inside: Flask) -> None:
    assert sorted(entries(year=YEAR, organ="north.gaj")) == ["1003", "1004", "1005"]
    assert sorted(entries(case_type="REF_ADVICE_IGNORED")) == ["1007"]
    assert sorted(entries(text="1002号")) == ["1002"]
    assert entries(status="RUNNING").keys() | entries(status="CLOSED").keys() == entries().keys()


def test_the_ledger_asks_the_database_as_often_for_thirty_cases_as_for_three(inside: Flask) -> None:
    from app.queries.ledger import LedgerFilters, ledger  # noqa: PLC0415

    actor = someone("north.director")
    lost_cases.many(30)
    show = lambda size: ledger(actor, LedgerFilters(), per_page=size, now=NOW, locale=ZH)  # noqa: E731
    show(50)  # what is read once a process
    with statements_of(db.engine) as for_three:
        show(3)
    with statements_of(db.engine) as for_thirty:
        show(30)

    assert len(for_thirty) == len(for_three) <= 12


def test_the_export_is_the_filtered_list_without_any_name_of_a_person(lost: Flask, signed_in: SignIn) -> None:
    from app.storage.models import Person  # noqa: PLC0415

    answer = signed_in("north.officer").client.get(f"/ledger.csv?year={YEAR}&organ=north.zjj")
    text = answer.get_data().decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    assert answer.get_data().startswith("\ufeff".encode())
    assert rows[0][:4] == ["序号", "编号", "年度", "案号"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3", "4"]
    assert sorted(row[1][-5:-1] for row in rows[1:]) == ["1001", "1002", "1006", "1007"]
    with lost.app_context():
        assert not [name for name in db.session.query(Person.name).all() if name[0] in text]


def test_the_workbook_is_the_list_of_the_page_in_its_order(lost: Flask, signed_in: SignIn) -> None:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    browser = signed_in("north.officer")
    answer = browser.client.get(f"/ledger.xlsx?year={YEAR}&organ=north.zjj&order=-filed")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()
    page = browser.get(f"/ledger?year={YEAR}&organ=north.zjj&order=-filed").text

    numbers = [str(row[1]) for row in sheet[1:]]
    filed = [str(row[sheet[0].index("报送日期")]) for row in sheet[1:]]
    assert numbers == sorted(numbers, key=page.index)
    assert [day for day in filed if day] == sorted((day for day in filed if day), reverse=True)
    assert "" not in filed[: len([day for day in filed if day])]


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    from app.documents.tables import csv_of  # noqa: PLC0415

    assert b"'=1+1" in csv_of(["a"], [["=1+1"]])


def test_the_bulletin_of_a_quarter_tells_its_losses_and_what_was_decided_in_it(inside: Flask) -> None:
    from app.queries.bulletins import bulletin  # noqa: PLC0415

    actor = someone("north.director")
    first = bulletin(actor, YEAR, quarter=1, now=NOW, locale=ZH)
    second = bulletin(actor, YEAR, quarter=2, now=NOW, locale=ZH)

    assert (first.lost, first.once, len(first.decided)) == (2, 2, 0)
    assert (second.lost, second.once) == (3, 1)
    assert [(line.on_time, line.late, line.missing) for line in first.organs] == [(1, 1, 0)]
    (decided,) = second.decided
    assert [(held.kind.value, held.organs, held.number) for held in decided.held] == [
        ("ORGAN", "县住房和城乡建设局", 1),
        ("PERSON", "", 1),
    ]


@pytest.mark.parametrize(
    "address",
    ["/ledger", "/ledger.csv", "/ledger.xlsx", "/reports/assessment", "/reports/assessment.csv", "/reports/bulletin"],
)
def test_who_does_not_see_the_whole_county_does_not_know_the_reports(signed_in: SignIn, address: str) -> None:
    signed_in("north.reporter").get(address, status=404)


def test_another_county_sees_nothing_of_it(lost: Flask, signed_in: SignIn) -> None:
    page = signed_in("south.officer").get("/ledger")

    assert f"北败责〔{YEAR}〕1001号" not in page.text
    with lost.app_context():
        assert entries(text="9001") == {}


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (f"/ledger?year={YEAR}", "1002号"),
        ("/ledger?q=nothing", "没有符合条件的案件"),
        (f"/reports/assessment?year={YEAR}", "50.0%"),
        ("/reports/assessment?year=2001", "没有可以考核的案件"),
        (f"/reports/bulletin?year={YEAR}&quarter=2", "责任人员1名"),
        ("/reports/bulletin?year=2001", "本期没有生效的败诉案件"),
    ],
)
def test_the_pages_say_what_was_counted(lost: Flask, signed_in: SignIn, address: str, says: str) -> None:
    page = signed_in("north.director").get(address)

    assert says in page.text


@pytest.mark.parametrize(
    ("address", "asked", "allowed"),
    [
        ("/reports/bulletin?quarter=9", "quarter=9", "1、2、3、4"),
        ("/reports/bulletin?year=20x6", "year=20x6", "1990–2999"),
        ("/reports/assessment?year=3000", "year=3000", "1990–2999"),
        ("/reports/assessment.csv?year=0", "year=0", "1990–2999"),
        ("/ledger?organ=nowhere", "organ=nowhere", "north.zjj"),
        ("/ledger.xlsx?organ=nowhere", "organ=nowhere", "north.zjj"),
        ("/ledger?type=LOSS", "type=LOSS", "（"),
        ("/ledger?stage=nothing", "stage=nothing", "（"),
        ("/ledger?order=size", "order=size", "number、-number"),
        ("/ledger?status=OPEN", "status=OPEN", "RUNNING、"),
        ("/ledger?county=south", "county=south", "year、organ"),
        ("/ledger.csv?county=south", "county=south", "year、organ"),
        ("/cases?county=south", "county=south", "q、stage"),
        ("/steps?colour=red", "colour=red", "lamp"),
        ("/bottlenecks?county=south", "county=south", "by、span"),
        ("/supervision?state=gone", "state=gone", "open、closed"),
        ("/calendar?year=1800", "year=1800", "1990–2999"),
        ("/calendar?year=2990", "year=2990", "2026"),
        ("/cases?status=OPEN", "status=OPEN", "RUNNING、"),
        ("/cases?lamp=RED", "lamp=RED", "OVERDUE"),
        ("/cases?at=HOME", "at=HOME", "MEETING、REMEDY"),
        ("/cases?opened=2026-13", "opened=2026-13", "2026-05"),
        ("/cases?organ=nowhere", "organ=nowhere", "north.zjj"),
        ("/cases?stage=nothing", "stage=nothing", "（"),
        ("/steps?standing=SITTING", "standing=SITTING", "TASK"),
        ("/steps?lead_organ=nowhere", "lead_organ=nowhere", "north.zjj"),
        ("/bottlenecks?by=nonsense", "by=nonsense", "wait、"),
        ("/bottlenecks?span=31", "span=31", "30、90"),
        ("/inbox/todo?lamp=GREEN", "lamp=GREEN", "OVERDUE"),
        ("/inbox/todo?order=size", "order=size", "updated"),
        ("/inbox/todo?kind=LETTER", "kind=LETTER", "MEETING"),
        ("/inbox/todo?stage=x", "stage=x", "organ"),
        ("/inbox/done/list.csv?lamp=GREEN", "lamp=GREEN", "OVERDUE"),
        ("/meetings?county=south", "county=south", "page"),
        ("/procedures?county=south", "county=south", "page"),
        ("/search?q=x&kind=LETTER", "kind=LETTER", "CASE"),
    ],
)
def test_what_an_address_asks_for_and_nobody_knows_is_told_with_what_there_is(
    signed_in: SignIn, address: str, asked: str, allowed: str
) -> None:
    page = signed_in("north.director").get(address, status=400)

    assert f"网址中的“{asked}”不存在" in page.text
    assert allowed in page.text


def test_the_sheet_opens_at_the_newest_year_that_has_cases_and_at_this_one_without_any(inside: Flask) -> None:
    from app.queries.sheets import assessment_sheet  # noqa: PLC0415

    def opens_at(who: str, year: int) -> int:
        return assessment_sheet(someone(who), None, now=datetime(year, 5, 5, tzinfo=UTC)).year

    assert (opens_at("north.director", YEAR), opens_at("north.director", YEAR - 9)) == (YEAR, YEAR - 9)
    assert opens_at("north.director", YEAR + 20) == sheet_of().years[0]


def test_the_assessor_types_closed_cases_and_is_told_what_is_wrong(lost: Flask, signed_in: SignIn) -> None:
    browser = signed_in("north.director")

    wrong = browser.post(
        "/reports/assessment",
        {"year": str(YEAR), "closed-north.zjj": "5", "merits-north.zjj": "9"},
        status=422,
    )
    right = browser.post("/reports/assessment", {"year": str(YEAR), "closed-north.zjj": "9", "merits-north.zjj": "8"})

    assert "实体审结数不能多于审结数" in wrong.text
    assert "已保存1个机关的审结数" in right.text
    assert "25.0%" in right.text


def test_a_departure_is_told_with_who_and_where_even_if_its_content_is_not_for_the_reader(
    lost: Flask, signed_in: SignIn
) -> None:
    with lost.app_context():
        case = entries(year=YEAR)["1002"]

    page = signed_in("north.director").get(f"/ledger/{case.id}/departures")

    assert "陈立" in page.text
    assert "内容按权限不公开" in page.text


def test_the_sheet_is_exported_with_its_numerators_and_denominators(lost: Flask, signed_in: SignIn) -> None:
    answer = signed_in("north.director").client.get(f"/reports/assessment.csv?year={YEAR}")

    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {len(rows[0])}
    own = dict(zip(rows[0], next(row for row in rows if row[0] == "县住房和城乡建设局"), strict=True))
    assert (own["按期报备"], own["按期报备：分母"], own["按期报备：百分比"]) == ("1", "2", "50.0%")
    assert own["败诉率：分母"] == "未填"
