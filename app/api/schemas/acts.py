"""What a caller sends for the acts beside a step, and asks of figures."""

from marshmallow import fields, validate

from app.api.schemas.fields import COMMON, Number, Text
from app.api.schemas.taken import Taken
from app.domain.errors import N_

LONGEST_REASON = 2000
NOT_A_DAY = N_("此项应为日期，例如 2026-03-02。")


class Day(fields.Date):
    default_error_messages = {**COMMON, "invalid": NOT_A_DAY, "format": NOT_A_DAY}


class Flag(fields.Boolean):
    default_error_messages = {**COMMON, "invalid": N_("此项应为 true 或 false。")}


class Reasoned(Taken):
    reason = Text(required=True, longest=500)


class Suspending(Reasoned):
    basis = Text(required=True, longest=500, metadata={"description": "The clause or statute that allows it."})


class Extension(Reasoned):
    until = Day(load_default=None, allow_none=True, metadata={"description": "The new last day."})
    period = Text(load_default="", longest=20, metadata={"description": "ISO 8601 duration, instead of a day."})


class Revealing(Taken):
    reason = Text(required=True, longest=300, metadata={"description": "Why; it is kept with who and when."})


class RecusalRequest(Taken):
    person_id = Text(load_default=None, allow_none=True, metadata={"description": "Null: the caller himself."})
    ground = Text(required=True, metadata={"description": "NEAR_RELATIVE, WITNESS, INTEREST or OTHER."})
    reason = Text(required=True, longest=LONGEST_REASON)


class RecusalDecision(Taken):
    granted = Flag(required=True)
    reason = Text(required=True, longest=LONGEST_REASON)


class NewSubject(Taken):
    kind = Text(required=True, metadata={"description": "PERSON or ORGAN."})
    organ_id = Text(required=True)
    person_id = Text(load_default=None, allow_none=True)
    role = Text(required=True)
    reason = Text(required=True, longest=LONGEST_REASON)


class SubjectStatus(Taken):
    status = Text(required=True, metadata={"description": "A code of the option list CURRENT_STATUS."})
    since = Day(required=True)
    reason = Text(required=True, longest=LONGEST_REASON)
    papers = fields.List(
        Text(),
        required=True,
        error_messages={**COMMON, "invalid": N_("此项应为清单。")},
        metadata={"description": "Ids of uploaded papers that prove it."},
    )
    organ_id = Text(load_default=None, allow_none=True, metadata={"description": "Where a transferred person serves."})
    consented = Flag(load_default=False, metadata={"description": "The supervision organ agrees, where it must."})


class CalendarQuery(Taken):
    year = Number(load_default=None, allow_none=True)


def _year() -> Number:
    return Number(load_default=None, allow_none=True, validate=validate.Range(1990, 2999, error=N_("年份不正确。")))


class YearQuery(Taken):
    year = _year()
    regulation = Text(load_default=None, allow_none=True)


class BulletinQuery(YearQuery):
    quarter = Number(load_default=None, allow_none=True, validate=validate.Range(1, 4, error=N_("季度应为1至4。")))


class LedgerQuery(Taken):
    year = _year()
    organ = Text(load_default="")
    case_type = Text(load_default="")
    stage = Text(load_default="")
    text = Text(load_default="", longest=100)
    page = Number(load_default=1, validate=validate.Range(1, 100000, error=N_("页码不正确。")))
    limit = Number(load_default=50, validate=validate.Range(1, 100, error=N_("每页条数应在1至100之间。")))
