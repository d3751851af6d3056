"""Demonstration data: invented people, published cases in different stages, all through the services."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from app.domain.deadlines import OFFICE_ZONE
from app.queries import counts
from app.queries.evidence import subjects_of
from app.scenarios.demo_papers import paper_of
from app.scenarios.player import Player
from app.scenarios.world import World, read_yaml
from app.services import definitions, organisation


def load(folder: Path, *, password: str, now: datetime) -> Iterator[str]:
    """Load what is not there yet; says what was done, one sentence at a time."""
    yield from furnish(folder, password=password, now=now)
    for path in sorted(folder.glob("plan*.yml")):
        plan = read_yaml(path)
        if counts.cases_of(plan["county"]) == 0:
            yield from play_plan(plan, folder, now=now)


def furnish(folder: Path, *, password: str, now: datetime) -> Iterator[str]:
    """The people of all counties and the procedures, as far as they are not there yet."""
    for path in sorted(folder.glob("*.yml")):
        data = read_yaml(path)
        if isinstance(data, dict) and "people" in data:
            added = organisation.import_file(path, password=password, demo=True, now=now)
            if added:
                yield f"{path.stem}：新增账号{added}个"
    root = folder.parent
    for name in definitions.publish_seeds(root / "processes", root / "forms", by="wenze", now=now):
        yield f"发布流程：{name}"


def play_plan(plan: dict[str, Any], folder: Path, *, now: datetime) -> Iterator[str]:
    """Play the acts of a plan in the order of their days, never past `now`."""
    begins, cases = morning(plan["begins"]), plan.get("cases", "cases.yml")
    stage = Stage(folder, county=plan["county"], begins=begins, ends=now, cases=cases)
    for act in plan["acts"]:
        moment = morning(act["day"])
        if moment >= now:
            break
        stage.world.move_to(moment)
        yield stage.perform(act)
    stage.world.move_to(now)


def morning(day: Any) -> datetime:
    """Nine o'clock of a day."""
    return datetime.combine(datetime.fromisoformat(str(day)).date(), time(9), OFFICE_ZONE)


class Stage:
    """The acts of a plan: `open`, `play`, `meet`, `procedure`, each on its day."""

    def __init__(
        self, folder: Path, *, county: str, begins: datetime, ends: datetime, cases: str = "cases.yml"
    ) -> None:
        self.world = World(
            county=county,
            now=begins,
            usual=read_yaml(folder / "answers.yml"),
            pace=timedelta(minutes=80),
            paper=paper_of,
        )
        self.cases = {case["id"]: case for case in read_yaml(folder / cases)["cases"]}
        self.players: dict[str, Player] = {}
        self.ends = ends

    def perform(self, act: dict[str, Any]) -> str:
        """One act; returns what was done."""
        if "open" in act:
            return self._open(act)
        if "meet" in act:
            return self._meet(act)
        if "procedure" in act:
            return self._procedure(act)
        player = self.players[act["play"]]
        player.answers.update(act.get("answers") or {})
        player.play(until=act.get("until"), before=self.ends, leave=act.get("leave") or ())
        return f"{act['play']}：{player.standing()}"

    def _open(self, act: dict[str, Any]) -> str:
        """Open a published case as its organ's reporter, and go on until `until`."""
        player = self.begin(act)
        player.play(until=act.get("until"), before=self.ends, leave=act.get("leave") or ())
        return f"{act['open']}：{player.standing()}"

    def begin(self, act: dict[str, Any]) -> Player:
        """Open a published case; its document is not registered yet."""
        return self.open(self.enter(act))

    def enter(self, act: dict[str, Any]) -> Player:
        """Somebody who plays a published case, which is not opened yet."""
        case = self.cases[act["open"]]
        answers = {**answers_of(case), **(case.get("answers") or {}), **(act.get("answers") or {})}
        self.players[act["open"]] = Player(self.world, act["open"], answers=answers)
        return self.players[act["open"]]

    def open(self, player: Player) -> Player:
        """As the reporter of the organ that lost the case."""
        return player.open_case(f"{self.world.county}.organ.reporter.{self.cases[player.name]['lead_organ']}")

    def _meet(self, act: dict[str, Any]) -> str:
        """A joint meeting on several cases."""
        player = self.meeting(act)
        player.open_meeting(f"{self.world.county}.jmo.director")
        player.play(until=act.get("until"), before=self.ends, leave=act.get("leave") or ())
        return f"{act['meet']}：{player.standing()}"

    def meeting(self, act: Mapping[str, Any]) -> Player:
        """Somebody who plays a joint meeting on several cases, which is not opened yet."""
        numbers = [self.players[name].names["case_no"] for name in act["cases"]]
        answers = dict(act.get("answers") or {})
        for form in ("meeting-preparation/T_propose", "meeting-preparation/T_agenda"):
            answers[form] = {"case_ids": numbers, **answers.get(form, {})}
        for number, name in enumerate(act["cases"], 1):
            self._name_the_organ(answers, f"agenda-item/T_discuss#{number}", self.cases[name]["lead_organ"])
        player = Player(self.world, act["meet"], answers=answers, names={})
        self.players[act["meet"]] = player
        return player

    def _procedure(self, act: dict[str, Any]) -> str:
        """A further procedure on the decision on one person of a case, opened by that person."""
        case = self.players[act["about"]]
        subject = next(found for found in subjects_of(case.proceeding_id) if found.person_id == act["subject"])
        player = Player(self.world, act["procedure"], answers=dict(act.get("answers") or {}), names={})
        self.players[act["procedure"]] = player
        player.open_procedure(act["subject"], kind=act["kind"], about=case.number, subject_id=subject.id)
        player.play(until=act.get("until"), before=self.ends, leave=act.get("leave") or ())
        return f"{act['procedure']}：{player.standing()}"

    def _name_the_organ(self, answers: dict[str, Any], place: str, organ: str) -> None:
        """The organ that lost the case is the one that the resolution names, unless the plan says otherwise."""
        said = answers.get(place, {})
        usual = {"entities": [organ], **answers.get(place.split("#")[0], {})}
        visits = [{**usual, **visit} for visit in said] if isinstance(said, list) else {**usual, **said}
        answers[place] = visits


def answers_of(case: dict[str, Any]) -> dict[str, Any]:
    """A published case as answers: its document, and what the investigators find about its subjects."""
    findings = case.get("findings") or {}
    faults = findings.get("fault_circumstances") or []
    mental = findings.get("mental_state")
    subjects = [
        {key: row.get(key) for key in ("kind", "organ", "person", "role", "identity_number") if row.get(key)}
        for row in findings.get("subjects") or ()
    ]
    found = {"fault_codes": faults, "mental_state": mental}
    return {
        "T_register": {**case["legal_document"], **{name: ["$paper"] for name in case.get("papers") or ()}},
        "filing-report/T_draft": {"cause_codes": faults},
        "screening/T_collate": {"prelim_faults": faults},
        "docketing/T_docket": {"docket_subjects": [_docketed(case)]},
        "investigation/T_subjects": {"subjects": subjects},
        "subject-finding/T_entity": found,
        "subject-finding/T_person": found,
        "investigation/T_report": found,
    }


def _docketed(case: dict[str, Any]) -> dict[str, Any]:
    """What is docketed is the organ's act; who is responsible is found later."""
    return {"kind": "ORGAN", "organ": case["lead_organ"], "issue": case["legal_document"]["matter"]}
