"""The linter against a catalogue, over several files, and against hostile ones."""

import pytest

from app.domain.definitions import Catalogue, Finding, Operation
from app.engine.profile import findings
from tests.engine import diagrams as d
from tests.pace import is_quick

CATALOGUE = Catalogue(
    forms={"forms/x": {"opinion": "string", "amount": "number"}},
    roles=frozenset({"clerk"}),
    clauses=frozenset({"X-art-1"}),
    operations={
        "notify/send": Operation("notify/send", {"to": "string"}, "boolean"),
        "notify/tell": Operation("notify/tell", {"role": "string"}, "boolean"),
    },
    case_facts={"level": "string", "filed_on": "date"},
    meeting_facts={},
)


def checked(
    *nodes: str, catalogue: Catalogue = CATALOGUE, table: bytes = b"", **variables: str
) -> list[tuple[str, str]]:
    chain = "begin x done"
    file = d.diagram(d.process("p", d.start(), *nodes, d.end(), d.flows(chain), variables=variables))
    files = {"p.bpmn": file, **({"t.dmn": table} if table else {})}
    return [(finding.rule, str(finding).partition(": ")[2]) for finding in findings(files, catalogue)]


def test_what_exists_in_the_catalogue_is_accepted() -> None:
    assert (
        checked(d.user("x", clauses="X-art-1", candidateOrgan="case.level", post="kind = task.opinion"), kind="string")
        == []
    )


@pytest.mark.parametrize(
    ("node", "rule", "sentence"),
    [
        (d.user("x", formKey="forms/gone"), "form", "表单 forms/gone 不存在。"),
        (d.user("x", candidateRole="ghost"), "role", "角色 ghost 不存在。"),
        (d.user("x", clauses="X-art-1 X-art-9"), "clause", "条款 X-art-9 不在条款登记册中。"),
        (d.user("x", excludes="y"), "excludes", "回避的环节 y 不存在。"),
        (d.user("x", candidateOrgan="case.levl"), "feel_unknown_field", "`levl` 不存在，是否为 `level`？"),
        (d.user("x", candidateOrgan="1 + 1"), "feel_result", "表达式 1 + 1 的结果应为 string，实为 number。"),
        (d.user("x", post="kind = task.opinon"), "feel_unknown_field", "`opinon` 不存在，是否为 `opinion`？"),
        (d.user("x", post="kind = task.amount"), "feel_result", "表达式 task.amount 的结果应为 string，实为 number。"),
        (
            d.user("x", deadlineKind="whim"),
            "property_value",
            "属性 deadlineKind 的值只能是 regulation、statute、internal。",
        ),
        (d.service("x", "notify/snd", "ok", to='"a"'), "operation", "操作 notify/snd 没有登记，是否为 notify/send？"),
        (d.service("x", "notify/tell", "ok", role='"clrk"'), "role", "角色 clrk 不存在，是否为 clerk？"),
        (d.service("x", "notify/send", "ok"), "parameter", "操作 notify/send 缺少参数 to。"),
        (d.service("x", "notify/send", "ok", to="1"), "feel_result", "表达式 1 的结果应为 string，实为 number。"),
        (
            d.service("x", "notify/send", "kind", to='"a"'),
            "variable_type",
            "变量 `kind` 声明为 string，这里却得到 boolean。",
        ),
    ],
)
def test_what_is_missing_from_the_catalogue_is_refused(node: str, rule: str, sentence: str) -> None:
    assert (rule, sentence) in checked(node, kind="string", ok="boolean")


def test_a_form_field_named_like_a_variable_must_have_its_type() -> None:
    assert checked(d.user("x"), amount="string") == [
        ("variable_type", "变量 `amount` 声明为 string，这里却得到 number。")
    ]


def test_a_diagram_looked_at_alone_is_not_checked_against_what_is_unknown() -> None:
    assert checked(d.user("x", candidateOrgan="case.anything"), catalogue=Catalogue()) == []


