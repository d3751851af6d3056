"""How old the act is that the case is about: what a person must weigh because no text fixes a limitation period."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.deadlines import add_months
from app.domain.errors import N_, Sentence
from app.domain.wording import day_in_words

_YEARS = re.compile(r"^P(\d{1,2})Y$")


def warnings_on(
    act_date: date | None, *, opened_on: date, in_force_from: date, switches: Mapping[str, Any]
) -> tuple[Sentence, ...]:
    """Warnings for the head of a case (law.md 6, R26 and R27). They stop nothing.

    The age is counted from the act to the day the case was opened, by the rule setting `limitationWarn`.
    """
    if act_date is None:
        return ()
    warnings = []
    limit = _YEARS.match(str(switches.get("limitationWarn") or ""))
    if limit and add_months(act_date, 12 * int(limit[1])) <= opened_on:
        warnings.append(
            Sentence(
                N_("行为发生于%(day)s，至登记时已满%(years)s年。文本没有追究时效，是否追究请说明理由。"),
                day=day_in_words(act_date),
                years=_full_years(act_date, opened_on),
            )
        )
    if act_date < in_force_from:
        warnings.append(
            Sentence(
                N_("行为发生于%(day)s，早于文本施行之日（%(begin)s），能否适用须由人决定。"),
                day=day_in_words(act_date),
                begin=day_in_words(in_force_from),
            )
        )
    return tuple(warnings)


def _full_years(begin: date, end: date) -> int:
    years = end.year - begin.year
    return years if add_months(begin, 12 * years) <= end else years - 1
