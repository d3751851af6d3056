"""Checks and reports in code that carry clauses: their names in the registers, what they do, and where they are."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import N_


@dataclass(frozen=True, slots=True)
class Duty:
    """Something in code that carries a clause."""

    label: str
    """What it does, as a message id."""
    where: str
    """`module:function`; a test imports it. Text, because this room knows nobody above it."""


CHECKS: Mapping[str, Duty] = {
    "in-force": Duty(N_("开案时核对办法是否有效"), "app.services.cases:open_case"),
    "county-only": Duty(N_("只受理本县机关的案件，数据不出本县"), "app.storage.visibility:visible_proceedings"),
}
"""Registered guards: name in `check:<name>` -> what it does. One line for each guard that a clause relies on."""

REPORTS: Mapping[str, Duty] = {
    "assessment": Duty(N_("年度考核表：按机关列出各项指标的分子和分母"), "app.queries.sheets:assessment_sheet"),
    "bulletin": Duty(N_("通报：败诉情况和追责情况"), "app.queries.bulletins:bulletin"),
    "ledger": Duty(N_("台账：每案一行，可以导出"), "app.queries.ledger:ledger"),
    "court-list": Duty(N_("法院清单核对：找出未报备案件"), "app.queries.exchange:reconciliation"),
}
"""Registered reports: name in `report:<name>` -> what it shows."""

PAGES: Mapping[str, str] = {
    "rules.show": N_("规则设置：机关的实施细则"),
}
"""Screens that carry a clause: endpoint in `page:<endpoint>` -> what is done there."""