def test_a_table_must_fit_the_step_that_uses_it() -> None:
    wrong = d.table("t", {"case.levl": "string"}, {"route": "string"}, [['"a"', "1", "X-art-1"], ["> 1", '"b"', ""]])

    found = checked(d.rule("x", "t"), table=wrong, route="number")

    assert [rule for rule, _ in found] == [
        "rule_clause",
        "variable_type",
        "feel_unknown_field",
        "feel_result",
        "feel_compare",
    ]
    assert found[0][1] == "第 2 行没有注明条款登记册中的条款。"
    assert "第 2 行列“case.levl”" in found[-1][1]


def test_elements_of_the_caller_are_known_in_the_called_diagram_and_its_variables_must_agree() -> None:
    top = d.diagram(
        d.process(
            "p",
            d.start(),
            d.call("c", "q", d.many("subjects", "subject")),
            d.end(),
            d.flows("begin c done"),
            variables={"subjects": "list", "results": "list", "kind": "string"},
            collections="subjects results",
        )
    )
    called = d.diagram(
        d.process(
            "q",
            d.start(),
            d.user("x", candidateOrgan="subject.organ"),
            d.end(),
            d.flows("begin x done"),
            variables={"kind": "number", "result": "string"},
        )
    )

    together = findings({"p.bpmn": top, "q.bpmn": called})
    alone = findings({"q.bpmn": called})

    assert [finding.rule for finding in together] == ["variable_type"]
    assert [finding.rule for finding in alone] == ["feel_unknown_name"]


def test_a_step_is_drawn_once_in_a_procedure() -> None:
    top = d.diagram(d.process("p", d.start(), d.user("x"), d.call("c", "q"), d.end(), d.flows("begin x c done")))
    called = d.diagram(d.process("q", d.start(), d.user("x"), d.end(), d.flows("begin x done")))

    assert [(f.rule, f.element_id) for f in findings({"p.bpmn": top, "q.bpmn": called})] == [("duplicate_step", "x")]


BENIGN = d.diagram(d.process("p", d.start(), d.user("x"), d.end(), d.flows("begin x done")))
HOSTILE = {
    "external entity": BENIGN.replace(
        b"<definitions", b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions'
    ),
    "entity bomb": BENIGN.replace(
        b"<definitions", b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><definitions'
    ),
    "utf-16": BENIGN.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "utf-16 without saying so": BENIGN.decode().encode("utf-16"),
    "another encoding": BENIGN.replace(b"UTF-8", b"GB2312"),
    "larger than a megabyte": BENIGN + b" " * 1_000_001,
    "sixty thousand attributes": BENIGN.replace(
        b"<userTask", b"<userTask " + b" ".join(b'a%d="1"' % n for n in range(60_000)), 1
    ),
    "nested too deeply": BENIGN.replace(
        b"</process>", b"<documentation>" * 60 + b"</documentation>" * 60 + b"</process>"
    ),
    "too many elements": BENIGN.replace(b"</process>", b"<documentation/>" * 9_000 + b"</process>"),
    "a long attribute": BENIGN.replace(b'name="p"', b'name="' + b"p" * 3_000 + b'"'),
    "not xml": b"PK\x03\x04",
    "empty": b"",
    "another kind of xml": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_quickly_with_a_sentence(what: str) -> None:
    found = findings({"p.bpmn": HOSTILE[what]})

    assert [finding.rule for finding in found] == ["file"]
    assert is_quick(lambda: findings({"p.bpmn": HOSTILE[what]}), within=2)


def test_bidirectional_marks_in_names_are_refused() -> None:
    file = BENIGN.replace("办理x".encode(), "同意\u202e驳不".encode())

    assert [finding.rule for finding in findings({"p.bpmn": file})] == ["name"]


def test_findings_print_as_one_line() -> None:
    finding: Finding = findings({"p.bpmn": BENIGN.replace(b'targetRef="done"', b'targetRef="gone"')})[0]

    assert str(finding) == "p.bpmn#x_to_done flow_end: 连线的一端 `gone` 不在同一层流程中。"
