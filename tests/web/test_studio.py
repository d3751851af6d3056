"""The studio in the browser's words: pages of a draft, its files as JSON, hostile files refused with a sentence."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import application_on
from tests.pace import is_quick
from tests.services.conftest import settle_world
from tests.web.pages import Browser, browser_of

SMALL = "small.bpmn"
BPMN = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D">%s</bpmn:definitions>'
PROCESS = BPMN % '<bpmn:process id="hostile" isExecutable="true">%s</bpmn:process>'
GATEWAYS = "".join(f'<bpmn:parallelGateway id="G{n}"/>' for n in range(290))
FLOWS = "".join(
    f'<bpmn:sequenceFlow id="F{n}_{m}" sourceRef="G{n}" targetRef="G{(n * 7 + m) % 290}"/>'
    for n in range(290)
    for m in range(1, 20)
)
SCRIPT = "\n".join(f"v{n} = [1,2,3][item > {n}] + gone{n} + nothing{n}(3)" for n in range(8000))
FORM = '{"type":"default","schemaVersion":19,"id":"x","components":[]%s}'
HOSTILE = {
    "hostile.bpmn": [
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "<a " + " ".join(f'x{n}="1"' for n in range(60_000)) + "/>",
        "<a>" * 500 + "</a>" * 500,
        BPMN % ("<bpmn:process/>" * 9000),
        PROCESS % "".join(f'<bpmn:userTask id="T{n}" name="x"/>' for n in range(2500)),
        PROCESS % (GATEWAYS + FLOWS),
        PROCESS % f'<bpmn:scriptTask id="S" name="s"><bpmn:script>{SCRIPT}</bpmn:script></bpmn:scriptTask>',
        PROCESS % '<bpmn:userTask id="T" name="同意\u202e驳不"/>',
        PROCESS % '<bpmn:userTask id="T\') or 1=1" name="&lt;script&gt;alert(1)&lt;/script&gt;"/>',
        BPMN % '<bpmn:process id="a"/><bpmn:process id="b"/>',
        "x" * 1_000_001,
        "",
        "\x00",
    ],
    "hostile.dmn": ["<definitions/>", PROCESS % "", '<definitions xmlns="urn:x"><decision/></definitions>'],
    "hostile/form.form": [
        FORM % ',"__proto__":{}',
        FORM % ',"a":NaN',
        FORM % ',"a":1e999',
        FORM % (',"a":' + "9" * 100_000),
        FORM % ',"a":"\\ud800"',
        "[" * 100_000,
        FORM.replace("[]", '[{"type":"select","id":5,"key":["a"],"label":{},"values":"abc","validate":[1]}]') % "",
        FORM.replace("[]", '[{"type":"textfield","id":"a","key":"a","validate":{"pattern":"(a+)+$"}}]') % "",
        FORM.replace("[]", json.dumps([{"type": "textfield", "id": f"F{n}", "key": f"k{n}"} for n in range(3000)]))
        % "",
    ],
    "options.yml": [
        "a: &a [x]\nb: [*a, *a]\n",
        "[" * 5000,
        "a: !!python/object/apply:os.system [id]\n",
        "a: 1\n",
        "\x00",
    ],
    "x.law.yml": ["id: x\n", "id: {a: 1}\ncounty: [1]\nclauses: 7\n", "- 1\n"],
    "scenarios/a/b.yml": ["title: [x\n", "a: *b\n"],
}


@pytest.fixture(scope="module")
def settled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with the small procedure, made once."""
    folder = tmp_path_factory.mktemp("studio")
    file = folder / "wenze.db"
    file.write_bytes(sqlite_template.read_bytes())
    for app in application_on(f"sqlite:///{file}", folder):
        settle_world(app, folder)
    return file


@pytest.fixture
def small(settled: Path, tmp_path: Path) -> Iterator[Flask]:
    file = tmp_path / "wenze.db"
    file.write_bytes(settled.read_bytes())
    yield from application_on(f"sqlite:///{file}", tmp_path)


@pytest.fixture
def owner(small: Flask) -> Browser:
    return browser_of(small, "beishan.owner1")


def opened(owner: Browser) -> str:
    """The address of a new draft."""
    owner.post("/studio/drafts", {"title": "核对改名"})
    html = owner.client.get("/studio").get_data(as_text=True)
    return "/studio/drafts/" + html.split('href="/studio/drafts/')[1].split('"')[0]


def put(owner: Browser, address: str, body: Any) -> TestResponse:
    return owner.client.put(address, json=body, headers={"X-CSRFToken": owner.token(), "Accept": "application/json"})


