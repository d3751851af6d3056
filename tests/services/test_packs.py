"""A regulation leaves as one zip and comes in as a draft, or as a new county; nothing in a pack is trusted."""

import io
import json
import re
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

import pytest
import yaml

from app import yamlfiles
from app.documents import packs as zips
from app.domain.comparisons import Mark
from app.domain.definitions import Severity
from app.domain.errors import (
    ConflictError,
    DomainError,
    InvalidAnswersError,
    InvalidDefinitionError,
    InvalidFileError,
    NotAllowedError,
)
from app.queries.case_filters import CaseFilters
from app.queries.cases import case_register
from app.queries.open_steps import actor_of_username
from app.services import cases, organisation, packs
from app.services.studio import drafts, review
from config import ROOT
from tests.pace import is_quick
from tests.services.conftest import PASSWORD, Office

FOLDER = ROOT / "packs" / "shifan"
NOW = datetime(2025, 3, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def pack() -> bytes:
    return zips.write(packs.from_folder(zips.files_in(FOLDER)))


@pytest.fixture
def admin(office: Office) -> object:
    organisation.import_file(ROOT / "demo" / "administrators.yml", password=PASSWORD, demo=True, now=office.now)
    return person("system.admin")


def person(username: str):  # type: ignore[no-untyped-def]
    found = actor_of_username(username)
    assert found is not None
    return found


def imported(pack: bytes, admin: object) -> packs.Imported:
    return packs.import_pack(pack, actor=admin, now=NOW, demo_password=PASSWORD)  # type: ignore[arg-type]


def published(draft_id: str) -> str:
    review.submit(draft_id, "按制度包建立", actor=person("shifan.owner"), now=NOW)
    return review.approve(draft_id, "情景已在命令行运行", actor=person("shifan.owner2"), now=NOW)


def changed(pack: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    read = zips.read(pack)
    files = {**read.files, name: change(read.files[name])}
    return zips.write(packs.from_folder(files))


def zipped(entries: dict[str, bytes], *, manifest: dict[str, object] | None = None) -> bytes:
    """A zip with any entries and a manifest that fits them, unless it is given."""
    said = manifest or {
        "format": 1,
        "regulation": "r",
        "title": "t",
        "county": {"id": "x", "name": "x"},
        "needs": {},
        "files": {path: sha256(content).hexdigest() for path, content in entries.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.yml", yaml.safe_dump(said))
        for path, content in entries.items():
            archive.writestr(path, content)
    return out.getvalue()


def test_the_same_files_make_the_same_pack_with_their_hashes(pack: bytes) -> None:
    read = zips.read(pack)

    assert zips.write(read) == pack
    assert read.regulation_id == "shifan-2025-1"
    assert {"organ.reporter", "subject.person"} <= set(read.roles)
    assert read.switches == {"simpleTrack": "OFF"}
    assert set(read.files) == set(zips.files_in(FOLDER))


def test_a_new_county_comes_from_a_pack_and_two_of_its_owners_publish_it(
    office: Office, admin: object, pack: bytes
) -> None:
    result = imported(pack, admin)

    findings = review.findings_of(result.draft_id, actor=person("shifan.owner"))
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []
    assert result.accounts == 14
    with pytest.raises(NotAllowedError):
        review.submit(result.draft_id, "x", actor=admin, now=NOW)  # type: ignore[arg-type]

    published(result.draft_id)

    opened = cases.open_case(actor=person("shifan.organ.reporter.cgj"), now=NOW, key=uuid4().hex)
    assert opened.number == "示败诉〔2025〕001号"


def test_what_was_published_goes_out_as_the_very_pack_that_came_in(office: Office, admin: object, pack: bytes) -> None:
    published(imported(pack, admin).draft_id)

    out = packs.export_pack("shifan-2025-1", actor=person("shifan.owner"))

    assert zips.read(out).files == zips.read(pack).files
    assert out == pack


def test_without_demonstration_a_new_county_gets_its_organs_but_no_invented_people(
    office: Office, admin: object, pack: bytes
) -> None:
    result = packs.import_pack(pack, actor=admin, now=NOW)  # type: ignore[arg-type]

    assert result.accounts == 0
    assert actor_of_username("shifan.owner") is None


def test_a_newer_pack_becomes_a_draft_with_what_differs_told_in_words(
    office: Office, admin: object, pack: bytes
) -> None:
    published(imported(pack, admin).draft_id)
    newer = changed(pack, "shifan-case.bpmn", lambda data: data.replace(b'value="P3D"', b'value="P5D"'))
    owner = person("shifan.owner")

    looked = packs.look_at(newer, actor=owner)
    draft = packs.import_pack(newer, actor=owner, now=NOW).draft_id

    assert [str(change.sentence) for change in looked.comparison.changes] == [
        "环节“办公室审查”：期限由“3 个工作日（办法规定）”改为“5 个工作日（办法规定）”"
    ]
    assert dict(looked.comparison.files) == {"shifan-case.bpmn": Mark.CHANGED}
    before, after = drafts.base_files(draft, actor=owner), drafts.candidate_files(draft, actor=owner)
    assert {name for name in after if after[name] != before.get(name)} == {"shifan-case.bpmn"}
    with pytest.raises(ConflictError):
        packs.import_pack(pack, actor=owner, now=NOW)


def unpacked(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed_again(entries: dict[str, bytes]) -> bytes:
    """As a desktop packs a folder: the folder around everything, and its own files beside."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shifan/.DS_Store", b"x")
        archive.writestr("__MACOSX/shifan/._manifest.yml", b"x")
        for name, content in entries.items():
            archive.writestr(f"shifan/{name}", content)
    return out.getvalue()


@pytest.mark.parametrize(("around", "slash"), [("", "\\"), ("示范县/shifan/", "/"), ("shifan\\", "\\")])
def test_a_pack_of_an_old_zip_tool_is_read_as_its_owner_sees_it(pack: bytes, around: str, slash: str) -> None:
    entries, out = unpacked(pack), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(around + name.replace("/", slash), content)

    assert zips.read(out.getvalue()) == zips.read(pack)


def test_a_file_that_is_none_of_a_pack_is_called_as_chinese_windows_wrote_it(pack: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("XXXX.txt", b"x")

    with pytest.raises(InvalidFileError, match="“说明"):
        zips.read(out.getvalue().replace(b"XXXX", "说明".encode("gbk")))


def test_a_pack_that_a_stranger_changed_with_tools_of_his_own_comes_in_and_tells_what_these_dropped(
    office: Office, admin: object, pack: bytes
) -> None:
    published(imported(pack, admin).draft_id)
    owner, entries = person("shifan.owner"), unpacked(pack)
    form_name = next(name for name in entries if name.endswith(".form"))
    form = json.loads(entries[form_name])
    form["components"][0]["label"] = "另起的名称"
    form.update(exporter={"name": "another tool", "version": "9"}, schemaVersion=17)
    entries[form_name] = json.dumps(form).encode()
    diagram = entries["processes/shifan-case.bpmn"].decode()
    thin = re.sub(r'<spiffworkflow:property name="clauses" value="[^"]*" ?/>', "", diagram, count=1)
    entries["processes/shifan-case.bpmn"] = thin.replace('value="P3D"', 'value="P5D"').encode()
    zipped_again = packed_again(entries)

    with pytest.raises(InvalidFileError, match="自己改动的"):
        packs.look_at(zipped_again, actor=owner)
    looked = packs.look_at(zipped_again, actor=owner, changed_by_hand=True)
    with pytest.raises(InvalidDefinitionError):
        packs.import_pack(zipped_again, actor=owner, now=NOW, changed_by_hand=True)
    made = packs.import_pack(zipped_again, actor=owner, now=NOW, changed_by_hand=True, accept_losses=True)

    lost = [one for one in looked.findings if one.rule == "extension_lost"]
    assert [(one.file, bool(one.element_id)) for one in lost] == [("shifan-case.bpmn", True)]
    assert any("另起的名称" in str(one.sentence) for one in looked.comparison.changes)
    assert made.files == 2


def test_the_lists_of_a_countys_other_regulations_stay_when_a_pack_brings_its_own() -> None:
    own = b"# head\n\nAA:\n  - {value: X, zh: one, en: one}\n\n# about BB\nBB:\n  - {value: Y, zh: two, en: two}\n"
    given = b"BB:\n  - {value: Z, zh: three, en: three}\nCC:\n  - {value: W, zh: four, en: four}\n"

    joined = yamlfiles.read(packs.lists_joined(own, given))

    assert {name: [item["value"] for item in items] for name, items in joined.items()} == {
        "AA": ["X"],
        "BB": ["Z"],
        "CC": ["W"],
    }
    assert list(yamlfiles.read(packs.lists_used(own, [b'"options": "BB"']))) == ["BB"]


def test_only_owners_and_the_system_administrator_may_use_packs(office: Office, admin: object, pack: bytes) -> None:
    with pytest.raises(NotAllowedError):
        packs.look_at(pack, actor=office.actor("reporter"))
    with pytest.raises(NotAllowedError):
        packs.export_pack("beishan", actor=office.actor("reporter"))
    imported(pack, admin)
    with pytest.raises(NotAllowedError, match="已有该县"):
        packs.look_at(pack, actor=admin)  # type: ignore[arg-type]


def test_a_pack_gives_nobody_an_administrators_role_and_no_account_of_another_county(
    office: Office, admin: object, pack: bytes
) -> None:
    for old, new in ((b"role: manager", b"role: system.admin"), (b"shifan.manager", b"beishan.manager")):
        crafted = changed(pack, packs.PEOPLE, lambda data, old=old, new=new: data.replace(old, new))  # type: ignore[misc]
        with pytest.raises(InvalidFileError, match="不能是管理员"):
            imported(crafted, admin)


def _linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("processes/a.bpmn")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "no zip": lambda: b"PK\x03\x04 nothing",
    "no manifest": lambda: zipped({"processes/a.bpmn": b"x"}).replace(b"manifest.yml", b"manifest.yaa"),
    "way out": lambda: zipped({"../a.bpmn": b"x"}),
    "absolute": lambda: zipped({"/processes/a.bpmn": b"x"}),
    "unknown room": lambda: zipped({"bin/run.sh": b"x"}),
    "program": lambda: zipped({"processes/a.py": b"x"}),
    "link": _linked,
    "bomb": lambda: zipped({f"forms/a/f{n}.form": b"0" * 900_000 for n in range(60)}),
    "many": lambda: zipped({f"forms/a/f{n}.form": b"x" for n in range(2100)}),
    "large file": lambda: zipped({"forms/options.yml": bytes(range(256)) * 5000}),
    "wrong hash": lambda: zipped(
        {"forms/options.yml": b"x"},
        manifest={"format": 1, "county": {}, "needs": {}, "files": {"forms/options.yml": "0"}},
    ),
    "other format": lambda: zipped({}, manifest={"format": 99, "files": {}}),
    "manifest of aliases": lambda: _with_manifest(b"a: &a [x]\nb: [*a, *a]\n"),
    "two registers": lambda: zipped({"forms/options.yml": b"A: []\n"}),
    "deep manifest": lambda: _with_manifest(b"[" * 50_000),
}


def _with_manifest(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.yml", content)
    return out.getvalue()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_pack_gets_a_sentence_quickly(kind: str) -> None:
    content, refusals = HOSTILE[kind](), list[str]()

    def read() -> None:
        with pytest.raises(DomainError) as refusal:
            packs.read(content)
        refusals.append(str(refusal.value))

    assert is_quick(read, within=2)
    assert refusals[0]


def test_a_diagram_with_entities_inside_a_pack_is_refused_as_anywhere(pack: bytes) -> None:
    read = zips.read(pack)
    files = {**read.files, "shifan-case.bpmn": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}
    evil = zips.write(zips.Pack("r", "t", "", "shifan", "x", files))

    with pytest.raises(InvalidDefinitionError):
        packs.read(evil)


def test_a_county_that_never_was_a_pack_goes_out_with_its_organs_and_only_invented_people(office: Office) -> None:
    register = next(iter(packs.linting.registers_in(packs.studio.files_of_county("beishan")).values()))

    read = packs.read(packs.export_pack(register.id, actor=office.actor("owner1")))

    people = yamlfiles.read(read.files[packs.PEOPLE])
    assert people["county"]["id"] == "beishan"
    assert people["organs"]
    assert people["people"] == []


def test_the_register_says_who_opens_cases_of_the_own_organ_and_of_any(
    office: Office, admin: object, pack: bytes
) -> None:
    said = b"case_openers: [archivist]\noffice_openers: [jmo.director]\ncase_process:"
    other = changed(pack, "shifan-2025-1.law.yml", lambda data: data.replace(b"case_process:", said))
    published(imported(other, admin).draft_id)

    own = cases.open_case(actor=person("shifan.archivist"), now=NOW, key=uuid4().hex)
    any_organ = cases.open_case(actor=person("shifan.jmo.director"), now=NOW, key=uuid4().hex, organ_id="shifan.cgj")
    page = case_register(person("shifan.jmo.director"), CaseFilters(), now=NOW, locale="zh")

    assert own.number != any_organ.number
    assert page.may_open
    assert ("shifan.cgj", "示范县城市管理局") in page.opening_organs
    with pytest.raises(InvalidAnswersError, match="1 处"):
        cases.open_case(actor=person("shifan.jmo.director"), now=NOW, key=uuid4().hex)
    with pytest.raises(NotAllowedError):
        cases.open_case(actor=person("shifan.organ.reporter.cgj"), now=NOW, key=uuid4().hex)
    assert not case_register(person("shifan.organ.reporter.cgj"), CaseFilters(), now=NOW, locale="zh").may_open
