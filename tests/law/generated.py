"""Facts over the whole vocabulary, from a seeded generator: the same in every run."""

from datetime import date
from random import Random
from typing import Any

from app.domain import vocabulary as words
from app.domain.assessment import CaseFacts, MentalState, SubjectFacts
from app.domain.repeats import PastFault
from app.domain.subjects import SubjectKind

DAYS = (None, date(2017, 10, 10), date(2017, 10, 11), date(2022, 12, 15), date(2022, 12, 16), date(2023, 9, 1))
DAYS += (date(2024, 2, 29), date(2024, 9, 1), date(2024, 12, 15), date(2024, 12, 16), date(2025, 3, 1))


def facts_of(seed: int) -> CaseFacts:
    """One case. Lost cases in force are drawn more often: most rules speak of them."""
    random = Random(seed)
    plain = random.random() < 0.7
    types = list(words.LOSS if plain else words.CASE_TYPE)
    return CaseFacts(
        issuing_body="COURT" if plain else random.choice(list(words.ISSUING_BODY)),
        case_type=random.choice(types),
        legal_effect=plain or random.random() < 0.7,
        instance=random.choice([None, *words.INSTANCE]),
        effective_date=date(2023, 9, 1) if plain else random.choice(DAYS),
        act_date=random.choice([None, date(2023, 9, 1), date(2024, 2, 29), date(2024, 9, 1)] if plain else DAYS),
        series_id=random.choice([None, "S1", "S2"]),
        fault_circumstances=_some(random, words.FAULT, most=2),
        mental_state=_state(random, sure=plain),
        subjects=tuple(_subject(random) for _ in range(random.randint(0, 4))),
        circumstances=_some(random, words.CIRCUMSTANCE, most=3 if plain else 5),
        history=tuple(_past(random) for _ in range(random.choice((0, 0, 1, 2)))),
        compensation_paid=random.random() < 0.4,
    )


def _some(random: Random, codes: words.Codes, *, most: int) -> tuple[str, ...]:
    return tuple(random.sample(list(codes), random.randint(0, most)))


def _state(random: Random, *, sure: bool) -> MentalState | None:
    weighted = [MentalState.INTENT, MentalState.GROSS_NEGLIGENCE, MentalState.GROSS_NEGLIGENCE, *MentalState]
    return random.choice(weighted if sure and random.random() < 0.9 else [None, *weighted])


def _maybe(random: Random, codes: words.Codes, chance: float) -> str | None:
    return random.choice(list(codes)) if random.random() < chance else None


def _subject(random: Random) -> SubjectFacts:
    organ = random.random() < 0.5
    common: dict[str, Any] = {
        "organ_id": random.choice([None, "O1", "O2", "O3"]),
        "case_type": _maybe(random, words.CASE_TYPE, 0.1),
        "fault": _maybe(random, words.FAULT, 0.15),
        "authority": random.choice(["COUNTY", "COUNTY", "SUPERIOR_OUTSIDE_COUNTY"]),
    }
    if organ:
        return SubjectFacts(
            kind=SubjectKind.ORGAN,
            role=random.choice(list(words.ORGAN_ROLE)),
            organ_type=random.choice(["ADMIN_ORGAN", "ADMIN_ORGAN", *words.ORGAN_TYPE]),
            level=_maybe(random, words.LEVEL, 0.5),
            nominal_fault=random.choice([None, None, True, False]),
            **common,
        )
    return SubjectFacts(
        kind=SubjectKind.PERSON,
        role=random.choice(list(words.PERSON_ROLE)),
        person_id=random.choice([None, "P1", "P2"]),
        current_status=random.choice(["IN_SERVICE", "IN_SERVICE", *words.CURRENT_STATUS]),
        mental_state=random.choice([None, None, None, *MentalState]),
        leading_cadre=random.choice([None, True, False]),
        holds_appointed_post=random.choice([None, True]),
        person_category=_maybe(random, words.PERSON_CATEGORY, 0.4),
        art88_ground=random.choice([None, None, None, "连续旷工"]),
        superior_order=random.choice([None, True]),
        objected_in_writing=random.choice([None, True]),
        **common,
    )


def _past(random: Random) -> PastFault:
    return PastFault(
        fault=random.choice(list(words.FAULT)[:4]),
        act_date=random.choice([date(2022, 9, 1), date(2023, 2, 28), date(2023, 9, 1), date(2024, 9, 2)]),
        person_id=random.choice([None, "P1", "P2", "P9"]),
        organ_id=random.choice([None, "O1", "O2"]),
        series_id=random.choice([None, "S1", "S3"]),
    )