def test_a_draft_goes_from_its_first_change_to_its_publication(small: Flask, owner: Browser) -> None:
    draft = opened(owner)
    file = owner.client.get(f"{draft}/files/{SMALL}").get_json()
    content = file["content"].replace('name="T_check"', 'name="核对"')

    saved = put(owner, f"{draft}/files/{SMALL}", {"content": content, "base": file["revision"]}).get_json()
    pages = [owner.get(draft + tab) for tab in ("", "/findings", f"/history/{SMALL}", "/approval")]
    submitted = owner.post(f"{draft}/submission", {"notes": "名称不清楚", "key": "k1"})
    by_himself = owner.post(f"{draft}/publication", {"reason": "试", "key": "k2"})
    second = browser_of(small, "beishan.owner2")
    unreasoned = second.post(f"{draft}/publication", {"reason": "", "key": "k3"}, status=422)
    published = second.post(f"{draft}/publication", {"reason": "没有情景", "key": "k4"})

    assert saved["revision"] == 1
    assert [one for one in saved["findings"] if one["severity"] == "error"] == []
    assert SMALL in pages[0].text
    assert "改名" in pages[3].text or "核对" in pages[3].text
    assert "已提交审批" in submitted.text
    assert "另一位流程管理者" in by_himself.text
    assert "理由" in unreasoned.text
    assert "已发布" in published.text
    assert "核对改名" in owner.get("/studio").text


def test_a_stale_save_is_answered_with_both_and_writers_are_named(small: Flask, owner: Browser) -> None:
    draft = opened(owner)
    address = f"{draft}/files/{SMALL}"
    file = owner.client.get(address).get_json()
    other = browser_of(small, "beishan.owner2")
    theirs = put(other, address, {"content": file["content"].replace("T_check", "T_check2"), "base": file["revision"]})

    mine = put(owner, address, {"content": file["content"].replace("T_urge", "T_urge2"), "base": file["revision"]})

    answer = mine.get_json()
    assert (theirs.status_code, mine.status_code) == (200, 409)
    assert (answer["who"], answer["revision"]) == ("owner2@beishan", 1)
    assert answer["content"] == theirs.get_json()["content"]
    assert owner.client.get(address).get_json()["writers"] == ["owner2@beishan"]
    assert "owner2@beishan" in owner.get(draft).text


def test_a_dropped_extension_is_refused_with_the_element_unless_it_was_edited(owner: Browser) -> None:
    address = f"{opened(owner)}/files/{SMALL}"
    file = owner.client.get(address).get_json()
    lost = re.sub(r'<spiffworkflow:property name="deadline" value="P5D" ?/>', "", file["content"], count=1)
    body = {"content": lost, "base": file["revision"]}

    refused = put(owner, address, body)
    element = refused.get_json()["findings"][0]["element"]
    meant = put(owner, address, {**body, "touched": [element]})

    assert refused.status_code == 422
    assert (refused.get_json()["findings"][0]["rule"], element) == ("extension_lost", "T_check")
    assert refused.get_json()["findings"][0]["mend"]
    assert meant.status_code == 200


def test_a_form_that_lost_something_in_another_tool_is_refused_unless_that_was_meant(owner: Browser) -> None:
    draft = opened(owner)
    name = re.findall(r"/edit/([a-z0-9_/-]+\.form)", owner.client.get(draft).get_data(as_text=True))[0]
    address = f"{draft}/files/{name}"
    form = json.loads(owner.client.get(address).get_json()["content"])
    field = form["components"][0]
    held = {**form, "components": [{**field, "properties": {"label_en": "Result"}}, *form["components"][1:]]}
    kept = put(owner, address, {"content": json.dumps(held), "base": 0, "touched": [field["id"]]}).get_json()[
        "revision"
    ]
    lost = {**form, "components": [{**field, "properties": {}}, *form["components"][1:]]}
    body = {"content": json.dumps(lost), "base": kept}

    refused = put(owner, address, body)
    meant = put(owner, address, {**body, "touched": [field["id"]]})

    found = refused.get_json()["findings"][0]
    assert (refused.status_code, found["rule"], found["element"]) == (422, "extension_lost", field["id"])
    assert "label_en" in found["sentence"]
    assert meant.status_code == 200


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence_quickly_and_never_a_fault(owner: Browser, name: str) -> None:
    draft = opened(owner)
    owner.client.get(f"{draft}/findings.json")  # what belongs to the county itself is looked at once

    slow = []
    for number, content in enumerate(HOSTILE[name]):
        answers = list[TestResponse]()

        def save(content: str = content, answers: list[TestResponse] = answers) -> None:
            base = owner.client.get(f"{draft}/files/{name}").get_json().get("revision", 0)
            answers.append(put(owner, f"{draft}/files/{name}", {"content": content, "base": base}))

        if not is_quick(save, within=2):
            slow.append(number)
        answer = answers[0]
        assert answer.status_code in (200, 422), (name, number, answer.status_code)
        found = answer.get_json()
        assert found["findings"] or found.get("sentence"), (name, number)
    owner.get(draft)
    owner.get(f"{draft}/findings")

    assert slow == []


