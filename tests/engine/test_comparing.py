"""What changed between two sets of definition files, case by case."""

from pathlib import Path

import pytest

from app.domain.comparisons import Comparison, Mark
from app.engine.comparing import compare
from tests.pace import is_quick

ROOT = Path(__file__).parents[2]
FILING = (ROOT / "processes/filing.bpmn").read_text("utf-8")
AGENDA = (ROOT / "processes/agenda-item.bpmn").read_text("utf-8")
TABLE = (ROOT / "processes/jinzhai-authority.dmn").read_text("utf-8")
FORM = (ROOT / "forms/filing/analysis_report.form").read_text("utf-8")
REGISTER = (ROOT / "processes/jinzhai-2017-50.law.yml").read_text("utf-8")
PROPERTY = "<spiffworkflow:property"
OPTIONS = (ROOT / "forms/options.yml").read_text("utf-8")


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def said(comparison: Comparison) -> list[str]:
    return [str(change.sentence) for change in comparison.changes]


def diagram(*pairs: tuple[str, str], of: str = FILING) -> Comparison:
    return compare({"filing.bpmn": of.encode()}, {"filing.bpmn": changed(of, *pairs).encode()})


def test_equal_sets_have_no_difference() -> None:
    comparison = compare({"filing.bpmn": FILING.encode()}, {"filing.bpmn": FILING.encode()})

    assert not comparison
    assert comparison.changes == ()


def test_another_order_of_attributes_is_told_as_a_file_without_a_line() -> None:
    comparison = diagram(
        ('<bpmn:scriptTask id="X_period" name="确定备案期限">', '<bpmn:scriptTask name="确定备案期限" id="X_period">')
    )

    assert dict(comparison.files) == {"filing.bpmn": Mark.CHANGED}
    assert comparison.changes == ()
    assert not comparison.marks.get("filing.bpmn")


def test_a_deadline_is_told_in_words_with_its_kind_and_count_of_days() -> None:
    comparison = diagram(('name="deadline" value="P3D"', 'name="deadline" value="P5D"'))

    assert said(comparison) == ["环节“催报并记录逾期”：期限由“3 个工作日（内部时限）”改为“5 个工作日（内部时限）”"]
    assert comparison.marks["filing.bpmn"] == {"T_urge": Mark.CHANGED}


def test_calendar_days_and_another_kind_of_deadline_are_seen() -> None:
    comparison = diagram(
        ('name="deadlineKind" value="internal"', 'name="deadlineKind" value="regulation"'),
        ('name="dayCount" value="WORKING"', 'name="dayCount" value="CALENDAR"'),
    )

    assert said(comparison) == ["环节“催报并记录逾期”：期限由“3 个工作日（内部时限）”改为“3 日（办法规定）”"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('value="jmo.officer"', 'value="jmo.director"', "办理岗位由“联席会议办公室经办”改为“联席会议办公室主任”"),
        (
            'value="filing/late_filing"',
            'value="filing/ex_officio"',
            "表单由“filing/late_filing”改为“filing/ex_officio”",
        ),
        ('value="JZ-18.s1 JZ-18.s3"', 'value="JZ-18.s1"', "依据条款由“JZ-18.s1 JZ-18.s3”改为“JZ-18.s1”"),
        ('name="催报并记录逾期"', 'name="催报"', "名称由“催报并记录逾期”改为“催报”"),
        (
            f'{PROPERTY} name="deadline"',
            f'{PROPERTY} name="candidateOrgan" value="case.lead_organ" />{PROPERTY} name="deadline"',
            "办理单位定为“case.lead_organ”",
        ),
        (
            f'{PROPERTY} name="deadline"',
            f'{PROPERTY} name="excludes" value="T_check" />{PROPERTY} name="deadline"',
            "回避环节定为“T_check”",
        ),
    ],
)
def test_each_property_of_a_step_is_told(old: str, new: str, sentence: str) -> None:
    comparison = diagram((old, new))

    assert [line for line in said(comparison) if line.endswith(sentence)], said(comparison)


def test_a_renamed_step_does_not_change_the_arrows_at_it() -> None:
    comparison = diagram(('name="催报并记录逾期"', 'name="催报"'))

    assert [change.element_id for change in comparison.changes] == ["T_urge"]


def test_script_timer_operation_parameter_and_variable_are_told() -> None:
    comparison = diagram(
        ("else dates</bpmn:script>", "else {}</bpmn:script>"),
        (">dates.filing_remind_at<", ">dates.filing_remind2_at<"),
        ('value="case.lead_organ"', 'value="case.second_organ"'),
        ('id="notify/send"', 'id="notify/letter"'),
        ('name="variable.check_round" value="number"', 'name="variable.check_round" value="string"'),
    )

    lines = "\n".join(said(comparison))
    assert "流程“分析报告与报送备案”：流程变量 check_round由“number”改为“string”" in lines
    assert "环节“确定备案期限”：脚本由" in lines
    assert "事件“届满前5日”：定时由“timeDate: dates.filing_remind_at”" in lines
    assert "环节“提醒按期报备”：系统操作由“notify/send”改为“notify/letter”" in lines
    assert "环节“提醒按期报备”：参数 organ由“case.lead_organ”改为“case.second_organ”" in lines


