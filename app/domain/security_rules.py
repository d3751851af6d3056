"""安全策略: what the security administrator may set, with the product's own values (等保 2.0, level 3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import N_


@dataclass(frozen=True, slots=True)
class SecurityLimit:
    """One value of the policy: a whole number between two ends; 0 stands for no such demand where the least is 0."""

    name: str
    label: str
    default: int
    least: int
    most: int
    help: str = ""


LIMITS = {
    limit.name: limit
    for limit in (
        SecurityLimit("password_length", N_("密码最少位数"), 10, 8, 64),
        SecurityLimit("password_kinds", N_("至少包含几类字符"), 3, 1, 4, N_("大写字母、小写字母、数字、符号")),
        SecurityLimit("password_days", N_("密码有效天数"), 90, 0, 365, N_("0 表示不要求定期更换")),
        SecurityLimit("password_history", N_("不得与最近几次密码相同"), 5, 0, 24),
        SecurityLimit("password_words", N_("禁止常见密码和含姓名、机关的密码"), 1, 0, 1, N_("1 为禁止，0 为不检查")),
        SecurityLimit("lock_failures", N_("连续失败几次后锁定"), 5, 3, 10),
        SecurityLimit("lock_minutes", N_("锁定分钟数"), 15, 5, 1440),
        SecurityLimit("idle_minutes", N_("无操作几分钟后退出"), 30, 5, 240),
        SecurityLimit("session_hours", N_("登录最长小时数"), 12, 1, 24),
        SecurityLimit("unused_days", N_("账号停用前的闲置天数"), 90, 0, 365, N_("0 表示不冻结闲置账号")),
        SecurityLimit(
            "second_factor",
            N_("必须启用双因素验证的人员"),
            0,
            0,
            3,
            N_("0 无；1 管理岗位；2 另加监察、决定岗位；3 全部"),
        ),
        SecurityLimit("step_up_signing", N_("签署决定前再次验证身份"), 0, 0, 1, N_("1 为要求，0 为不要求")),
        SecurityLimit("step_up_publishing", N_("发布流程前再次验证身份"), 0, 0, 1, N_("1 为要求，0 为不要求")),
        SecurityLimit("step_up_granting", N_("授予岗位前再次验证身份"), 1, 0, 1, N_("1 为要求，0 为不要求")),
    )
}

STRICT = {"step_up_signing": 1, "step_up_publishing": 1}
"""What a real office begins with, set by the first-run wizard. A demonstration asks nobody twice."""


@dataclass(frozen=True, slots=True)
class SecurityRules:
    """The policy in force: the values set, and the product's own for all others."""

    values: Mapping[str, int]

    def of(self, name: str) -> int:
        return self.values.get(name, LIMITS[name].default)

    def is_set(self, name: str) -> bool:
        """Whether somebody has chosen the value."""
        return name in self.values


def problem_of(name: str, text: str) -> str | None:
    """What is wrong with a value that somebody entered; None for a good one."""
    limit = LIMITS[name]
    if not (text.isascii() and text.isdigit() and len(text) < 6 and limit.least <= int(text) <= limit.most):
        return N_("请填写允许范围内的整数。")
    return None
