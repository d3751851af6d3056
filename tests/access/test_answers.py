"""What the policy answers, said a second time in plain words; `test_mutants` takes each rule away and asks again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.domain import access, interventions, loads, periods, policy, powers, recusals
from app.domain.access import ProceedingFacts, TaskFacts, Verb, can, can_see_proceeding, is_candidate
from app.domain.actors import Actor, Grant
from app.domain.errors import NotAllowedError, NotFoundError
from app.domain.policy import DATA_NAMES, Relation, Stage
from app.domain.roles import ROLES, Reach, Side
from app.domain.tasks import TaskStatus

STEP = TaskFacts(
    county_id="north",
    status=TaskStatus.OPEN,
    candidate_role="jmo.officer",
    candidate_organ=None,
    candidate_person=None,
    excluded_people=(),
    assignee_id=None,
    completed_by=None,
)
HELD = replace(STEP, assignee_id="me")
ELSEWHERE = replace(STEP, candidate_role="archivist")
"""Nothing to do with an officer."""
ON_WHAT_ONE_HOLDS = (Verb.RELEASE, Verb.TRANSFER, Verb.RETURN, Verb.DELEGATE, Verb.ASK)
FILE = ProceedingFacts(
    county_id="north", organs=frozenset({"north.zjj"}), addressed_roles=frozenset(), participants=frozenset()
)
NOBODYS = replace(FILE, organs=frozenset({"north.gaj"}))


def actor(*roles: str, organ: str = "north.zjj", county: str = "north", deputy_of: str | None = None) -> Actor:
    grants = frozenset(Grant(role, organ, deputy_of=deputy_of) for role in roles)
    return Actor(username="me", person_id="me", name="我", county_id=county, grants=grants)


def who(may: Callable[[Actor], bool]) -> set[str]:
    """The roles that may."""
    return {role for role in ROLES if may(actor(role))}


def of_side(*sides: Side) -> set[str]:
    return {role.id for role in ROLES.values() if role.side in sides}


# ---- files


def test_a_post_that_reaches_the_county_sees_every_file_of_it() -> None:
    assert who(lambda one: can_see_proceeding(one, NOBODYS)) == {
        r.id for r in ROLES.values() if r.reach is Reach.COUNTY
    }


def test_an_organ_sees_the_files_that_name_it() -> None:
    assert who(lambda one: can_see_proceeding(one, FILE)) >= of_side(Side.ORGAN)
    assert not can_see_proceeding(actor("organ.head"), NOBODYS)
    assert not can_see_proceeding(actor("organ.head", organ="north.gaj"), FILE)


def test_a_step_opens_its_file_to_everybody_but_subjects_and_the_administration() -> None:
    at_work = set(ROLES) - of_side(Side.SUBJECT, Side.ADMINISTRATION)

    for role in sorted(ROLES):
        addressed = replace(NOBODYS, addressed_roles=frozenset({(role, None)}))
        done = replace(NOBODYS, participants=frozenset({"me"}))
        about = replace(NOBODYS, parent=addressed)
        linked = replace(NOBODYS, linked=(addressed,))
        for file in (addressed, done, about, linked):
            assert can_see_proceeding(actor(role), file) is (role in at_work), role


def test_who_sees_a_case_of_his_organ_knows_of_the_procedures_about_it() -> None:
    about = replace(NOBODYS, parent=FILE)

    assert can_see_proceeding(actor("organ.reporter"), about)
    assert not can_see_proceeding(actor("organ.reporter", organ="north.scj"), about)
    assert not can_see_proceeding(actor("organ.reporter"), replace(NOBODYS, linked=(FILE,)))


def test_another_county_and_a_recusal_shut_everybody_out() -> None:
    everything = replace(
        FILE, addressed_roles=frozenset((role, None) for role in ROLES), participants=frozenset({"me"})
    )

    assert who(lambda one: can_see_proceeding(replace(one, county_id="south"), everything)) == set()
    assert who(lambda one: can_see_proceeding(one, replace(everything, recused=frozenset({"me"})))) == set()


def test_a_deputy_sees_what_his_principal_sees_unless_that_one_stepped_aside() -> None:
    deputy = actor("jmo.officer", deputy_of="chief")

    assert can_see_proceeding(deputy, NOBODYS)
    assert not can_see_proceeding(deputy, replace(NOBODYS, recused=frozenset({"chief"})))


def test_everybody_but_a_subject_may_be_stood_in_for() -> None:
    assert {role for role in ROLES if access.may_deputise(role)} == set(ROLES) - of_side(Side.SUBJECT)


# ---- texts


def test_each_side_reads_what_it_needs() -> None:
    organ, office, member, oversight = Side.ORGAN, Side.OFFICE, Side.MEMBER, Side.OVERSIGHT
    supervision, decider, execution, subject = Side.SUPERVISION, Side.DECIDER, Side.EXECUTION, Side.SUBJECT
    table = {
        organ: {organ},
        office: {organ, office, member, oversight, execution},
        member: {organ, office, member},
        supervision: {organ, office, member, oversight, supervision, decider, subject, execution},
        decider: {office, supervision, decider, subject, execution},
        execution: {decider, execution},
        subject: set(),
        oversight: {organ, office, member, oversight},
        Side.ADMINISTRATION: set(),
    }

    for role in ROLES.values():
        liaison = role.id in ("court.liaison", "procuratorate.liaison")
        assert access.sides_read(actor(role.id)) == ({organ} if liaison else table[role.side]), role.id


def test_everybody_reads_and_finds_what_he_wrote_or_did_himself() -> None:
    assert access.can_read_submission(actor("subject.person"), performer_id="me", role="subject.person")
    assert not access.can_read_submission(actor("subject.person"), performer_id="you", role="subject.person")
    assert access.reads_own_texts()
    assert access.keeps_done_steps()


def test_votes_are_sealed_until_ones_own_or_the_end() -> None:
    seen = {(closed, voted): access.may_see_votes(closed=closed, voted=voted) for closed in (0, 1) for voted in (0, 1)}

    assert seen == {(0, 0): False, (0, 1): True, (1, 0): True, (1, 1): True}


def test_a_subject_reads_his_decision_after_service_only() -> None:
    may = access.may_read_own_decision

    assert may(decided=True, served=True)
    assert not any((may(decided=True, served=False), may(decided=False, served=True)))
    assert access.may_read_own_notice()
    assert access.knows_own_procedures()


def test_a_paper_tells_its_readers_to_its_author_and_to_who_watches() -> None:
    watching = {"jmo.director", "archivist", "registry.officer", "auditor", "audit.admin"}

    assert who(lambda one: access.may_know_readers(one, uploaded_by="you")) == watching
    assert who(lambda one: access.may_know_readers(one, uploaded_by="me")) == set(ROLES)


def test_a_whole_identity_number_is_shown_to_who_investigates_and_who_entered_it() -> None:
    assert who(lambda one: access.may_reveal_identity_number(one, entered_by="you")) == of_side(Side.SUPERVISION)
    assert who(lambda one: access.may_reveal_identity_number(one, entered_by="me")) == set(ROLES)


def test_a_paper_is_replaced_by_its_author_or_his_post() -> None:
    def may(by: str, role: str | None) -> bool:
        return access.may_replace_paper(actor("organ.head"), uploaded_by=by, role=role, organ=None)

    assert may("me", None)
    assert may("you", "organ.head")
    assert not may("you", "organ.reporter")
    assert not may("you", None)


# ---- steps


def test_a_step_is_taken_by_whom_it_is_addressed_to() -> None:
    assert who(lambda one: is_candidate(one, STEP)) == {"jmo.officer"}
    assert can(actor("jmo.officer"), Verb.CLAIM, STEP)
    assert can(actor("jmo.officer"), Verb.COMPLETE, STEP)
    assert is_candidate(actor("jmo.officer", deputy_of="chief"), STEP)
    assert not is_candidate(actor("jmo.officer", county="south"), STEP)
    assert not can(actor("jmo.officer", county="south"), Verb.READ, HELD)


def test_a_held_step_is_its_holders() -> None:
    assert all(can(actor("jmo.officer"), verb, HELD) for verb in Verb)
    assert refused(actor("jmo.officer"), replace(STEP, assignee_id="you")) == set(Verb) - {Verb.READ}
    assert refused(actor("jmo.officer"), STEP) == set(ON_WHAT_ONE_HOLDS)
    assert refused(actor("organ.head"), STEP, NotFoundError) == set(Verb)


def test_who_did_or_delegated_a_step_reads_it_on() -> None:
    done = replace(ELSEWHERE, status=TaskStatus.COMPLETED, completed_by="me")

    assert can(actor("jmo.officer"), Verb.READ, done)
    assert can(actor("jmo.officer"), Verb.READ, replace(ELSEWHERE, assignee_id="you", owner_id="me"))
    assert not can(actor("jmo.officer"), Verb.READ, ELSEWHERE)


def test_who_must_be_apart_from_a_step_neither_takes_nor_does_it() -> None:
    apart = replace(STEP, excluded_people=("me",))

    assert not is_candidate(actor("jmo.officer"), apart)
    assert refused(actor("jmo.officer"), replace(apart, assignee_id="me")) == set(Verb) - {Verb.READ}
    ended = replace(apart, assignee_id="me", status=TaskStatus.COMPLETED, completed_by="me")
    assert refused(actor("jmo.officer"), ended, NotFoundError) == set(Verb)


def test_what_was_delegated_only_goes_back() -> None:
    delegated = replace(HELD, owner_id="you")

    assert refused(actor("jmo.officer"), delegated) == set(Verb) - {Verb.READ, Verb.CLAIM}


def test_nobody_judges_where_he_answers() -> None:
    judging = of_side(Side.OFFICE, Side.MEMBER, Side.SUPERVISION, Side.DECIDER)

    assert {role for role in ROLES if powers.judges(role)} == judging


def test_who_handled_a_remedy_judges_that_case_no_more() -> None:
    apart = of_side(Side.OFFICE, Side.MEMBER, Side.SUPERVISION, Side.DECIDER) - {"remedy.officer"}

    assert {role for role in ROLES if powers.is_apart_from_remedies(role)} == apart
    assert powers.posts_with("remedying") == {"remedy.officer"}


def refused(one: Actor, task: TaskFacts, error: type[Exception] = NotAllowedError) -> set[Verb]:
    found = set()
    for verb in Verb:
        try:
            access.ensure(one, verb, task)
        except error:
            found.add(verb)
        except (NotFoundError, NotAllowedError):
            continue
    return found


# ---- powers


def test_each_power_lies_with_its_posts() -> None:
    powers: dict[Callable[..., Any], set[str]] = {
        access.may_add_subjects: {"team.leader", "sup.intake", "sup.head", "discipline.officer"},
        access.may_record_status: {
            *("sup.head", "sup.intake", "discipline.head", "discipline.officer", "decider.head", "decider.officer"),
            *("hr.head", "hr.officer", "unit.head", "unit.officer", "jmo.director", "registry.officer"),
        },
        access.may_separate: {"jmo.director"},
        access.may_exchange: {"jmo.officer", "jmo.director", "court.liaison", "procuratorate.liaison"},
        access.may_see_overview: of_side(Side.ORGAN, Side.OFFICE, Side.OVERSIGHT),
        access.may_see_status: of_side(Side.OFFICE, Side.OVERSIGHT),
        access.may_read_policy: {"security.admin", "audit.admin", "owner"},
    }

    for may, posts in powers.items():
        assert who(may) == posts, may.__name__


def test_each_power_of_a_post_lies_with_it_alone() -> None:
    office = {"jmo.director", "registry.officer"}
    supervision, decider = {"sup.head", "discipline.head"}, {"decider.head", "hr.head", "unit.head"}
    meant: dict[str, set[str]] = {
        **dict.fromkeys(("time.ORGAN", "time.OFFICE", "time.MEMBER", "time.OVERSIGHT"), office),
        "time.SUPERVISION": supervision,
        **dict.fromkeys(("time.DECIDER", "time.EXECUTION"), decider),
        "time.SUBJECT": supervision | decider,
        "supervise": {"manager", "county.leader"},
        "recusal.ORGAN": set(),  # in his own organ only, see below
        **{key: {"jmo.director"} for key in ("recusal.OFFICE", "recusal.MEMBER")},
        "recusal.SUPERVISION": supervision,
        "recusal.DECIDER": decider,
        "recusal.EXECUTION": decider - {"unit.head"},
        "recusal.superior": {"county.leader"},
        **{key: {"rule.admin"} for key in ("rules.set", "law.import", "calendar.import")},
        "remedying": {"remedy.officer"},
        "calendar.missing": {"rule.admin", "system.admin"},
        "totals.set": {"assessor"},
        "meeting.open": {"jmo.director"},
        "series.register": set(),  # in his own organ only
        "incident.retry": of_side(Side.OFFICE, Side.OVERSIGHT),
        **{key: {"owner"} for key in ("definitions.change", "definitions.migrate")},
        "definitions.read": {"owner", "manager", "county.leader"},
        "packs": {"owner", "system.admin"},
        "accounts.read": {"system.admin", "security.admin", "audit.admin"},
        **{key: {"system.admin"} for key in ("accounts.make", "grants.confirm", "operations")},
        **{key: {"security.admin"} for key in ("accounts.authorise", "sessions.end", "security.set")},
        **{key: {"system.admin", "security.admin"} for key in ("accounts.shut_out", "journal.witness")},
        **{key: {"audit.admin"} for key in ("journal", "journal.erase")},
    }

    for datum, posts in meant.items():
        assert who(lambda one, datum=datum: powers.may(one, datum)) == posts, datum  # type: ignore[misc]


def test_a_power_of_an_organ_ends_at_its_door() -> None:
    for datum, post in {"series.register": "organ.reporter", "recusal.ORGAN": "organ.head"}.items():
        assert who(lambda one, datum=datum: powers.may_in(one, datum, "north.zjj")) == {post}  # type: ignore[misc]
        assert who(lambda one, datum=datum: powers.may_in(one, datum, "north.gaj")) == set()  # type: ignore[misc]


def test_no_deputy_operates_the_machine() -> None:
    assert interventions.may_operate(actor("system.admin"))
    assert not interventions.may_operate(actor("system.admin", deputy_of="chief"))


def test_a_recusal_is_decided_by_the_head_of_that_side_or_one_level_up() -> None:
    def decide(*held: str, asked_by: str = "you", person: str = "he") -> set[str]:
        posts = {(role, "north.zjj") for role in held}
        return who(lambda one: recusals.may_decide(one, person_id=person, requested_by=asked_by, held=posts))

    assert decide("organ.reporter") == {"organ.head", "county.leader"}
    assert decide("member.signatory") == {"jmo.director", "county.leader"}
    assert decide("sup.head") == {"discipline.head", "county.leader"}
    assert decide("jmo.director") == {"county.leader"}
    assert decide("organ.reporter", asked_by="me") == decide("organ.reporter", person="me") == set()
    elsewhere = actor("organ.head", organ="north.gaj")
    held = {("organ.reporter", "north.zjj")}
    assert not recusals.may_decide(elsewhere, person_id="he", requested_by="you", held=held)
    deputy = actor("organ.head", deputy_of="you")
    assert not recusals.may_decide(deputy, person_id="he", requested_by="you", held=held)


def test_nobody_gives_himself_time() -> None:
    assert who(lambda one: periods.leads(one, "organ.reporter")) == {"jmo.director", "registry.officer"}
    assert who(lambda one: periods.leads(one, "system.admin")) == set()
    assert periods.leaders(Side.SUPERVISION) == {"sup.head", "discipline.head"}


def test_an_unfiled_case_is_opened_by_the_officer_alone() -> None:
    assert who(lambda one: access.post_allows(one, "court.case", policy.Level.ACT)) == {"jmo.officer"}


def test_a_package_is_opened_by_its_keeper_or_who_may_read_all_of_it() -> None:
    assert access.may_open_archive(actor("archivist"), frozenset(side.value for side in Side))
    assert who(lambda one: access.may_open_archive(one, frozenset())) == {"archivist"}


def test_how_much_lies_with_whom_is_told_exactly_in_groups_or_not() -> None:
    seen = {role: loads.load_seen(actor(role)) for role in ROLES}

    assert {role for role, told in seen.items() if told is loads.LoadSeen.EXACT} == {"jmo.director", "registry.officer"}
    assert {role for role, told in seen.items() if told is loads.LoadSeen.SUPPRESSED} == of_side(Side.OVERSIGHT)


# ---- the file itself


def test_the_file_says_no_outright_where_silence_would_do() -> None:
    assert all(policy.POLICY.bars(role, Relation.OTHER_ORGAN, "case") for role in ROLES)


def test_nothing_is_open_in_another_relation_than_these() -> None:
    case = {"superior", "unit", "own", "about_unit", "about_own", "linked_own"}
    named: dict[str, set[str]] = {
        **{f"text.{side}": {"reader"} for side in Side if side is not Side.ADMINISTRATION},
        **{f"step.{verb.lower()}": {"holder"} for verb in ON_WHAT_ONE_HOLDS},
        "case": case,
        "own_procedure": {"served_subject"},
        "own_text": {"author"},
        "done_steps": {"author"},
        "votes": {"voter", "reader"},
        **{key: {"served_subject"} for key in ("own_decision", "own_notice")},
        "deputising": {"deputy"},
        "judging": set(),
        **{key: {"author", "anybody"} for key in ("paper.readers", "identity_number")},
        "paper.replace": {"author", "same_post"},
        "recusal.ORGAN": {"unit"},
        "series.register": {"unit"},
        "step.take": {"addressed"},
        "step.read": {"candidate", "holder", "done", "delegator"},
        "step.claim": {"holder", "free"},
        "step.complete": {"holder", "free"},
    }

    for datum in DATA_NAMES:
        opening = {
            relation.value
            for relation in Relation
            if any(policy.POLICY.level(role, {relation}, datum, stage=stage) for role in ROLES for stage in Stage)
        }
        assert opening == named.get(datum, {"anybody"}), datum


def test_each_relation_opens_a_file_to_these_sides() -> None:
    at_work = set(Side) - {Side.SUBJECT, Side.ADMINISTRATION}
    sides = {
        Relation.SUPERIOR: {Side.OFFICE, Side.OVERSIGHT},
        Relation.UNIT: {Side.ORGAN},
        Relation.ABOUT_UNIT: {Side.ORGAN},
        **dict.fromkeys((Relation.OWN, Relation.ABOUT_OWN, Relation.LINKED_OWN), at_work),
    }

    for relation, meant in sides.items():
        assert {ROLES[role].side for role in ROLES if policy.POLICY.level(role, {relation}, "case")} == meant


BEHAVIOURS: tuple[Callable[[], None], ...] = tuple(
    value for name, value in dict(globals()).items() if name.startswith("test_")
)
"""All of the above, asked again of each mutant."""
