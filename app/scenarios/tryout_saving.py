"""A play kept as a scenario file: what was done, and what must be true afterwards."""

import re
from typing import Any

import yaml

from app import yamlfiles
from app.domain.errors import N_, ConflictError, InvalidAnswersError, Sentence
from app.queries import open_steps, rehearsals
from app.scenarios import script
from app.scenarios.script import ScenarioError
from app.scenarios.tryout import Done, Tryout

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
LONGEST_TITLE = 120


def file_name(play: Tryout, name: str) -> str:
    """`scenarios/<process>/<name>.yml`, the process being that of the proceeding opened first."""
    wrong: dict[str, list[Any]] = {}
    if not _NAME.fullmatch(name):
        wrong["name"] = [Sentence(N_("文件名用小写字母、数字、下划线和短横线，如 late_filing。"))]
    if not play.names():
        raise ConflictError(N_("还没有办理任何步骤，没有可以保存的情景。"))
    if wrong:
        raise InvalidAnswersError(wrong)
    first = play.player(play.names()[0])
    process = open_steps.proceeding_of(first.proceeding_id).process_key
    return f"scenarios/{process}/{name}.yml"


def text_of(play: Tryout, *, title: str, every_step: bool) -> bytes:
    """The file. `every_step`: which steps are open is checked after every act, else only at the end.

    Raises ConflictError, InvalidAnswersError.
    """
    if not title.strip():
        raise InvalidAnswersError({"title": [Sentence(N_("请写一句话说明这个情景演示什么。"))]})
    if not play.done:
        raise ConflictError(N_("还没有办理任何步骤，没有可以保存的情景。"))
    clauses = _clauses(play)
    if not clauses:
        raise ConflictError(N_("走过的环节都没有登记条款，情景须写明演示哪一条；请先办理一个有依据的环节。"))
    head: dict[str, Any] = {"title": title.strip()[:LONGEST_TITLE], "shows": clauses}
    beginning = play.beginning
    if beginning.continues:
        head["continues"] = beginning.continues
    else:
        head |= {"county": beginning.county, "begins": beginning.day}
    head["acts"] = [_act(play, number, done, every_step=every_step) for number, done in enumerate(play.done, 1)]
    return yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=110).encode()


def _act(play: Tryout, number: int, done: Done, *, every_step: bool) -> dict[str, Any]:
    then: dict[str, Any] = {}
    last = number == len(play.done)
    if (every_step or last) and done.name in play.names():
        then["open"] = [{key: count} if count > 1 else key for key, count in done.opened.items()]
    if done.held:
        then["incidents"] = list(done.held)
    if last and done.name in play.names():
        row = open_steps.proceeding_of(play.player(done.name).proceeding_id)
        then["status"] = str(row.status)
        if row.outcome:
            then["outcome"] = str(row.outcome)
    return {**done.raw, **({"then": then} if then else {})}


def _clauses(play: Tryout) -> list[str]:
    """Clauses of the steps that people submitted, in the order in which they came up; twelve at most."""
    found: dict[str, None] = {}
    for name in play.names():
        for line in rehearsals.told_of(play.player(name).proceeding_id):
            if line.act == "SUBMITTED":
                found |= dict.fromkeys(line.clauses)
    return list(found)[:12]


def ensure_passes(play: Tryout, content: bytes) -> None:
    """Play the file from its beginning; the play itself stays where it is. Raises ConflictError."""
    kept = play.theatre.keep(play.performance)
    try:
        scenario = script.parse(yamlfiles.read(content), name="play")
        performance = play.theatre.begin(scenario)
        for act in scenario.acts:
            performance.perform(act, where=Sentence(N_("第%(act)s步"), act=act.number))
    except ScenarioError as error:
        raise ConflictError(N_("保存前复演没有通过：%(why)s"), why=error.in_words()) from error
    finally:
        play.performance = play.theatre.return_to(kept)
