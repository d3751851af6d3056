"""What `policy.yml` says: who, in which relation, at which stage, may see or do how much with which datum.

The file is read once, when the program starts; a word in it that nobody knows stops the start. `app.domain.access` asks
here for every answer that it gives, and `storage.visibility` turns the same answers into SQL.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from app import yamlfiles
from app.domain.errors import N_
from app.domain.roles import ROLES, Side

FILE = Path(__file__).with_name("policy.yml")
EVERYBODY, EVERY_STAGE = "everybody", "everyStage"


class Level(IntEnum):
    NONE = 0
    STATUS = 1
    READ = 2
    ACT = 3


class Stage(StrEnum):
    OPEN = "open"
    """Nothing is decided; of a meeting: it is not closed."""
    DECIDED = "decided"
    ARCHIVED = "archived"


class Relation(StrEnum):
    OTHER_COUNTY = "other_county"
    RECUSED = "recused"
    OTHER_ORGAN = "other_organ"
    SUPERIOR = "superior"
    UNIT = "unit"
    OWN = "own"
    ABOUT_UNIT = "about_unit"
    ABOUT_OWN = "about_own"
    LINKED_OWN = "linked_own"
    DEPUTY = "deputy"
    SERVED_SUBJECT = "served_subject"
    ANSWERS = "answers"
    REMEDIED = "remedied"
    READER = "reader"
    AUTHOR = "author"
    SAME_POST = "same_post"
    VOTER = "voter"
    ADDRESSED = "addressed"
    CANDIDATE = "candidate"
    HOLDER = "holder"
    FREE = "free"
    DONE = "done"
    DELEGATOR = "delegator"
    DELEGATED = "delegated"
    SEPARATED = "separated"
    SEPARATED_DONE = "separated_done"
    ANYBODY = "anybody"


RELATION_NAMES: Mapping[Relation, str] = {
    Relation.OTHER_COUNTY: N_("不是本县的"),
    Relation.RECUSED: N_("本人已回避"),
    Relation.OTHER_ORGAN: N_("本县其他机关的"),
    Relation.SUPERIOR: N_("岗位及于全县"),
    Relation.UNIT: N_("本机关的案件"),
    Relation.OWN: N_("有环节交给本人或本人岗位"),
    Relation.ABOUT_UNIT: N_("关联程序所涉的是本机关的案件"),
    Relation.ABOUT_OWN: N_("关联程序所涉的案件有本人的环节"),
    Relation.LINKED_OWN: N_("案件的关联程序有本人的环节"),
    Relation.DEPUTY: N_("代理他人"),
    Relation.SERVED_SUBJECT: N_("本人（或所代表的机关）是责任对象"),
    Relation.ANSWERS: N_("本人在该案中承担责任"),
    Relation.REMEDIED: N_("本人办理过该案的复核申诉"),
    Relation.READER: N_("看得到该案卷"),
    Relation.AUTHOR: N_("本人提交、上传或办理的"),
    Relation.SAME_POST: N_("担任提交该材料的岗位"),
    Relation.VOTER: N_("本人已对该议题会签"),
    Relation.ADDRESSED: N_("环节交给本人或本人岗位（含代理）"),
    Relation.CANDIDATE: N_("可以领办"),
    Relation.HOLDER: N_("本人（或被代理人）已签收"),
    Relation.FREE: N_("无人签收"),
    Relation.DONE: N_("本人办过"),
    Relation.DELEGATOR: N_("本人委派出去"),
    Relation.DELEGATED: N_("他人委派来的"),
    Relation.SEPARATED: N_("办过应当分离的环节，或者已回避"),
    Relation.SEPARATED_DONE: N_("应当分离或者回避，且环节已办结"),
    Relation.ANYBODY: N_("不论关系"),
}

SIDE_NAMES: Mapping[Side, str] = {
    Side.ORGAN: N_("涉案机关"),
    Side.OFFICE: N_("联席会议办公室和归口登记"),
    Side.MEMBER: N_("成员单位"),
    Side.SUPERVISION: N_("监察和调查"),
    Side.DECIDER: N_("决定机关"),
    Side.EXECUTION: N_("执行"),
    Side.SUBJECT: N_("责任人员和责任机关"),
    Side.OVERSIGHT: N_("督办领导"),
    Side.ADMINISTRATION: N_("管理"),
}

DATA_NAMES: Mapping[str, str] = {
    "case": N_("案卷"),
    "own_procedure": N_("本人的申请程序"),
    "text.ORGAN": N_("涉案机关写的"),
    "text.OFFICE": N_("办公室写的"),
    "text.MEMBER": N_("成员单位写的"),
    "text.SUPERVISION": N_("监察和调查写的"),
    "text.DECIDER": N_("决定机关写的"),
    "text.EXECUTION": N_("执行写的"),
    "text.SUBJECT": N_("责任人员和责任机关写的"),
    "text.OVERSIGHT": N_("督办领导写的"),
    "own_text": N_("本人写的"),
    "votes": N_("会签意见"),
    "own_decision": N_("给本人的决定书"),
    "own_notice": N_("送达给本人的告知书、通知书"),
    "paper.readers": N_("材料的查阅记录"),
    "paper.replace": N_("更换材料版本"),
    "judging": N_("调查、审议、决定的环节"),
    "remedying": N_("办理复核申诉"),
    "deputising": N_("以被代理人的岗位行事"),
    "step.take": N_("领办环节"),
    "step.read": N_("查看环节"),
    "step.claim": N_("签收"),
    "step.complete": N_("办理"),
    "step.release": N_("退回待领"),
    "step.transfer": N_("转办"),
    "step.return": N_("退回"),
    "step.delegate": N_("委派"),
    "step.ask": N_("加签、征求意见"),
    "done_steps": N_("已办事项"),
    "subjects.add": N_("追加责任对象"),
    "status.record": N_("登记人员状态"),
    "identity_number": N_("查看完整的身份证号码"),
    "series.separate": N_("分出系列案件"),
    "court.exchange": N_("核对裁判清单"),
    "court.case": N_("依职权登记清单所列案件"),
    "archive": N_("归档包"),
    "overview": N_("概览"),
    "process_status": N_("办理情况图"),
    "load": N_("各人手中的件数"),
    "policy": N_("权限策略"),
    "time.ORGAN": N_("涉案机关环节的时限"),
    "time.OFFICE": N_("办公室环节的时限"),
    "time.MEMBER": N_("成员单位环节的时限"),
    "time.SUPERVISION": N_("监察和调查环节的时限"),
    "time.DECIDER": N_("决定机关环节的时限"),
    "time.EXECUTION": N_("执行环节的时限"),
    "time.SUBJECT": N_("申辩环节的时限"),
    "time.OVERSIGHT": N_("督办环节的时限"),
    "supervise": N_("督办任何环节"),
    "recusal.ORGAN": N_("决定涉案机关人员的回避"),
    "recusal.OFFICE": N_("决定办公室人员的回避"),
    "recusal.MEMBER": N_("决定成员单位人员的回避"),
    "recusal.SUPERVISION": N_("决定监察和调查人员的回避"),
    "recusal.DECIDER": N_("决定决定机关人员的回避"),
    "recusal.EXECUTION": N_("决定执行人员的回避"),
    "recusal.superior": N_("决定负责人本人的回避"),
    "rules.set": N_("规则设置"),
    "law.import": N_("导入法规文本"),
    "calendar.import": N_("导入放假安排"),
    "calendar.missing": N_("缺少放假安排的提醒"),
    "totals.set": N_("填报审结数"),
    "meeting.open": N_("提议召开会议"),
    "series.register": N_("批量登记系列案"),
    "incident.retry": N_("重试受阻环节"),
    "definitions.change": N_("起草、发布流程"),
    "definitions.migrate": N_("给在办的件换版"),
    "definitions.read": N_("流程版本"),
    "packs": N_("制度包"),
    "accounts.read": N_("人员、岗位、登录和安全策略"),
    "accounts.make": N_("建县、建机关、建账号"),
    "accounts.shut_out": N_("停用账号"),
    "accounts.authorise": N_("授予撤销岗位、启用账号、重置密码"),
    "sessions.end": N_("解除锁定、结束登录"),
    "security.set": N_("修改安全策略"),
    "grants.confirm": N_("复核三员的授权"),
    "operations": N_("运行维护和技术处置"),
    "journal": N_("审计日志（查阅、导出、核对）"),
    "journal.erase": N_("清理到期日志、依法删除内容"),
    "journal.witness": N_("监督清理和删除"),
}
APART: tuple[frozenset[str], ...] = (
    frozenset({"accounts.make", "grants.confirm", "operations"}),
    frozenset({"accounts.authorise", "sessions.end", "security.set"}),
    frozenset({"journal", "journal.erase"}),
    frozenset({"case", "step.take"}),
)
"""三员分立 as the file has to keep it: no post has something of two of these."""
STAGE_NAMES: Mapping[Stage, str] = {
    Stage.OPEN: N_("尚未决定"),
    Stage.DECIDED: N_("已经决定"),
    Stage.ARCHIVED: N_("已经办结"),
}
LEVEL_NAMES: Mapping[Level, str] = {
    Level.NONE: N_("不可见"),
    Level.STATUS: N_("只见进度或概数"),
    Level.READ: N_("可阅读"),
    Level.ACT: N_("可办理"),
}
STAGED = frozenset({"votes", "own_decision"})
"""What changes with the stage. Lists are cut by SQL that asks for no stage, so that no other rule may name one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the file."""

    id: str
    who: frozenset[str]
    """Sides and roles; empty for everybody."""
    without: frozenset[str]
    relations: frozenset[Relation]
    stages: frozenset[Stage]
    data: tuple[str, ...]
    level: Level
    why: str
    why_en: str

    def fits(self, role: str, relations: Collection[Relation], stage: Stage) -> bool:
        return stage in self.stages and not self.relations.isdisjoint(relations) and self.is_for(role)

    def is_for(self, role: str) -> bool:
        if not self.who:
            return True
        side = ROLES[role].side.value if role in ROLES else ""
        return role not in self.without and (role in self.who or side in self.who)


@dataclass(frozen=True)
class Policy:
    rules: tuple[Rule, ...]
    _known: dict[tuple[str, frozenset[Relation], str, Stage], Level] = field(default_factory=dict, compare=False)

    @cached_property
    def _by_datum(self) -> Mapping[str, tuple[Rule, ...]]:
        return {datum: tuple(rule for rule in self.rules if datum in rule.data) for datum in DATA_NAMES}

    def level(self, role: str, relations: Iterable[Relation], datum: str, *, stage: Stage = Stage.OPEN) -> Level:
        """How much who holds the role sees or may do; the empty role is somebody whose post does not matter.

        What nobody allowed is NONE; of several rules the widest counts, but one that says NONE settles it.
        """
        asked = role, frozenset(relations), datum, stage
        if asked not in self._known:
            self._known[asked] = self._level(*asked)
        return self._known[asked]

    def _level(self, role: str, relations: frozenset[Relation], datum: str, stage: Stage) -> Level:
        levels = [rule.level for rule in self._by_datum[datum] if rule.fits(role, relations, stage)]
        return Level.NONE if Level.NONE in levels else max(levels, default=Level.NONE)

    def bars(self, role: str, relation: Relation, datum: str) -> bool:
        """Whether being so related alone shuts out."""
        rules = self._by_datum[datum]
        return any(rule.level is Level.NONE and rule.fits(role, {relation}, Stage.OPEN) for rule in rules)


def policy_of(data: Any) -> Policy:
    """The file's own mapping -> the policy. Raises ValueError with the rule's id at a word that nobody knows."""
    rules = tuple(_rule(row) for row in data["rules"])
    ids = [rule.id for rule in rules]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if twice:
        raise ValueError(f"policy: twice {twice}")
    _ensure_apart(rules)
    return Policy(rules)


def _ensure_apart(rules: Iterable[Rule]) -> None:
    """Raises ValueError where a post has what belongs to two of the administrators, or to one of them and to business.

    A rule for everybody names whoever is related to a case; that no administrator ever is the database sees to.
    """
    allowed = [rule for rule in rules if rule.who and rule.level is not Level.NONE]
    for role in ROLES:
        held = {datum for rule in allowed if rule.is_for(role) for datum in rule.data}
        parts = [sorted(part & held) for part in APART if part & held]
        if len(parts) > 1:
            raise ValueError(f"policy: {role} holds {parts}, which are kept apart")


def _rule(row: Mapping[str, Any]) -> Rule:
    try:
        rule = Rule(
            id=row["id"],
            who=frozenset() if row["who"] == [EVERYBODY] else frozenset(row["who"]),
            without=frozenset(row.get("except", ())),
            relations=frozenset(map(Relation, row["relation"])),
            stages=frozenset(Stage) if row["stages"] == [EVERY_STAGE] else frozenset(map(Stage, row["stages"])),
            data=tuple(row["data"]),
            level=Level[row["level"].upper()],
            why=row["why"],
            why_en=row["en"],
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise ValueError(f"policy {row.get('id')}: {error}") from error
    _ensure_known(rule)
    return rule


def _ensure_known(rule: Rule) -> None:
    unknown = (rule.who | rule.without) - set(ROLES) - set(Side) | set(rule.data) - set(DATA_NAMES)
    if unknown:
        raise ValueError(f"policy {rule.id}: unknown {sorted(unknown)}")
    if len(rule.stages) < len(Stage) and not set(rule.data) <= STAGED:
        raise ValueError(f"policy {rule.id}: does not change with the stage")


POLICY = policy_of(yamlfiles.read(FILE.read_bytes()))
