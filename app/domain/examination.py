"""What an examination of the running proceedings can find: how grave it is, why it matters, what is to be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Any

from app.domain.errors import N_

LATE = timedelta(minutes=5)
"""What is due longer than this should have happened: the worker looks every few seconds."""
PATIENCE = 3
"""Failed deliveries of a message before its missing receiver is worth a word."""


class Gravity(IntEnum):
    """How grave a finding is; the gravest one is the exit status of the command."""

    NOTE = 0
    """Something was left over; nobody is hindered."""
    WARNING = 1
    """Somebody waits, or will."""
    ERROR = 2
    """The tables and the procedure, or the evidence, contradict each other."""


class Code(StrEnum):
    UNSETTLED = "UNSETTLED"
    STUCK = "STUCK"
    HELD = "HELD"
    TIMER_LATE = "TIMER_LATE"
    LETTER_DEAD = "LETTER_DEAD"
    LETTER_UNAWAITED = "LETTER_UNAWAITED"
    LETTER_LATE = "LETTER_LATE"
    TASK_ORPHANED = "TASK_ORPHANED"
    TASK_MISSING = "TASK_MISSING"
    TASK_CONTRADICTED = "TASK_CONTRADICTED"
    TIMER_ORPHANED = "TIMER_ORPHANED"
    TIMER_MISSING = "TIMER_MISSING"
    TIMER_DIFFERS = "TIMER_DIFFERS"
    SUBSCRIPTION_ORPHANED = "SUBSCRIPTION_ORPHANED"
    SUBSCRIPTION_MISSING = "SUBSCRIPTION_MISSING"
    INCIDENT_ORPHANED = "INCIDENT_ORPHANED"
    INCIDENT_MISSING = "INCIDENT_MISSING"
    MIRROR_DIFFERS = "MIRROR_DIFFERS"
    LEFT_OPEN = "LEFT_OPEN"
    NOT_CLOSED = "NOT_CLOSED"
    CLOSED_EARLY = "CLOSED_EARLY"
    DRAFT_LEFT = "DRAFT_LEFT"
    STATE_UNREADABLE = "STATE_UNREADABLE"
    STATE_FORMAT = "STATE_FORMAT"
    STATE_FOREIGN = "STATE_FOREIGN"
    RELEASE_MISSING = "RELEASE_MISSING"
    HISTORY_GAP = "HISTORY_GAP"
    HISTORY_LENGTH = "HISTORY_LENGTH"
    CHAIN_BROKEN = "CHAIN_BROKEN"
    FACT_FOREIGN = "FACT_FOREIGN"
    FACT_SCOPE = "FACT_SCOPE"
    FACT_ALTERED = "FACT_ALTERED"
    ANSWER_MISSING = "ANSWER_MISSING"
    ANSWER_DOUBLE = "ANSWER_DOUBLE"
    ANSWER_ALTERED = "ANSWER_ALTERED"
    SIGNER_ALTERED = "SIGNER_ALTERED"
    AGENDA_LEFT = "AGENDA_LEFT"
    AGENDA_UNDECIDED = "AGENDA_UNDECIDED"
    PAPER_MISSING = "PAPER_MISSING"
    PAPER_DAMAGED = "PAPER_DAMAGED"
    FILE_UNOPENABLE = "FILE_UNOPENABLE"
    NUMBER_UNOPENABLE = "NUMBER_UNOPENABLE"
    FILE_UNCLAIMED = "FILE_UNCLAIMED"
    PACKAGE_UNCLAIMED = "PACKAGE_UNCLAIMED"
    ROW_ORPHANED = "ROW_ORPHANED"
    SEARCH_LOST = "SEARCH_LOST"
    NUMBERS_BEHIND = "NUMBERS_BEHIND"
    ROLE_UNTOLD = "ROLE_UNTOLD"


@dataclass(frozen=True, slots=True)
class Kind:
    gravity: Gravity
    what: str
    """Sentence with %(name)s placeholders."""
    why: str
    remedy: str
    mendable: bool = False
    """Whether `--fix` can mend it without deciding anything."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    code: Code
    proceeding_id: str
    """Empty where it belongs to none."""
    number: str
    """Number of the case, meeting or procedure; empty where it belongs to none."""
    place: str = ""
    """`<process>/<step>`, an id of a row, or a path of the store."""
    values: Mapping[str, Any] = field(default_factory=dict)
    obstacle: str = ""
    """Why this one cannot be mended although its kind can; a sentence."""

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]

    @property
    def gravity(self) -> Gravity:
        return self.kind.gravity

    @property
    def mendable(self) -> bool:
        return self.kind.mendable and not self.obstacle

    @property
    def sentence(self) -> str:
        """What was found, in Chinese."""
        return self.kind.what % dict(self.values)

    def __str__(self) -> str:
        return f"{self.code} {self.number or self.place}: {self.sentence}"