def test_what_is_no_save_is_refused(owner: Browser) -> None:
    address = f"{opened(owner)}/files/{SMALL}"
    bodies = [
        [],
        {},
        {"content": 1},
        {"content": "x", "base": "1"},
        {"content": "x", "base": True},
        {"content": "\ud800"},
    ]

    answers = [put(owner, address, body).status_code for body in bodies]

    assert answers == [422] * len(bodies)
    assert owner.client.put(address, json={"content": "x"}).status_code == 400  # no token
    assert owner.client.get(f"{address}x").status_code in (404, 422)


def test_files_come_in_and_go_out(owner: Browser) -> None:
    draft = opened(owner)
    exported = owner.client.get(f"{draft}/export.zip")
    form = {"csrf_token": owner.token(), "key": "i1", "files": [(io.BytesIO(b"not xml"), "Bad one.bpmn")]}
    owner.post(
        f"{draft}/new", {"kind": "DIAGRAM", "stem": "visit", "title": "回访", "role": "jmo.officer", "key": "n1"}
    )
    wrong = owner.post(f"{draft}/new", {"kind": "FORM", "stem": "A B", "title": "", "key": "n2"}, status=422)
    for number, kind in enumerate(("DIAGRAM", "TABLE", "FORM")):
        stem = "visit/x" if kind == "FORM" else f"visit-{number}"
        odd = {"kind": kind, "stem": stem, "title": "回\x00访\x1b", "role": "jmo.officer", "key": f"o{number}"}
        assert "名称为1至100字。" in owner.post(f"{draft}/new", odd, status=422).text

    refused = owner.client.post(f"{draft}/imports", data=form)
    downloaded = owner.client.get(f"{draft}/download/visit.bpmn")

    with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
        assert SMALL in archive.namelist()
    assert exported.data == owner.client.get("/studio/export.zip").data
    assert refused.status_code == 422
    assert "bad-one.bpmn" in refused.get_data(as_text=True)
    assert b'id="visit"' in downloaded.data
    assert downloaded.headers["Content-Disposition"].startswith("attachment;")
    assert "表单标识" in wrong.text


def test_the_catalogue_has_what_a_panel_chooses_from(owner: Browser) -> None:
    found = owner.client.get(f"{opened(owner)}/catalogue.json").get_json()

    assert {"key": "check", "label": "check"}.items() <= next(f for f in found["forms"] if f["key"] == "check").items()
    assert {"id": "S-1", "label": "收到文书后应当登记", "article": "第一条"} in found["clauses"]
    assert {"key": "small", "label": "small"} in found["processes"]
    assert "SmallDecided" in {message["id"] for message in found["messages"]}
    assert next(o for o in found["operations"] if o["id"] == "meeting/members")["result"] == "list"
    assert all(re.search("[\u4e00-\u9fff]", operation["label"]) for operation in found["operations"])
    assert found["facts"]["case"]["matter"] == "string"
    rules = owner.client.get("/studio/rules.json").get_json()["rules"]
    assert all(rule["means"] and rule["mend"] for rule in rules)


@pytest.mark.parametrize(
    "address", ["/studio", "/studio/export.zip", "{draft}", "{draft}/approval", "{draft}/findings"]
)
def test_only_owners_of_the_county_enter(small: Flask, owner: Browser, address: str) -> None:
    draft = opened(owner)

    director = browser_of(small, "beishan.director").client.get(address.format(draft=draft))
    neighbour = browser_of(small, "nanhe.owner1").client.get(address.format(draft=draft))

    assert director.status_code == 403
    assert neighbour.status_code == (404 if "{draft}" in address else 200)


def test_many_files_that_came_in_together_are_told_in_one_line(small: Flask, owner: Browser) -> None:
    draft = opened(owner)
    other = browser_of(small, "beishan.owner2")
    for number in range(4):
        title = f"title: 登记{number}\nbegins: '2026-01-05'\ncounty: beishan\nacts: []\n"
        put(other, f"{draft}/files/scenarios/small/one{number}.yml", {"content": title, "base": 0})

    text = owner.get(draft).text

    assert text.count("正在编辑") == 1
    assert "scenarios/small/one0.yml、scenarios/small/one1.yml等4个文件" in text


def test_a_file_of_several_processes_is_taken_and_its_owner_is_told_that_one_is_shown(owner: Browser) -> None:
    draft = opened(owner)
    pools = "".join(
        f'<bpmn:participant id="P{n}" name="{name}" processRef="x{n}"/>' for n, name in enumerate(["机关", "办公室"])
    )
    several = BPMN % (
        f'<bpmn:collaboration id="C">{pools}</bpmn:collaboration><bpmn:process id="x0"/><bpmn:process id="x1"/>'
    )

    seen = owner.post(f"{draft}/imports", {"files": (io.BytesIO(several.encode()), "two.bpmn"), "key": "several"})
    findings = owner.client.get(f"{draft}/findings.json").get_json()

    assert "2 个流程（机关、办公室），编辑器只显示一个" in seen.text
    assert any("请拆开，一个文件一个流程" in one["sentence"] for one in findings["findings"])