def test_message_correlation_and_multi_instance_are_told() -> None:
    comparison = compare(
        {"agenda-item.bpmn": AGENDA.encode()},
        {
            "agenda-item.bpmn": changed(
                AGENDA,
                (
                    '<bpmn:message id="M_AgendaDecided" name="AgendaDecided" />',
                    '<bpmn:message id="M_AgendaDecided" name="Decided" />',
                ),
                (">case_no</bpmn:messagePath>", ">number</bpmn:messagePath>"),
                (
                    "<bpmn:multiInstanceLoopCharacteristics>",
                    '<bpmn:multiInstanceLoopCharacteristics isSequential="true">',
                ),
            ).encode()
        },
    )

    lines = "\n".join(said(comparison))
    assert "名称由“AgendaDecided”改为“Decided”" in lines
    assert "关联由“case_no = case_no”改为“case_no = number”" in lines
    assert "消息由“AgendaDecided”改为“Decided”" in lines
    assert "多人办理由“同时”改为“依次”" in lines


def test_added_and_removed_steps_and_arrows_carry_marks() -> None:
    end = '<bpmn:endEvent id="End_new" name="另行结束" />'
    bounds = '<dc:Bounds x="9" y="9" width="36" height="36" />'
    shape = f'<bpmndi:BPMNShape id="End_new_di" bpmnElement="End_new">{bounds}</bpmndi:BPMNShape>'
    new = changed(
        FILING, ("</bpmn:process>", f"{end}</bpmn:process>"), ("</bpmndi:BPMNPlane>", f"{shape}</bpmndi:BPMNPlane>")
    )

    there = compare({"filing.bpmn": FILING.encode()}, {"filing.bpmn": new.encode()})
    back = compare({"filing.bpmn": new.encode()}, {"filing.bpmn": FILING.encode()})

    assert said(there) == ["新增事件“另行结束”"]
    assert there.marks["filing.bpmn"] == {"End_new": Mark.ADDED}
    assert said(back) == ["删除事件“另行结束”"]
    assert back.marks["filing.bpmn"] == {"End_new": Mark.REMOVED}


def test_a_condition_of_an_arrow_is_told_by_the_steps_at_its_ends() -> None:
    start = FILING.index("<bpmn:conditionExpression")
    inside = FILING[FILING.index(">", start) + 1 : FILING.index("</bpmn:conditionExpression>", start)]

    comparison = diagram((f">{inside}</bpmn:conditionExpression>", ">check_round = 9</bpmn:conditionExpression>"))

    assert len(comparison.changes) == 1
    assert comparison.changes[0].facet == "条件"
    assert comparison.changes[0].new == "check_round = 9"
    assert comparison.changes[0].subject.startswith("流向“")


def test_a_shape_that_was_only_moved_is_marked_as_moved_and_a_drawing_pushed_aside_is_not() -> None:
    place = FILING.index('bpmnElement="T_urge"')
    bounds = FILING[FILING.index("<dc:Bounds", place) : FILING.index("/>", place) + 2]
    moved = FILING.replace(bounds, bounds.replace('y="', 'y="1'), 1)

    comparison = compare({"filing.bpmn": FILING.encode()}, {"filing.bpmn": moved.encode()})

    assert comparison.marks["filing.bpmn"]["T_urge"] is Mark.MOVED
    assert said(comparison) == ["移动环节“催报并记录逾期”"]


def test_what_no_facet_names_is_still_told() -> None:
    comparison = diagram(
        (
            '<bpmn:callActivity id="C_report" name="撰写、审核与报送"',
            '<bpmn:callActivity id="C_report" startQuantity="2" name="撰写、审核与报送"',
        )
    )

    assert said(comparison) == ["环节“撰写、审核与报送”：其他内容有改动"]


def test_cells_rows_and_their_order_are_told_by_row_and_column() -> None:
    rows = [
        TABLE[TABLE.index('      <rule id="authority_superior">') : TABLE.index('      <rule id="authority_county">')]
    ]
    cell = compare(
        {"t.dmn": TABLE.encode()}, {"t.dmn": changed(TABLE, ('["REFER_SUPERIOR"]', '["REFER_COUNTY"]')).encode()}
    )
    gone = compare({"t.dmn": TABLE.encode()}, {"t.dmn": TABLE.replace(rows[0], "").encode()})
    turned = compare(
        {"t.dmn": TABLE.encode()},
        {
            "t.dmn": TABLE.replace(rows[0], "")
            .replace("    </decisionTable>", f"{rows[0]}    </decisionTable>")
            .encode()
        },
    )
    policy = compare({"t.dmn": TABLE.encode()}, {"t.dmn": changed(TABLE, ("FIRST", "UNIQUE")).encode()})

    assert said(cell) == ['第 authority_superior 行：单元格“去向”由“["REFER_SUPERIOR"]”改为“["REFER_COUNTY"]”']
    assert said(gone) == ["删除第 authority_superior 行"]
    assert [change.mark for change in turned.changes] == [Mark.MOVED]
    assert said(policy) == ["决策表“管理权限”：命中方式由“FIRST”改为“UNIQUE”"]