_REDERIVE = N_("运行 wenze doctor --fix，按流程状态重新登记。")
_RESTORE = N_("不要继续办理本件，先保全数据库，再从备份恢复或由技术人员核对。")
_WORKER = N_("确认后台进程（wenze worker）在运行；也可以用 wenze doctor --fix 补办。")
_INBOX = N_("工作人员看到的待办与流程实际所处的环节不一致。")
_EVIDENCE = N_("办理记录是证据，缺失或改动会使本件的经过无法证明。")
_TWIN = N_("同一事项留下两份或缺少一份办理材料，认定的依据不清。")
_NEVER_FIRES = N_("期限届满后的催办或流转不会按时发生。")
_UNHEARD = N_("等待的消息到达时找不到接收环节，案件会停在原处。")

KINDS: dict[Code, Kind] = {
    Code.UNSETTLED: Kind(
        Gravity.ERROR,
        N_("环节“%(step)s”已经就绪却没有执行。"),
        N_("静止的流程里不应有待执行的自动环节；有人提交时它才会执行，可能推翻刚办完的事项。"),
        N_("运行 wenze doctor --fix，让流程执行到位。"),
        mendable=True,
    ),
    Code.STUCK: Kind(
        Gravity.ERROR,
        N_("本件在办，却没有任何待办事项、定时、等待的消息或受阻环节。"),
        N_("没有任何人或事件能使本件继续，它会永远停在这里。"),
        N_("检查流程图的汇聚和结束，必要时把本件迁移到改正后的版本。"),
    ),
    Code.HELD: Kind(
        Gravity.WARNING,
        N_("环节“%(step)s”受阻：%(reason)s"),
        N_("本件停在该环节，等待有人排除原因。"),
        N_("排除原因后，由联席会议办公室在案件页面重试。"),
    ),
    Code.TIMER_LATE: Kind(
        Gravity.WARNING,
        N_("定时环节“%(step)s”应于 %(due)s 触发，至今没有触发。"),
        _NEVER_FIRES,
        _WORKER,
        mendable=True,
    ),
    Code.LETTER_DEAD: Kind(
        Gravity.WARNING,
        N_("消息“%(name)s”（%(correlation)s）多次投递失败，已经停止：%(error)s"),
        N_("发出的决定或通知没有送到，接收的一方不知道。"),
        N_("有环节等待它时，运行 wenze doctor --fix 重新投递；没有时核对接收的案件是否已办结。"),
        mendable=True,
    ),
    Code.LETTER_UNAWAITED: Kind(
        Gravity.WARNING,
        N_("消息“%(name)s”（%(correlation)s）没有环节在等待，已投递%(attempts)s次。"),
        N_("发出的决定或通知没有送到，接收的一方不知道。"),
        N_("核对接收的案件是否已办结，或者关联的编号是否有误。"),
    ),
    Code.LETTER_LATE: Kind(
        Gravity.WARNING,
        N_("消息“%(name)s”（%(correlation)s）应于 %(due)s 投递，至今没有投递。"),
        N_("发出的决定或通知没有送到，接收的一方不知道。"),
        N_("确认后台进程（wenze worker）在运行。"),
    ),
    Code.TASK_ORPHANED: Kind(
        Gravity.ERROR,
        N_("待办事项“%(step)s”在流程中已经不存在。"),
        _INBOX,
        _REDERIVE,
        mendable=True,
    ),
    Code.TASK_MISSING: Kind(
        Gravity.ERROR,
        N_("流程正等待办理“%(step)s”，却没有人的待办中有它。"),
        _INBOX,
        _REDERIVE,
        mendable=True,
    ),
    Code.TASK_CONTRADICTED: Kind(
        Gravity.ERROR,
        N_("“%(step)s”已登记为办结，流程却仍在等待它。"),
        N_("提交的结果没有进入流程，或者流程状态被换成了较早的一份。"),
        _RESTORE,
    ),
    Code.TIMER_ORPHANED: Kind(
        Gravity.ERROR, N_("定时“%(step)s”在流程中已经不存在。"), _NEVER_FIRES, _REDERIVE, mendable=True
    ),
    Code.TIMER_MISSING: Kind(
        Gravity.ERROR,
        N_("流程在等待定时“%(step)s”（%(due)s），却没有登记。"),
        _NEVER_FIRES,
        _REDERIVE,
        mendable=True,
    ),
    Code.TIMER_DIFFERS: Kind(
        Gravity.ERROR,
        N_("定时“%(step)s”登记为 %(row)s，流程中是 %(due)s。"),
        _NEVER_FIRES,
        _REDERIVE,
        mendable=True,
    ),
    Code.SUBSCRIPTION_ORPHANED: Kind(
        Gravity.ERROR, N_("对消息“%(name)s”的等待在流程中已经不存在。"), _UNHEARD, _REDERIVE, mendable=True
    ),
    Code.SUBSCRIPTION_MISSING: Kind(
        Gravity.ERROR, N_("流程在等待消息“%(name)s”，却没有登记。"), _UNHEARD, _REDERIVE, mendable=True
    ),
    Code.INCIDENT_ORPHANED: Kind(
        Gravity.ERROR, N_("登记为受阻的环节“%(step)s”在流程中并未受阻。"), _INBOX, _REDERIVE, mendable=True
    ),
    Code.INCIDENT_MISSING: Kind(
        Gravity.ERROR, N_("环节“%(step)s”受阻，却没有登记，没有人看得到。"), _INBOX, _REDERIVE, mendable=True
    ),
    Code.MIRROR_DIFFERS: Kind(
        Gravity.ERROR,
        N_("案件行记录的%(what)s与登记不一致。"),
        N_("下一次办理只写差额，会漏写或重复写。"),
        _REDERIVE,
        mendable=True,
    ),
    Code.LEFT_OPEN: Kind(
        Gravity.ERROR,
        N_("本件已经办结，却还留有%(what)s“%(step)s”。"),
        N_("已办结的案件仍出现在待办或定时中。"),
        N_("运行 wenze doctor --fix，撤回遗留的登记。"),
        mendable=True,
    ),
    Code.NOT_CLOSED: Kind(
        Gravity.ERROR,
        N_("流程已经结束，本件仍登记为在办。"),
        N_("台账、考核和归档把它当作在办案件。"),
        _REDERIVE,
        mendable=True,
    ),
    Code.CLOSED_EARLY: Kind(
        Gravity.ERROR,
        N_("本件登记为办结，流程却没有结束。"),
        N_("未办的环节再也不会有人办理。"),
        _RESTORE,
    ),
    Code.DRAFT_LEFT: Kind(
        Gravity.NOTE,
        N_("已结束的事项“%(step)s”还留有草稿。"),
        N_("草稿含有个人信息，事项结束后不应保留。"),
        N_("运行 wenze doctor --fix 删除。"),
        mendable=True,
    ),
    Code.STATE_UNREADABLE: Kind(Gravity.ERROR, N_("流程状态已损坏，无法读取。"), N_("本件不能再办理。"), _RESTORE),
    Code.STATE_FORMAT: Kind(
        Gravity.ERROR,
        N_("流程状态是本程序不认识的格式。"),
        N_("可能由更新的程序写成；继续办理会失败。"),
        N_("升级程序，或从备份恢复。"),
    ),
    Code.STATE_FOREIGN: Kind(
        Gravity.ERROR,
        N_("流程状态不属于本件所用的版本。"),
        N_("状态所指的环节在该版本的流程图中不存在，本件不能再办理。"),
        _RESTORE,
    ),
    Code.RELEASE_MISSING: Kind(
        Gravity.ERROR,
        N_("本件所用版本的文件不全或无法读取。"),
        N_("没有流程图、表单和条款登记，本件不能再办理。"),
        _RESTORE,
    ),
    Code.HISTORY_GAP: Kind(Gravity.ERROR, N_("办理经过缺少第 %(position)s 条。"), _EVIDENCE, _RESTORE),
    Code.HISTORY_LENGTH: Kind(
        Gravity.ERROR,
        N_("办理经过有%(lines)s条，案件行记为%(length)s条。"),
        N_("下一次办理会写入已有的序号而失败。"),
        N_("运行 wenze doctor --fix，改正条数。"),
        mendable=True,
    ),
    Code.CHAIN_BROKEN: Kind(Gravity.ERROR, N_("操作日志的校验链在第 %(position)s 条断开。"), _EVIDENCE, _RESTORE),
    Code.FACT_FOREIGN: Kind(
        Gravity.ERROR,
        N_("事实“%(name)s”出自另一件的提交。"),
        N_("本件的认定引用了别处的材料。"),
        _RESTORE,
    ),
    Code.FACT_SCOPE: Kind(
        Gravity.ERROR,
        N_("事实“%(name)s”记在“%(scope)s”名下，提交它的环节却不是办理该对象的。"),
        N_("认定可能记到了别人名下。"),
        N_("由技术人员对照提交的原文核对。"),
    ),
    Code.ANSWER_MISSING: Kind(Gravity.ERROR, N_("已办结的事项“%(step)s”没有提交的内容。"), _TWIN, _RESTORE),
    Code.ANSWER_DOUBLE: Kind(
        Gravity.ERROR, N_("事项“%(step)s”有%(count)s份提交，应为%(expected)s份。"), _TWIN, _RESTORE
    ),
    Code.ANSWER_ALTERED: Kind(
        Gravity.ERROR, N_("事项“%(step)s”提交的内容与操作日志中的摘要不符。"), _EVIDENCE, _RESTORE
    ),
    Code.SIGNER_ALTERED: Kind(
        Gravity.ERROR, N_("事项“%(step)s”的办理人或者办理时间，几处登记互不相同。"), _EVIDENCE, _RESTORE
    ),
    Code.FACT_ALTERED: Kind(
        Gravity.ERROR, N_("事实“%(name)s”与提交它的内容不同。"), N_("后续环节按被改动的事实流转。"), _RESTORE
    ),
    Code.AGENDA_LEFT: Kind(
        Gravity.ERROR,
        N_("本件仍登记在已经结束的会议“%(meeting)s”的议程上。"),
        N_("它不能再列入其他会议，会一直等待审议。"),
        N_("运行 wenze doctor --fix，退回待议。"),
        mendable=True,
    ),
    Code.AGENDA_UNDECIDED: Kind(
        Gravity.ERROR,
        N_("会议已经结束，第%(item)s项议题“%(title)s”却没有议定。"),
        N_("等待该议题结果的案件不会收到决议。"),
        N_("核对会议记录，把案件列入下一次会议。"),
    ),
    Code.PAPER_MISSING: Kind(
        Gravity.ERROR, N_("附件“%(name)s”的文件不存在。"), _EVIDENCE, N_("从附件备份中恢复该文件。")
    ),
    Code.PAPER_DAMAGED: Kind(
        Gravity.ERROR,
        N_("附件“%(name)s”的文件应为%(size)s字节，实为%(found)s字节。"),
        _EVIDENCE,
        N_("从附件备份中恢复该文件。"),
    ),
    Code.FILE_UNOPENABLE: Kind(
        Gravity.ERROR,
        N_("加密保存的文件“%(name)s”打不开：%(problem)s"),
        _EVIDENCE,
        N_("找回密钥文件，或者从附件备份中恢复该文件。"),
    ),
    Code.NUMBER_UNOPENABLE: Kind(
        Gravity.ERROR,
        N_("加密保存的身份证号码“%(masked)s”打不开：%(problem)s"),
        N_("完整的号码再也看不到，经核实的身份无法证明。"),
        N_("找回密钥文件，或者从数据库备份中恢复该号码；都不行的，请填写人重新核对填写。"),
    ),
    Code.FILE_UNCLAIMED: Kind(
        Gravity.NOTE,
        N_("附件目录中的文件没有任何登记。"),
        N_("上传中断留下的文件占用空间，且可能含有个人信息。"),
        N_("运行 wenze doctor --fix 删除。"),
        mendable=True,
    ),
    Code.PACKAGE_UNCLAIMED: Kind(
        Gravity.NOTE,
        N_("归档目录中的归档包没有任何登记。"),
        N_("制作中断留下的归档包占用空间，且含有整件的材料。"),
        N_("后台进程每小时清理一次；也可以运行 wenze doctor --fix 删除。"),
        mendable=True,
    ),
    Code.ROW_ORPHANED: Kind(
        Gravity.ERROR,
        N_("表 %(table)s 中有 %(count)s 行属于已不存在的案件。"),
        N_("数据库的引用不完整，定时和消息会反复失败。"),
        N_("运行 wenze doctor --fix 清理定时、等待和受阻的登记；其余由技术人员核对。"),
        mendable=True,
    ),
    Code.SEARCH_LOST: Kind(
        Gravity.WARNING,
        N_("本件登记为已编入检索，检索中却没有它。"),
        N_("按案号、文号和内容都检索不到本件。"),
        N_("运行 wenze doctor --fix，由后台进程重新编入。"),
        mendable=True,
    ),
    Code.NUMBERS_BEHIND: Kind(
        Gravity.ERROR,
        N_("编号“%(kind)s”%(year)s年登记到第%(value)s号，已经发出第%(given)s号。"),
        N_("下一个编号会与已有的重复，无法登记。"),
        N_("运行 wenze doctor --fix，从已发出的最大编号接着编。"),
        mendable=True,
    ),
    Code.ROLE_UNTOLD: Kind(
        Gravity.ERROR,
        N_("%(person)s的岗位“%(role)s”在操作日志中没有授予的记录。"),
        N_("未经授权取得的岗位，可以办理和查看不该接触的案件。"),
        N_("由安全管理员和审计管理员核对；不是依规授予的，立即撤销。"),
    ),
}
