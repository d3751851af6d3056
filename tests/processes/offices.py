"""The shipped diagrams at work on the engine alone: offices that answer, operations that are small fakes."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.advance import Advance, OpenTask, ServiceRequest
from app.engine import run
from app.engine.parse import Definition, parse
from app.law.register import parse as parse_register
from tests.engine.proceedings import Proceeding

FOLDER = Path(__file__).parents[2] / "processes"
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Nine o'clock in the office."""

MEMBERS = [f"demo.{code}" for code in ("sfj", "jw", "fy", "jcy", "rsj", "czj", "gaj")]
ORGAN = {"id": "S1", "kind": "ORGAN", "name": "某局", "organ": "demo.zjj", "person": None, "role": "IMPLEMENTING"}
CLERK = {"id": "S2", "kind": "PERSON", "name": "甲", "organ": "demo.zjj", "person": "p-clerk", "role": "HANDLER"}
CHIEF = {"id": "S3", "kind": "PERSON", "name": "乙", "organ": "demo.zjj", "person": "p-chief", "role": "APPROVER"}

FACTS: dict[str, Any] = {
    "number": "0001",
    "lead_organ": "demo.zjj",
    "filing_anchor": "2026-03-02",
    "compensation_amount": None,
    "compensation_paid": None,
    "compensation_owed": None,
    "compensation_part": None,
    "scope_decision": None,
    "scope_kind": "DIRECT",
    "act_date": "2025-09-01",
    "nominal_entity": "demo.zjj",
    "implementing_entities": ["demo.zjj"],
}
SWITCHES: dict[str, Any] = dict(parse_register((FOLDER / "jinzhai-2017-50.law.yml").read_bytes()).switches)
"""Every open question answered as recommended."""
FACTS["switches"] = SWITCHES
MEETING: dict[str, Any] = {"number": "M1", "meeting_date": "2026-04-20T09:00:00+08:00", "switches": SWITCHES}
MEMBER_ROLES = {"sfj": "jmo.director", "jw": "sup.head", "fy": "court.liaison", "jcy": "procuratorate.liaison"}
DATES = {
    "effective_date": "2026-03-02",
    "legal_effect": True,
    "filing_due_at": "2026-03-13T00:00:00+08:00",
    "filing_remind_at": "2026-03-08T09:00:00+08:00",
    "filing_remind2_at": "2026-03-11T09:00:00+08:00",
    "filing_unfiled_at": "2026-03-28T00:00:00+08:00",
    "effect_check_at": None,
}

NORMAL: dict[str, dict[str, Any]] = {
    "T_register": {"case_type": "REVOKE", "issuing_body": "COURT"},
    "T_effect": {"effect_status": "EFFECTIVE"},
    "T_scope": {"scope_decision": "DIRECT", "scope_article": "JZ-3(1)"},
    "T_lead": {"lead_accepted": True},
    "T_review": {"review_result": "PASSED"},
    "T_sign": {"sign_result": "SIGNED"},
    "T_check": {"check_result": "ACCEPTED"},
    "T_check_director": {"second_result": "ACCEPTED"},
    "T_consult": {"date_reply": "AGREE"},
    "T_late": {"late_handling": "RECORD"},
    "T_agenda": {"agenda_decision": "FIX"},
    "T_hold": {"held": "HELD", "attendances": [{"member": member} for member in MEMBERS]},
    "T_discuss": {"resolution": "PURSUE"},
    "T_discuss_other": {"resolution": "ADOPTED"},
    "T_countersign": {"decision": "AGREE"},
    "T_mediate": {"resolution": "PURSUE", "other_resolution": "ADOPTED"},
    "T_no_consent": {"no_consent_way": "ESCALATE"},
    "T_escalate": {"ruling": "NOT_PURSUE", "other_ruling": "NOT_ADOPTED"},
    "T_receive": {"receipt_result": "RECEIVED"},
    "T_docket_deputy": {"deputy_result": "AGREE"},
    "T_docket_head": {"head_decision": "APPROVED"},
    "T_recusal": {"relation": "NONE"},
    "T_recusal_decision": {"recusal_result": "KEEP"},
    "T_reply": {"complied": "COMPLIED"},
    "T_entity": {"mental_state": "GROSS_NEGLIGENCE", "fault_codes": ["FAULT_PROCEDURE"]},
    "T_person": {"mental_state": "GROSS_NEGLIGENCE", "fault_codes": ["FAULT_PROCEDURE"], "is_leading_cadre": False},
    "T_report": {"referral_needed": False},
    "T_adjudicate": {"adjudication_result": "AGREED"},
    "T_signoff": {"signoff_result": "SIGNED"},
    "T_prior_notice": {"due": "2026-03-09"},
    "T_hear": {"accepted": "REJECTED", "new_facts_found": False, "sup_competent": False},
    "T_noncoop": {"noncoop_next": "PROCEED"},
    "T_office_reply": {"office_reply": "ACCEPTED"},
    "T_referral": {"suspends_person": False},
    "T_result": {"referral_result": "SANCTIONED"},
    "T_advice_reply": {"adopted": "ADOPTED"},
    "T_draft_decision": {"kind": "ACCOUNTABLE"},
    "T_decide": {"sign_result": "SIGNED"},
    "T_opinion": {"recover": True, "recovery_persons": ["S2"]},
    "T_paid": {"received": 100, "fully_paid": True},
    "T_confirm": {"confirmed": "CONFIRMED"},
}
"""What each office answers on the normal route."""


