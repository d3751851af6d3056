"""Papers of the joint meeting beside its minutes: material and delivery, attendance, written opinion, bulletin."""

from authoring.letters.layout import Letter
from authoring.letters.meeting_letters import attendance


def meeting_pack() -> Letter:
    """会议资料与送达登记: what was sent to which member, when, and when it arrived."""
    letter = Letter("会议资料与送达登记").title("联席会议资料目录和送达登记表", below=False)
    letter.number("会议编号：{{ meeting.number }}")
    letter.table(
        [
            ["会议时间", "{{ meeting.meeting_date }}", "地点", "{{ meeting.place }}"],
            ["资料内容", "{{ task.pack_items }}"],
            ["资料文件", "{{ task.pack_files|or_blank }}"],
            ["最晚送达", "{{ task.latest_allowed|or_blank }}", "是否迟延", "{{ task.late|or_blank }}"],
        ],
        [16, 40, 16, 28],
    )
    letter.say("会议议题：")
    letter.table(
        [
            ["序号", "议题", "案件编号", "议题类型"],
            ["{%tr for item in items %}"],
            ["{{ item.item_no }}", "{{ item.title }}", "{{ item.case_no }}", "{{ item.kind }}"],
            ["{%tr endfor %}"],
        ],
        [10, 40, 32, 18],
        header=True,
    )
    letter.say("送达情况：")
    letter.table(
        [
            ["成员单位", "发送时间", "收到时间", "方式"],
            ["{%tr for row in task.deliveries %}"],
            ["{{ row.member }}", "{{ row.sent_at }}", "{{ row.received_at|or_blank }}", "{{ row.method }}"],
            ["{%tr endfor %}"],
        ],
        [34, 26, 26, 14],
        header=True,
    )
    letter.sign("登记人：{{ actor.name }}", "{{ issued_on }}")
    return letter


def attendance_sheet() -> Letter:
    """会议签到表."""
    letter = Letter("会议签到表").title("联席会议签到表", below=False).number("会议编号：{{ meeting.number }}")
    letter.table(
        [
            ["时间", "{{ task.held_at }}", "地点", "{{ task.held_place }}"],
            ["主持人", "{{ task.chair }}", "记录人", "{{ task.recorder }}"],
        ],
        [16, 34, 16, 34],
    )
    letter.say("")
    letter.table(
        [
            ["成员单位", "参会人", "职务", "持授权", "缺席", "签名"],
            ["{%tr for row in task.attendances %}"],
            [
                "{{ row.member }}",
                "{{ row.attendee|or_blank }}",
                "{{ row.position }}",
                "{{ row.authorised }}",
                "{{ row.absent }}",
                "",
            ],
            ["{%tr endfor %}"],
        ],
        [30, 16, 18, 12, 10, 14],
        header=True,
    )
    return letter


def written_opinion() -> Letter:
    """书面意见 on one item of the agenda, which the members countersign."""
    letter = Letter("书面意见").title("联席会议书面意见", below=False).number("会议编号：{{ meeting.number }}")
    letter.table(
        [
            ["会议时间", "{{ meeting.held_at }}", "地点", "{{ meeting.held_place }}"],
            ["议题", "第{{ item.item_no }}项　{{ item.title }}"],
            ["案件编号", "{{ item.case_no|or_blank }}", "议题类型", "{{ item.kind }}"],
            ["回避单位", "{{ item.recused|or_blank }}"],
        ],
        [16, 40, 16, 28],
    )
    letter.say("出席单位：")
    attendance(letter)
    letter.heading("一、讨论情况")
    letter.say("{{ item.discussion }}")
    letter.heading("二、认定和意见")
    letter.say_if("item.entities", "责任主体：{{ item.entities }}")
    letter.say_if("item.persons", "责任人员：{{ item.persons }}")
    letter.say_if("item.fault_codes", "过错情形：{{ item.fault_codes }}")
    letter.say_if("item.exemption_grounds", "免予情形：{{ item.exemption_grounds }}")
    letter.say_if("item.decision_text", "决定事项：{{ item.decision_text }}")
    letter.say("会议意见：{{ task.resolution }}")
    letter.say_if("item.reasons", "理由：{{ item.reasons }}")
    letter.say_if("task.materials_required", "需补充的材料：{{ task.materials_required }}")
    letter.say_if("task.revised_opinion", "协调后修改的意见：{{ task.revised_opinion }}")
    letter.heading("三、依据")
    letter.say(
        "《{{ regulation.title }}》{% for clause in clauses %}{{ clause.article }}{% if not loop.last %}、{% endif %}{% endfor %}。"
    )
    letter.say("本意见经成员单位会签同意后生效，会签情况见会签单。")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter


def bulletin() -> Letter:
    """通报 of lost cases and of what became of them."""
    letter = Letter("通报").head("{{ organ.name }}", "{{ task.bulletin_no }}")
    letter.title("关于行政败诉案件和过错责任追究情况的通报").to("{{ task.bulletin_scope }}：")
    letter.say(
        "依照《{{ regulation.title }}》的规定，现将行政败诉案件和过错责任追究情况通报如下：", "{{ task.bulletin_text }}"
    )
    letter.say_if("task.outcome_note", "落实情况：{{ task.outcome_note }}")
    letter.say("请有关单位对照检查，依法履职，按照规定报送备案并落实整改。")
    letter.sign("{{ organ.name }}", "{{ task.bulletin_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}", copies="联席会议成员单位")


LETTERS = {
    "meeting_pack": meeting_pack,
    "attendance_sheet": attendance_sheet,
    "written_opinion": written_opinion,
    "bulletin": bulletin,
}
