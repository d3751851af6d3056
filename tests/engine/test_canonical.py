"""One way to write a diagram: stable, small in a diff, and nothing is lost in passing."""

import re
from pathlib import Path

import pytest

from app.domain.errors import DomainError
from app.engine import blank
from app.engine.canonical import canonical
from app.engine.lost_extensions import losses
from config import ROOT

SHIPPED = sorted(path for path in (ROOT / "processes").iterdir() if path.suffix in (".bpmn", ".dmn"))
FOREIGN = b"""<?xml version="1.0"?>
<!-- drawn elsewhere -->
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://example.org/t" id="d">
<process id="p" isExecutable='true'><userTask id='t' name='A &quot;B&quot; &lt;C&gt;' camunda:assignee="me"/>
<sequenceFlow id="f" sourceRef="t" targetRef="t"><conditionExpression x:type="tFormalExpression"><![CDATA[a < b]]>
</conditionExpression></sequenceFlow></process></definitions>"""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_file_is_written_as_it_stands(path: Path) -> None:
    content = path.read_bytes()

    assert canonical(content) == content


def test_a_file_of_another_tool_is_written_with_our_prefixes_and_stays_the_same_from_then_on() -> None:
    written = canonical(FOREIGN)

    text = written.decode()
    assert '<bpmn:userTask id="t" name="A &#34;B&#34; &#60;C&#62;" camunda:assignee="me" />' in text
    assert 'xsi:type="bpmn:tFormalExpression">a &lt; b' in text
    assert "drawn elsewhere" not in text
    assert canonical(written) == written


def test_what_the_modeler_calls_an_expression_is_a_message_path_again() -> None:
    seed = next(path for path in SHIPPED if b"<bpmn:messagePath" in path.read_bytes()).read_bytes()
    saved = seed.replace(b'<bpmn:messagePath xsi:type="bpmn:tFormalExpression">', b"<bpmn:formalExpression>")
    saved = saved.replace(b"</bpmn:messagePath>", b"</bpmn:formalExpression>")

    assert saved != seed
    assert canonical(saved) == seed


def test_an_extension_that_vanished_from_an_untouched_element_is_found() -> None:
    before = (ROOT / "processes" / "screening.bpmn").read_bytes()
    start = before.index(b"<spiffworkflow:processVariableCorrelation>")
    end = before.index(b"</spiffworkflow:processVariableCorrelation>") + len(
        b"</spiffworkflow:processVariableCorrelation>"
    )
    after = before[:start] + before[end:]

    lost = losses(before, after)

    assert len(lost) == 1
    assert "propertyId" in lost[0].lost
    assert losses(before, after, touched={lost[0].element_id}) == ()
    assert losses(before, before) == ()


def test_a_changed_value_or_an_edited_element_has_lost_nothing() -> None:
    before = (ROOT / "processes" / "screening.bpmn").read_bytes()
    longer = before.replace(b'name="deadline" value="P5D"', b'name="deadline" value="P9D"')
    deleted = before.replace(b'<spiffworkflow:property name="dayCount" value="WORKING" />', b"")

    assert longer != before
    assert losses(before, longer) == ()
    assert deleted != before
    assert losses(before, deleted)


@pytest.mark.parametrize(
    ("gone", "element", "name"),
    [
        ("(?s)<annotationEntry>.*?</annotationEntry>", "recovery_open", "annotationEntry"),
        ("<description>JZ-20 已.*?</description>", "recovery_open", "description"),
        (' label="主观过错"', "jinzhai_recovery_in_mental_state", "label"),
        ('(?<=recovery_article") typeRef="string"', "jinzhai_recovery_out_recovery_article", "typeRef"),
        ('<annotation name="依据条款" />', "Table_jinzhai_recovery", "annotation"),
    ],
)
def test_a_row_or_column_of_a_table_that_lost_what_other_tools_do_not_know_is_found(
    gone: str, element: str, name: str
) -> None:
    before = (ROOT / "processes" / "jinzhai-recovery.dmn").read_text("utf-8")
    after, times = re.subn(gone, "", before, count=1)
    edited = after.replace('"INTENT", "GROSS_NEGLIGENCE"', '"INTENT"')

    found = losses(before.encode(), after.encode())

    assert times == 1
    assert [(one.element_id, one.lost) for one in found] == [(element, (name,))]
    assert losses(before.encode(), edited.encode(), touched={element}) == ()


def test_the_values_that_a_column_may_have_cannot_vanish() -> None:
    before = (ROOT / "processes" / "jinzhai-recovery.dmn").read_text("utf-8")
    values = '<outputValues id="V"><text>"OPEN"</text></outputValues>'
    head = 'id="jinzhai_recovery_out_recovery" label="追偿" name="recovery" typeRef="string"'
    held = before.replace(f"<output {head} />", f"<output {head}>{values}</output>")

    assert held != before
    assert [one.lost for one in losses(held.encode(), before.encode())] == [("outputValues",)]


def test_a_new_diagram_and_table_are_written_canonically_and_take_any_title() -> None:
    diagram = blank.new_diagram("case-visit", '回访 <"&">', form="case-visit/first_step", role="r", role_label="经办")
    table = blank.new_table("visit-kind", "回访方式", clause="X-1")

    assert canonical(diagram) == diagram
    assert canonical(table) == table
    assert (blank.title_in(diagram), blank.id_in(diagram)) == ('回访 <"&">', "case-visit")
    assert (blank.title_in(table), blank.id_in(table)) == ("回访方式", "visit-kind")


def test_a_copy_has_another_id_everywhere() -> None:
    content = (ROOT / "processes" / "screening.bpmn").read_bytes()

    copy = blank.renamed(content, "second-screening", title="第二次筛选")

    assert b'id="screening"' not in copy
    assert b'processRef="screening"' not in copy
    assert blank.id_in(copy) == "second-screening"
    assert blank.title_in(copy) == "第二次筛选"


@pytest.mark.parametrize(
    "hostile",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<?xml version='1.0' encoding='gb2312'?><a/>",
        b"<a>" * 60 + b"</a>" * 60,
        b"<a " + b" ".join(b'x%d="1"' % n for n in range(60_000)) + b"/>",
        b"<a>" + b"<b/>" * 9_000 + b"</a>",
        b'<a b="' + b"c" * 3_000 + b'"/>',
        b"\xff\xfe<\x00a\x00/\x00>\x00",
        b"not xml",
        b"",
    ],
)
def test_hostile_files_are_refused_with_a_sentence(hostile: bytes) -> None:
    with pytest.raises(DomainError):
        canonical(hostile)


def test_a_row_of_a_table_is_called_by_what_it_says() -> None:
    names = blank.names_in((ROOT / "packs" / "shifan" / "processes" / "shifan-measure.dmn").read_bytes())

    assert names["slight"] == "SF-5 情节轻微的，责令书面检查"
    assert names["shifan_measure_in_severity"] == "情节"
