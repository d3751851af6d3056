"""The official text of a regulation is taken in beside our readings, by whoever may, and kept with its history."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.actors import Actor, Grant
from app.domain.errors import InvalidFileError, NotAllowedError
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.law.collation import FindingKind
from app.law.register import parse
from app.queries.regulations import passed_counts
from app.services import regulations
from app.storage.journal import broken_links
from app.storage.models import County, DefinitionFile, JournalLine, OfficialClause, OfficialImport, Regulation
from app.storage.regulations import current_import, wordings_of
from app.storage.transaction import transaction
from config import ROOT
from tests.services.conftest import MORNING, Office

TEXT = """西山县行政败诉案件责任追究办法
西政〔2020〕7号

第一条 收到文书后应当登记。

第二条 办公室应当在五个工作日内审查。
"""


REGISTER = """
id: xishan-2020-7
county: xishan
title: 西山县行政败诉案件责任追究办法
document_no: 西政〔2020〕7号
status: IN_FORCE
in_force_from: 2020-01-01
clauses:
  - {id: X-1, article: 第一条, modality: OBLIGATION, reading: 登记, carried_by: [small/T_register]}
  - {id: X-2, article: 第二条, modality: OBLIGATION, reading: 审查, carried_by: [small/T_register]}
"""


def keep_regulation(content: bytes) -> str:
    """Its register alone, without a procedure."""
    register = parse(content)
    with transaction():
        db.session.add(County(id=register.county, name=register.county, name_en=register.county))
        db.session.add(DefinitionFile(hash=register.id, name=f"{register.id}.law.yml", content=content))
        db.session.flush()
        row = Regulation(id=register.id, county_id=register.county, title=register.title, tables={})
        row.document_no, row.status, row.register_hash = register.document_no, register.status, register.id
        row.in_force_from, row.in_force_to = register.in_force_from, register.in_force_to
        db.session.add(row)
    return register.id


@pytest.fixture
def regulation(office: Office) -> Regulation:
    return db.session.get_one(Regulation, keep_regulation(REGISTER.encode()))


def keeper(county: str = "xishan") -> Actor:
    return Actor("rules", "rules", "规则管理员", county, grants=frozenset({Grant("rule.admin", None)}))


def take(content: bytes, *, actor: Actor | None = None, name: str = "办法.txt") -> regulations.Imported:
    return regulations.import_text(content, name=name, actor=actor or keeper(), now=MORNING)


def test_a_check_reports_and_stores_nothing(office: Office, regulation: Regulation) -> None:
    checked = regulations.check_text(TEXT.encode(), name="办法.txt")

    assert checked.regulation_id == regulation.id
    assert len(checked.collation.wordings) == 2
    assert db.session.scalars(select(OfficialImport)).all() == []


def test_an_import_keeps_the_words_of_each_clause_and_is_journaled(office: Office, regulation: Regulation) -> None:
    done = take(TEXT.encode())

    kept = current_import(regulation.id)
    assert kept is not None
    assert (done.number, kept.number, kept.imported_name) == (1, 1, "规则管理员")
    assert list(wordings_of(kept.id).values()) == ["收到文书后应当登记。", "办公室应当在五个工作日内审查。"]
    lines = db.session.scalars(select(JournalLine).where(JournalLine.act == "import official text")).all()
    assert [line.object for line in lines] == [regulation.id]
    assert broken_links() == []


def test_a_new_import_replaces_the_words_and_the_earlier_one_stays(office: Office, regulation: Regulation) -> None:
    take(TEXT.encode())
    done = take(TEXT.replace("五个", "三个").encode())

    kept = current_import(regulation.id)
    assert kept is not None
    assert done.number == kept.number == 2
    assert "三个" in list(wordings_of(kept.id).values())[1]
    assert len(db.session.scalars(select(OfficialImport)).all()) == 2
    assert len(db.session.scalars(select(OfficialClause)).all()) == 4


def test_the_same_file_again_changes_nothing(office: Office, regulation: Regulation) -> None:
    take(TEXT.encode())
    again = take(TEXT.encode())

    assert again.unchanged
    assert len(db.session.scalars(select(OfficialImport)).all()) == 1


def test_missing_and_extra_articles_are_kept_as_findings(office: Office, regulation: Regulation) -> None:
    done = take(TEXT.replace("第二条 ", "第三条 ").encode())

    assert len(done.checked.collation.of_kind(FindingKind.MISSING)) == 1
    assert len(done.checked.collation.of_kind(FindingKind.EXTRA)) == 1
    kept = current_import(regulation.id)
    assert kept is not None
    assert {finding["kind"] for finding in kept.findings} == {"MISSING", "EXTRA", "SLIP"}


@pytest.mark.parametrize("actor", [keeper("beishan"), Actor("x", "x", "某人", "xishan")])
def test_only_the_rule_administrator_of_the_county_imports(
    office: Office, regulation: Regulation, actor: Actor
) -> None:
    with pytest.raises(NotAllowedError):
        take(TEXT.encode(), actor=actor)

    assert current_import(regulation.id) is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "是空的"),
        (TEXT.encode("gb18030"), "UTF-8"),
        ("没有条文的文件。".encode(), "没有找到条文"),
        (TEXT.replace("西政〔2020〕7号", "他政〔1999〕9号").replace("西山县", "他县").encode(), "不是已登记的办法"),
        (b"PK\x03\x04nothing", "Word"),
        (("第一条 " + "长" * 3_000_000).encode(), "2兆字节"),
    ],
)
def test_a_file_that_is_no_text_of_ours_is_refused_in_a_sentence(
    office: Office, regulation: Regulation, content: bytes, reason: str
) -> None:
    with pytest.raises(InvalidFileError) as refusal:
        take(content)

    assert reason in str(refusal.value)
    assert current_import(regulation.id) is None


def test_a_text_is_imported_under_its_own_regulation_only(office: Office, regulation: Regulation) -> None:
    with pytest.raises(InvalidFileError) as refusal:
        regulations.import_text(TEXT.encode(), name="f.txt", actor=keeper(), now=MORNING, regulation_id="another")

    assert "请在那部办法下导入" in str(refusal.value)


@pytest.fixture
def shipped(app: Flask) -> Iterator[None]:
    """The shipped registers in an otherwise empty database."""
    with app.app_context():
        for path in sorted((ROOT / "processes").glob("*.law.yml")):
            keep_regulation(path.read_bytes())
        yield


@pytest.mark.parametrize("regulation_id", ["jinzhai-2017-50", "yiyuan-2022-59"])
def test_the_official_texts_are_imported_whole(shipped: None, regulation_id: str) -> None:
    file = ROOT.parent / "shared" / "law" / f"{regulation_id}.txt"
    if not file.exists():
        pytest.skip(f"official text not present: {file.name}")

    done = regulations.import_text(file.read_bytes(), name=file.name, actor=None, now=MORNING)

    kept = current_import(regulation_id)
    assert kept is not None
    assert done.checked.regulation_id == regulation_id
    assert set(wordings_of(kept.id)) == set(done.checked.register.clauses)
    assert all(finding["kind"] == "SLIP" for finding in kept.findings)


def test_cases_that_passed_a_clause_are_counted_by_office_year_and_county(office: Office) -> None:
    office.open_case()
    office.open_case()

    this_year = passed_counts("beishan", MORNING.year)

    assert this_year[("S-1", ProceedingKind.CASE)] == 2
    assert passed_counts("nanhe", MORNING.year) == {}
    assert passed_counts("beishan", MORNING.year - 1) == {}
