"""Papers of the joint meeting: asking for opinions, countersigning, minutes."""

from authoring.letters.layout import Letter


def consultation() -> Letter:
    """征求意见函: time, place and cases proposed."""
    letter = Letter("征求意见函").head("{{ organ.name }}", "{{ number }}")
    letter.title("关于召开联席会议征求意见的函").to(
        "{% for member in members %}{{ member.name }}{% if not loop.last %}、{% endif %}{% endfor %}："
    )
    letter.say(
        "依照《{{ regulation.title }}》的规定，现就召开联席会议的时间和议题征求你单位意见。",
        "拟开会时间：{{ task.proposed_at }}",
        "拟开会地点：{{ task.place }}",
        "提议理由：{{ task.proposal_reason }}",
    )
    letter.say_if("task.case_ids", "拟议案件：{{ task.case_ids }}")
    letter.mark("{%p for other in task.other_items %}")
    letter.say("其他议题：{{ other.title }}（{{ other.kind }}）{{ other.note }}")
    letter.mark("{%p endfor %}")
    letter.say("请就时间和议题提出书面意见；对所列案件有应当回避情形的，请一并说明。")
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}")


def countersign_sheet() -> Letter:
    """会签单 of one item of the agenda."""
    letter = Letter("会签单").title("联席会议议题会签单", below=False).number("会议编号：{{ meeting.number }}")
    letter.table(
        [
            ["议题", "第{{ item.item_no }}项　{{ item.title }}"],
            ["案件编号", "{{ item.case_no|or_blank }}", "议题类型", "{{ item.kind }}"],
            ["决议", "{{ item.resolution }}", "回避单位", "{{ item.recused|or_blank }}"],
            ["讨论情况", "{{ item.discussion }}"],
            ["理由", "{{ item.reasons }}"],
        ],
        [16, 42, 16, 26],
    )
    letter.say("成员单位会签意见：")
    letter.table(
        [
            ["成员单位", "意见", "理由", "签字"],
            ["{%tr for vote in item.votes %}"],
            [
                "{{ vote.organ }}",
                "{{ vote.decision|or_blank }}",
                "{{ vote.comment|line }}",
                "{{ vote.signature }}",
            ],
            ["{%tr endfor %}"],
        ],
        [30, 12, 32, 26],
        header=True,
    )
    letter.sign("{{ organ.name }}", "{{ issued_on }}")
    return letter


def attendance(letter: Letter) -> None:
    """Who sat in the meeting, and for whom."""
    letter.table(
        [
            ["成员单位", "参会人", "职务", "缺席"],
            ["{%tr for row in meeting.attendances %}"],
            ["{{ row.member }}", "{{ row.attendee }}", "{{ row.position }}", "{{ row.absent }}"],
            ["{%tr endfor %}"],
        ],
        [40, 22, 26, 12],
        header=True,
    )


def minutes() -> Letter:
    """会议纪要."""
    letter = Letter("会议纪要").head("{{ organ.name }}", "{{ meeting.number }}").title("{{ task.minutes_title }}")
    letter.say(
        "时间：{{ meeting.held_at }}",
        "地点：{{ meeting.held_place }}",
        "主持人：{{ meeting.chair }}",
        "记录人：{{ meeting.recorder }}",
    )
    letter.say("出席情况：")
    attendance(letter)
    letter.say("会议议定事项如下：")
    letter.mark("{%p for item in items %}")
    letter.heading("第{{ item.item_no }}项　{{ item.title }}")
    letter.say("决议：{{ item.resolution }}。{{ item.reasons }}")
    letter.mark("{%p endfor %}")
    letter.say("{{ task.minutes_text }}")
    letter.say_if("task.bulletin", "通报事项：{{ task.bulletin }}")
    letter.sign("{{ organ.name }}", "{{ task.minutes_on }}")
    return letter.foot("{{ organ.name }}", "{{ issued_on }}", copies="联席会议成员单位")


LETTERS = {"consultation": consultation, "countersign_sheet": countersign_sheet, "minutes": minutes}
