"""A name that does not exist, and the one that was meant: every check asks here, so that all of them answer alike."""

import difflib
from collections.abc import Iterable

from app.domain.errors import N_, Sentence

ALIKE = 0.6
"""How much of two names must be the same (0 to 1) for one to be taken for the other misspelt."""
VERY_ALIKE = 0.75


def nearest(name: str, known: Iterable[str], *, alike: float = ALIKE) -> str | None:
    """The one of `known` that a misspelt name may have meant; None where none is like it."""
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=alike)), None)


def meant(name: str, known: Iterable[str]) -> Sentence:
    """The end of a sentence that says a name does not exist, with its full stop: which one may have been meant."""
    near = nearest(name, known)
    return Sentence(N_("；是否为“%(nearest)s”？"), nearest=near) if near else Sentence(N_("；没有名称相近的。"))
