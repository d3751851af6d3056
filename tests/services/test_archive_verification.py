"""What the script of a package finds, run as an outsider runs it: on a folder, without the product."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.documents.archive import package as packaging
from app.documents.archive import verify
from tests.conftest import application_on
from tests.services.archive_hands import (
    chain_anew,
    closed_case,
    lines_in,
    list_anew,
    make_all,
    packages,
    unpacked,
    verified,
    write_lines,
)
from tests.services.conftest import Office
from tests.services.paper_seeds import publish


@pytest.fixture(scope="module")
def original(small_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, Path]]:
    """A package as it was made, the head of its chain, and the key of the office."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copyfile(small_sqlite, folder / "wenze.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.documents.letters.pdf.program", lambda: None)
        for app in application_on(f"sqlite:///{folder / 'wenze.db'}", folder):
            with app.app_context():
                office = Office(app)
                publish(office, folder)
                case = closed_case(office)
                make_all()
                (package,) = packages(case)
                yield unpacked(package, folder / "out"), package.chain, folder / "journal.key"


@pytest.fixture
def folder(original: tuple[Path, str, Path], tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return shutil.copytree(original[0], tmp_path / "out")


@pytest.fixture
def head(original: tuple[Path, str, Path]) -> str:
    return original[1]


@pytest.fixture
def key(original: tuple[Path, str, Path]) -> str:
    return str(original[2])


KINDS = (
    "papers/*.pdf",
    "papers/*.docx",
    "submissions/*.html",
    "submissions/*.json",
    "journal/*.jsonl",
    "story.html",
    "catalogue.html",
    "catalogue.json",
    "manifest.json",
    "README.txt",
    "verify.py",
    "checksums.sha256",
    "checksums.sm3",
)


def test_one_changed_byte_in_any_kind_of_file_is_named(folder: Path, tmp_path: Path) -> None:
    for kind in KINDS:
        path = sorted(folder.glob(kind))[0]
        content = path.read_bytes()
        place = len(content) // 2
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])

        code, said = verified(folder)

        assert code == 1, kind
        assert path.relative_to(folder).as_posix() in said, (kind, said)
        path.write_bytes(content)
    assert verified(folder)[0] == 0


def test_a_file_that_is_missing_added_or_a_link_is_named(folder: Path) -> None:
    (folder / "papers" / "新增.txt").write_text("x")
    story = folder / "story.html"
    story.rename(folder / "elsewhere")
    os.symlink(folder / "elsewhere", story)
    paper = sorted((folder / "papers").glob("*.docx"))[0]
    paper.unlink()

    code, said = verified(folder)

    assert code == 1
    assert "papers/新增.txt：包内有，清单中没有" in said
    assert f"papers/{paper.name}：清单中有，包内没有" in said
    assert "story.html：是链接" in said


def test_a_line_taken_from_the_journal_two_swapped_and_one_changed_are_named(folder: Path) -> None:
    lines = lines_in(folder)
    assert len(lines) > 4

    def said_of(changed: list[dict[str, Any]]) -> str:
        write_lines(folder, changed)
        list_anew(folder)
        code, said = verified(folder)
        assert code == 1
        return said

    assert "journal/01.jsonl 第3行：应为第3条，实为第4条" in said_of([*lines[:2], *lines[3:]])
    assert "journal/01.jsonl 第2行：应为第2条" in said_of([lines[0], lines[2], lines[1], *lines[3:]])
    assert "末尾与清单不符" in said_of(lines[:-1])
    assert "第2行：内容与公开链不符" in said_of([lines[0], {**lines[1], "actor": "nobody"}, *lines[2:]])


def test_a_forger_who_chains_everything_anew_is_found_by_the_key_and_by_the_head(
    folder: Path, key: str, head: str
) -> None:
    lines = lines_in(folder)
    lines[1]["actor"] = "nobody"
    chain_anew(folder, lines)

    assert verified(folder)[0] == 0  # nobody without the key or the head can know

    assert "journal/01.jsonl 第2行：签名不符" in verified(folder, "--key", key)[1]
    assert "整包可能被重做" in verified(folder, "--head", head)[1]


def test_a_form_or_paper_exchanged_with_its_checksums_is_named_by_the_journal(folder: Path) -> None:
    form = folder / "submissions/0002.json"
    form.write_bytes(form.read_bytes().replace("齐全".encode(), "不全".encode()))
    paper = sorted((folder / "papers").glob("*.docx"))[0]
    paper.write_bytes(b"another")
    list_anew(folder)

    code, said = verified(folder)

    assert code == 1
    assert "submissions/0002.json：与日志所记的摘要不符" in said
    assert "所签发的文书“审查意见书”不在包内" in said


def test_a_catalogue_that_leaves_something_out_is_named(folder: Path) -> None:
    path = folder / "catalogue.json"
    catalogue = json.loads(path.read_text("utf-8"))
    gone = catalogue["folders"][0]["items"].pop(1)
    path.write_text(json.dumps(catalogue), "utf-8")
    list_anew(folder)

    said = verified(folder)[1]

    assert f"{gone['files'][0]}：没有编入归档目录" in said
    assert "合计与各项不符" in said


def test_nonsense_in_the_place_of_a_package_is_refused_in_words(tmp_path: Path) -> None:
    out = tmp_path / "nonsense"
    out.mkdir()
    for name in ("manifest.json", "catalogue.json"):
        (out / name).write_text("[1]")
    list_anew(out)

    assert verified(out)[0] == 1
    shutil.rmtree(out)
    out.mkdir()
    assert verified(out)[0] == 1


def test_who_names_the_package_itself_is_told_to_unpack_it(tmp_path: Path) -> None:
    packed = tmp_path / "package.zip"
    packed.write_bytes(b"PK")

    code, said = verified(packed)

    assert code == 2
    assert "请先解开归档包" in said


def test_sm3_of_the_script_is_that_of_the_system() -> None:
    for length in (0, 1, 55, 56, 64, 200):
        content = os.urandom(length)

        assert verify.Sm3(content).hexdigest() == verify.sm3(content).hexdigest()


HOSTILE = (
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\evil.pdf",
    "/etc/cron.d/x.pdf",
    "C:\\x.pdf",
    "con.pdf",
    "a\nb\x00c.pdf",
    "\u202efdp.exe",
    "".join(["长"] * 300) + ".pdf",
    "....",
    "<script>alert(1)</script>.pdf",
    "checksums.sm3",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_a_paper_leaves_the_folder(name: str) -> None:
    kept = packaging.paper_name(7, name)

    assert kept.startswith("papers/0007-")
    assert kept.count("/") == 1
    assert "\\" not in kept
    assert ".." not in kept
    assert len(kept.encode()) < 255
    assert kept.isprintable()
