"""Random diagrams from the grammar of the profile: every block has one way in and one way out."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from tests.engine import diagrams as d

FLAGS = ("v0", "v1", "v2", "v3")
"""String variables that human steps set to "a" or "b" and gateways read."""
MEMBERS = ["m1", "m2", "m3"]
BASE = dict.fromkeys(FLAGS, "string") | {
    "case_no": "string",
    "members": "list",
    "count_": "number",
    "asked": "string",
}


@dataclass
class Container:
    """One process or embedded sub-process while it is drawn."""

    nodes: list[str] = field(default_factory=list)
    chains: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    terminates: bool = False

    def text(self) -> str:
        return "".join(self.nodes) + d.flows(*self.chains) + "".join(self.conditions)


class Grammar:
    """Draws one random diagram; the same seed draws the same diagram."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.number = 0
        self.called: dict[str, str] = {}
        self.outputs: list[str] = []
        self.notes: list[str] = []
        self.variables = dict(BASE)

    def files(self) -> dict[str, bytes]:
        """The process "p" and what it calls, one file each."""
        body = self.body(depth=3, size=self.rng.randint(3, 5))
        # collections and outputs are declared everywhere: a called process hands everything back to its caller
        self.variables |= dict.fromkeys(self.outputs, "list") | dict.fromkeys(self.notes, "context")
        declared = self._declared(" ".join(["members", *self.outputs]))
        return {
            f"{key}.bpmn": d.diagram(
                d.messages("Msg", "Out"),
                f'<process id="{key}" name="{key}" isExecutable="true">{declared}{text}</process>',
            )
            for key, text in {"p": body, **self.called}.items()
        }

    def _declared(self, collections: str) -> str:
        properties = d.properties({f"variable.{name}": type_ for name, type_ in self.variables.items()})
        return d.extensions(properties) + "".join(f'<property id="{n}" name="{n}"/>' for n in collections.split())

    def body(self, *, depth: int, size: int) -> str:
        """Start, a sequence of blocks, end: terminating when a side branch of it holds a person."""
        number = self._next()
        box = Container()
        first, last = self.sequence(box, depth=depth, size=size)
        begin, done = f"begin{number}", f"done{number}"
        box.nodes += [d.start(begin), d.terminate(done) if box.terminates else d.end(done)]
        box.chains += [f"{begin} {first}", f"{last} {done}"]
        return box.text()

    def sequence(self, box: Container, *, depth: int, size: int) -> tuple[str, str]:
        ends = [self.block(box, depth=depth) for _ in range(size)]
        box.chains += [f"{a[1]} {b[0]}" for a, b in pairwise(ends)]
        return ends[0][0], ends[-1][1]

    def block(self, box: Container, *, depth: int) -> tuple[str, str]:
        simple: list[Callable[[Container], tuple[str, str]]] = [
            self.step,
            self.step,
            self.step,
            self.script,
            self.vote,
            self.deadline,
            self.reminder,
            self.receive,
            self.crossroads,
            self.interruption,
            self.addition,
            self.throw,
            self.service,
        ]
        nested = [self.choice, self.parallel, self.inclusive, self.loop, self.call, self.calls, self.sub]
        if depth > 0 and self.rng.random() < 0.55:
            return self.rng.choice(nested)(box, depth - 1)
        return self.rng.choice(simple)(box)

    # -- blocks without inner blocks

    def step(self, box: Container) -> tuple[str, str]:
        return self._single(box, "step", d.user)

    def script(self, box: Container) -> tuple[str, str]:
        return self._single(
            box, "script", lambda id_: d.script(id_, "count_ = (if count_ = null then 0 else count_) + 1")
        )

    def throw(self, box: Container) -> tuple[str, str]:
        return self._single(box, "throw", lambda id_: d.throw(id_, self._sends(id_)))

    def service(self, box: Container) -> tuple[str, str]:
        return self._single(box, "service", lambda id_: d.service(id_, "test/ask", "asked", number="count_"))

    def receive(self, box: Container) -> tuple[str, str]:
        note = self._note()
        return self._single(box, "receive", lambda id_: d.receive(id_, "Msg", note))

    def vote(self, box: Container) -> tuple[str, str]:
        number = self._next()
        sequential = self.rng.random() < 0.4
        until = self.rng.choice(["", f'count(votes{number}[item = "a"]) >= 2', f'ballot{number} = "b"'])
        self.outputs.append(f"votes{number}")
        loop = d.many(
            "members", f"member{number}", f"votes{number}", f"ballot{number}", sequential=sequential, until=until
        )
        box.nodes.append(d.user(f"vote{number}", loop))
        return f"vote{number}", f"vote{number}"

    def deadline(self, box: Container) -> tuple[str, str]:
        return self._with_boundary(box, d.timer("Duration", f'"P{self.rng.randint(1, 9)}D"'))

    def interruption(self, box: Container) -> tuple[str, str]:
        return self._with_boundary(box, d.awaits("Msg", self._note()))

    def reminder(self, box: Container) -> tuple[str, str]:
        days = self.rng.randint(1, 9)
        kind, text = self.rng.choice(
            [("Duration", f'"P{days}D"'), ("Cycle", f'"R/P{days}D"'), ("Cycle", f'"R2/P{days}D"')]
        )
        return self._with_side_branch(box, d.timer(kind, text))

    def addition(self, box: Container) -> tuple[str, str]:
        return self._with_side_branch(box, d.awaits("Msg", self._note()))

    def crossroads(self, box: Container) -> tuple[str, str]:
        n = self._next()
        box.nodes += [
            d.event_gateway(f"cross{n}"),
            d.catch(f"message{n}", d.awaits("Msg", self._note())),
            d.catch(f"timeout{n}", d.timer("Duration", f'"P{self.rng.randint(2, 20)}D"', f"timeout{n}")),
            d.user(f"late{n}"),
            d.exclusive(f"merge{n}"),
        ]
        box.chains += [f"cross{n} message{n} merge{n}", f"cross{n} timeout{n} late{n} merge{n}"]
        return f"cross{n}", f"merge{n}"

    # -- blocks around blocks

    def choice(self, box: Container, depth: int) -> tuple[str, str]:
        n = self._next()
        one, other = self.sequence(box, depth=depth, size=1), self.sequence(box, depth=depth, size=1)
        box.nodes += [d.exclusive(f"choice{n}", other[0]), d.exclusive(f"merge{n}")]
        box.conditions.append(d.when(f"choice{n}", one[0], f'{self.rng.choice(FLAGS)} = "a"'))
        box.chains += [f"choice{n} {other[0]}", f"{one[1]} merge{n}", f"{other[1]} merge{n}"]
        return f"choice{n}", f"merge{n}"

    def parallel(self, box: Container, depth: int) -> tuple[str, str]:
        n = self._next()
        box.nodes += [d.parallel(f"split{n}"), d.parallel(f"join{n}")]
        for _ in range(self.rng.randint(2, 3)):
            first, last = self.sequence(box, depth=depth, size=self.rng.randint(1, 2))
            box.chains += [f"split{n} {first}", f"{last} join{n}"]
        return f"split{n}", f"join{n}"

    def inclusive(self, box: Container, depth: int) -> tuple[str, str]:
        n = self._next()
        branches = [self.sequence(box, depth=depth, size=1) for _ in range(3)]
        box.nodes += [d.inclusive(f"some{n}", branches[0][0]), d.inclusive(f"all{n}")]
        box.chains += [f"some{n} {branches[0][0]}", *[f"{last} all{n}" for _, last in branches]]
        for first, _ in branches[1:]:
            box.conditions.append(d.when(f"some{n}", first, f'{self.rng.choice(FLAGS)} = "a"'))
        return f"some{n}", f"all{n}"

    def loop(self, box: Container, depth: int) -> tuple[str, str]:
        """Rework: back to its beginning while the last step says so."""
        n = self._next()
        first, last = self.sequence(box, depth=depth, size=self.rng.randint(1, 2))
        box.nodes += [
            d.exclusive(f"back{n}"),
            d.user(f"review{n}"),
            d.exclusive(f"again{n}", f"onward{n}"),
            d.exclusive(f"onward{n}"),
        ]
        box.chains += [f"back{n} {first}", f"{last} review{n} again{n} onward{n}"]
        box.conditions.append(d.when(f"again{n}", f"back{n}", f'{self.rng.choice(FLAGS)} = "a"'))
        return f"back{n}", f"onward{n}"

    def call(self, box: Container, depth: int) -> tuple[str, str]:
        n = self._called(depth)
        box.nodes.append(d.call(f"call{n}", f"q{n}"))
        return f"call{n}", f"call{n}"

    def calls(self, box: Container, depth: int) -> tuple[str, str]:
        """A called process per member."""
        n = self._called(min(depth, 1))
        self.outputs.append(f"outcomes{n}")
        loop = d.many("members", f"subject{n}", f"outcomes{n}", f"outcome{n}", sequential=self.rng.random() < 0.3)
        box.nodes.append(d.call(f"call{n}", f"q{n}", loop))
        return f"call{n}", f"call{n}"

    def sub(self, box: Container, depth: int) -> tuple[str, str]:
        n = self._next()
        box.nodes.append(d.sub(f"sub{n}", self.body(depth=depth, size=self.rng.randint(1, 2))))
        return f"sub{n}", f"sub{n}"

    # -- parts

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _note(self) -> str:
        self.notes.append(f"note{self._next()}")
        return self.notes[-1]

    def _single(self, box: Container, name: str, make: Callable[[str], str]) -> tuple[str, str]:
        id_ = f"{name}{self._next()}"
        box.nodes.append(make(id_))
        return id_, id_

    def _with_boundary(self, box: Container, event: str) -> tuple[str, str]:
        n = self._next()
        event = event.replace('id="', f'id="n{n}_', 1)
        box.nodes += [
            d.user(f"host{n}"),
            d.boundary(f"edge{n}", f"host{n}", event),
            d.user(f"instead{n}"),
            d.exclusive(f"merge{n}"),
        ]
        box.chains += [f"host{n} merge{n}", f"edge{n} instead{n} merge{n}"]
        return f"host{n}", f"merge{n}"

    def _with_side_branch(self, box: Container, event: str) -> tuple[str, str]:
        n = self._next()
        box.terminates = True
        event = event.replace('id="', f'id="n{n}_', 1)
        box.nodes += [
            d.user(f"host{n}"),
            d.boundary(f"edge{n}", f"host{n}", event, interrupting=False),
            d.user(f"urge{n}"),
            d.end(f"aside{n}"),
        ]
        box.chains.append(f"edge{n} urge{n} aside{n}")
        return f"host{n}", f"host{n}"

    def _called(self, depth: int) -> int:
        n = self._next()
        self.called[f"q{n}"] = self.body(depth=depth, size=self.rng.randint(1, 2))
        return n

    def _sends(self, id_: str) -> str:
        return d.sends("Out", "{case_no: case_no, count: count_}").replace('id="', f'id="{id_}_', 1)