def test_fields_of_a_form_are_told_with_type_duty_options_and_condition() -> None:
    comparison = compare(
        {"filing/analysis_report.form": FORM.encode()},
        {
            "filing/analysis_report.form": changed(
                FORM,
                ('"minLength": 20', '"minLength": 30'),
                ('"required": true', '"required": false'),
                ('"options": "FAULT"', '"options": "SANCTION"'),
                ('"type": "checklist"', '"type": "select"'),
                ('"key": "problems"', '"key": "problems_seen"'),
            ).encode()
        },
    )

    lines = said(comparison)
    assert "栏目“案件基本情况”：取消必填“是”" in lines
    assert "栏目“案件基本情况”：最少字数由“20”改为“30”" in lines
    assert "栏目“败诉原因代码”：类型由“checklist”改为“select”" in lines
    assert "栏目“败诉原因代码”：选项表由“FAULT”改为“SANCTION”" in lines
    assert "新增栏目“存在问题”" in lines
    assert "删除栏目“存在问题”" in lines


def test_a_register_is_told_by_clause_switch_stage_and_number() -> None:
    comparison = compare(
        {"a.law.yml": REGISTER.encode()},
        {
            "a.law.yml": changed(
                REGISTER,
                ('"金败责〔{year}〕{serial:04d}号"', '"金败〔{year}〕{serial:04d}号"'),
                ('DOCKET: "金监立', 'DOCKET: "金立'),
                ("risk: R1, default: CALENDAR", "risk: R1, default: WORKING"),
                ("zh: 登记, en: Registration", "zh: 收案, en: Registration"),
                ("modality: DECLARATION", "modality: DUTY"),
            ).encode()
        },
    )

    lines = said(comparison)
    assert any("案号格式由“金败责〔{year}〕{serial:04d}号”改为“金败〔{year}〕{serial:04d}号”" in line for line in lines)
    assert any("编号格式 DOCKET由" in line for line in lines)
    assert "规则设置“期间的计算方式”：默认值由“CALENDAR”改为“WORKING”" in lines
    assert "阶段“收案”：名称由“登记”改为“收案”" in lines
    assert "条款“JZ-0a”：性质由“DECLARATION”改为“DUTY”" in lines


def test_options_letters_scenarios_and_whole_files_are_told() -> None:
    old = {
        "options.yml": OPTIONS.encode(),
        "letters/notice.docx": b"one",
        "scenarios/filing/x.yml": b"title: T\nacts: [{wait: 1 day}]\n",
    }
    new = {
        "options.yml": changed(OPTIONS, ("zh: 行政判决书", "zh: 判决书")).encode(),
        "letters/notice.docx": b"two",
        "scenarios/filing/x.yml": b"title: T\nacts: [{wait: 2 days}]\n",
        "filing.bpmn": FILING.encode(),
    }

    lines = said(compare(old, new))

    assert any(line.startswith("选项表“LEGAL_DOC_TYPE”：选项 ADMIN_JUDGMENT由“行政判决书") for line in lines)
    assert "修改文件“letters/notice.docx”" in lines
    assert "第 1 个动作：内容由“wait: 1 day”改为“wait: 2 days”" in lines
    assert "新增流程“分析报告与报送备案”" in lines


@pytest.mark.parametrize("name", ["a.bpmn", "a.dmn", "a/b.form", "a.law.yml", "options.yml", "scenarios/a/b.yml"])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", b"[" * 100_000, b"- a\n" * 3]
)
def test_a_file_that_cannot_be_read_is_compared_as_a_whole(name: str, content: bytes) -> None:
    comparison = compare({name: content}, {name: content + b" "})

    assert len(comparison.changes) <= 1
    assert dict(comparison.files) == {name: Mark.CHANGED}


def test_a_whole_county_is_compared_quickly() -> None:
    files = {path.name: path.read_bytes() for path in (ROOT / "processes").glob("*.*") if path.is_file()}
    county = {name: content for name, content in files.items() if not name.startswith("yiyuan")}
    other = {name: content.replace(b'value="P3D"', b'value="P5D"') for name, content in county.items()}

    assert compare(county, other).changes
    assert is_quick(lambda: compare(county, other), within=1)


def test_what_scenarios_share_is_told_by_form_and_by_person() -> None:
    old = b"people:\n  - {username: a.b, name: X}\n  - {username: a.c, name: Y}\n"
    new = b"people:\n  - {username: a.b, name: Z}\n  - {username: a.c, name: Y}\n"

    comparison = compare({"scenarios/people.yml": old}, {"scenarios/people.yml": new})

    assert said(comparison) == ["部分“people”：属性 a.b由“username: a.b；name: X”改为“username: a.b；name: Z”"]