def successive(*values: Any) -> Callable[[Any], Any]:
    """An operation that answers one value after the other, the last one for ever."""
    left = list(values)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


Operations = Mapping[str, Callable[[ServiceRequest], Any]]
OPERATIONS: dict[str, Callable[[ServiceRequest], Any]] = {
    "case/compute_dates": lambda _: DATES,
    "case/record_subjects": lambda _: [ORGAN, CLERK, CHIEF],
    "case/pending_subjects": lambda _: [],
    "case/subjects": lambda _: [ORGAN, CLERK, CHIEF],
    "case/investigators": lambda _: ["p-one", "p-two"],
    "case/tell_followers": lambda _: [],
    "case/close": lambda request: request.parameters["outcome"],
    "subject/repeats": lambda _: False,
    "subject/record_decision": lambda request: f"D-{request.parameters['subject_id']}",
    "subject/suspended": lambda _: False,
    "subject/current_status": lambda _: None,
    "subject/standing": lambda _: {"current_status": None, "current_organ": None},
    "subject/conclude": lambda request: f"{request.parameters['subject_id']} concluded",
    "numbers/issue": lambda request: f"{request.parameters['kind']}-1",
    "meeting/members": lambda _: MEMBERS,
    "meeting/lock_agenda": lambda _: [],
    "meeting/add_items": lambda _: [],
    "meeting/adopted_items": lambda _: [],
    "meeting/return_to_pool": lambda request: request.parameters["outcome"] or "POSTPONED",
    "meeting/member_roles": lambda _: [
        {"organ": member, "roles": [MEMBER_ROLES.get(member.removeprefix("demo."), "member.signatory")]}
        for member in MEMBERS
    ],
    "meeting/check_pack": lambda _: "ON_TIME",
    "meeting/votes": lambda _: [],
    "meeting/record_resolution": lambda request: f"{request.parameters['item_no']} {request.parameters['resolution']}",
    "meeting/close": lambda _: "CLOSED",
    "notify/send": lambda _: "SENT",
}


def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in (".bpmn", ".dmn")}


@cache
def shipped(process: str) -> Definition:
    return parse(files(), process)


class Walk(Proceeding):
    """A shipped process. It answers service requests itself and remembers what happened."""

    def __init__(
        self,
        process: str,
        *,
        operations: Operations | None = None,
        facts: Mapping[str, Any] | None = None,
        now: datetime = MONDAY,
        definition: Definition | None = None,
        **variables: Any,
    ) -> None:
        self.operations = {**OPERATIONS, **(operations or {})}
        self.requests: list[ServiceRequest] = []
        self.passed: list[str] = []
        self.done: list[str] = []
        self.messages: list[dict[str, Any]] = []
        context = {"case": {**FACTS, **(facts or {})}, "meeting": MEETING}
        super().__init__(definition or shipped(process), context=context, now=now, **variables)
        self.keep(self.last)

    def keep(self, advance: Advance) -> Advance:
        while advance.requests:
            self.requests += advance.requests
            results = {request.id: self.operations[request.operation](request) for request in advance.requests}
            advance = run.resume(advance, results, context=self.context)
        super().keep(advance)
        self.passed += [step.step_id for step in advance.steps]
        self.messages += [{"message": thrown.message, **thrown.payload} for thrown in advance.messages]
        assert not advance.incidents, [(i.step_id, i.sentence % i.values, i.detail) for i in advance.incidents]
        return advance

    def do(self, step_id: str, _of: Mapping[str, Any] | None = None, /, **answers: Any) -> Advance:
        """Complete a step; what is not answered is answered as on the normal route."""
        self.done.append(step_id)
        return super().do(step_id, _of, **{**NORMAL.get(step_id, {}), **answers})

    def go_on(self, *, until: str = "", **answers: Mapping[str, Any]) -> "Walk":
        """Complete whatever is open, until a step opens or nobody has anything to do. `answers` are by step."""
        for _ in range(300):
            waiting = [task for task in self.tasks if task.step_id != until]
            if not waiting or any(task.step_id == until for task in self.tasks):
                return self
            self._answer(waiting[0], answers.get(waiting[0].step_id, {}))
        raise AssertionError(f"still going on: {self.open}")

    def _answer(self, task: OpenTask, answers: Mapping[str, Any]) -> None:
        self.done.append(task.step_id)
        self.complete(task.id, **{**NORMAL.get(task.step_id, {}), **answers})

    def variables_at(self, step_id: str) -> Mapping[str, Any]:
        return self.task(step_id).variables
