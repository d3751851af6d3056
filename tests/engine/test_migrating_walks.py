"""Random walks over random diagrams that change version on the way: nothing is lost and nothing differs."""

import os
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.engine.migrate import migrate
from app.engine.parse import Definition, parse
from tests.engine.grammar import Grammar
from tests.engine.walks import RANDOM_DIAGRAM, Copy, Walk

STATE = ("open", "timers", "subscriptions", "incidents", "completed")
STEPS = 200


def test_migrating_to_the_same_definition_changes_nothing() -> None:
    seed = int(os.environ.get("WENZE_WALK_SEED") or random.SystemRandom().randrange(10**9))
    print(f"WENZE_WALK_SEED={seed}")  # noqa: T201  (a failing run is repeated with it)
    rng = random.Random(seed)
    done = 0
    while done < STEPS:
        files = Grammar(rng).files()
        definition = parse(files, "p")
        other = parse({name: data + b"<!-- another version -->" for name, data in files.items()}, "p")
        assert other is not definition
        done += walk(definition, other, rng, seed=seed)


def walk(definition: Definition, other: Definition, rng: random.Random, *, seed: int) -> int:
    """One random walk: a copy that stays, and one that changes between the two versions at every step."""
    driver = Walk(definition, rng)
    stays, changes = Copy(definition, "pruned", RANDOM_DIAGRAM), Copy(definition, "pruned", RANDOM_DIAGRAM)
    driver.copies = [changes, stays]
    versions = [definition, other]
    for step in range(40):
        if driver.ended:
            return step + 1
        driver.step()
        assert driver.difference() is None, f"seed {seed}: {driver.difference()}"
        now: dict[str, Any] = {"context": {}, "now": changes.now}
        there = versions[step % 2 == 0]
        migration = migrate(changes.definition, there, changes.last.state, **now)
        assert migration.advance is not None, f"seed {seed}: {migration.obstacles}"
        assert migration.remarks == ()
        changes.definition, changes.last = there, migration.advance
        prints = changes.fingerprint(), stays.fingerprint()
        assert [prints[0][key] for key in STATE] == [prints[1][key] for key in STATE], f"seed {seed}"
        changes.last = replace(stays.last, state=migration.advance.state, timers=migration.advance.timers)
        changes.last = replace(changes.last, subscriptions=migration.advance.subscriptions)
    return 40


def test_going_over_to_renamed_steps_midway_is_as_if_the_names_had_always_been_so() -> None:
    seed = int(os.environ.get("WENZE_WALK_SEED") or random.SystemRandom().randrange(10**9))
    print(f"WENZE_WALK_SEED={seed}")  # noqa: T201  (a failing run is repeated with it)
    rng = random.Random(seed)
    done = 0
    while done < STEPS:
        files = Grammar(rng).files()
        other, mapping = with_other_names(files)
        done += walk_over(parse(files, "p"), parse(other, "p"), mapping, rng, seed=seed)


def with_other_names(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The diagrams with other ids of their human steps, votes and reminders excepted, and old id -> new id."""
    texts = {name: data.decode() for name, data in files.items()}
    found = {id_ for text in texts.values() for id_ in re.findall(r'<userTask id="((?!vote|urge)\w+)"', text)}
    mapping = {step: f"new_{step}" for step in found}
    pattern = re.compile(r"(?<![A-Za-z0-9])(" + "|".join(sorted(mapping) or ["none"]) + r")(?=_to_|\b)")
    renamed = {name: pattern.sub(lambda match: mapping[match[1]], text) for name, text in texts.items()}
    return {name: text.encode() for name, text in renamed.items()}, mapping


def walk_over(
    definition: Definition, other: Definition, mapping: Mapping[str, str], rng: random.Random, *, seed: int
) -> int:
    """A walk under the old names, followed by a copy that goes over to the new names after some steps."""
    driver = Walk(definition, rng)
    follows = Copy(definition, "pruned", RANDOM_DIAGRAM)
    stays = driver.copies[-1]
    over = rng.randrange(8)
    for step in range(30):
        if driver.ended:
            return step + 1
        if step == over:
            given: dict[str, Any] = {"context": {}, "now": follows.now, "mapping": mapping}
            migration = migrate(definition, other, follows.last.state, **given)
            assert migration.advance is not None, f"seed {seed}: {migration.obstacles}"
            follows.definition, follows.last = other, migration.advance
        driver.step()
        command = driver.commands[-1]
        named = mapping.get(command.step, command.step) if step >= over else command.step
        follows.apply(replace(command, step=named))
        then, now = stays.fingerprint(), follows.fingerprint()
        back = {new: old for old, new in mapping.items()}
        assert [then[key] for key in STATE] == [in_old_names(now[key], back) for key in STATE], f"seed {seed}"
    return 30


def in_old_names(found: Any, back: Mapping[str, str]) -> Any:
    """Fingerprints begin with the id of a step."""
    if not isinstance(found, list):
        return found
    return sorted((back.get(entry[0], entry[0]), *entry[1:]) for entry in found)
