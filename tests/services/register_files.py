"""The files of a small pack, its register changed where a test says so."""

import re

from config import ROOT

SHIFAN = ROOT / "packs" / "shifan"


REGISTER = "shifan-2025-1.law.yml"


def files(**changed: str) -> dict[str, bytes]:
    """The files of the small pack, with texts of its register replaced."""
    found = {path.name: path.read_bytes() for path in (SHIFAN / "processes").iterdir()}
    forms = SHIFAN / "forms"
    found |= {path.relative_to(forms).as_posix(): path.read_bytes() for path in forms.rglob("*.form")}
    found["options.yml"] = (SHIFAN / "forms" / "options.yml").read_bytes()
    text = re.sub(r"(?m)^reports:\n(  .*\n)+", "", found[REGISTER].decode())  # the tests write their own
    for before, after in changed.items():
        assert before in text
        text = text.replace(before, after, 1)
    return {**found, REGISTER: text.encode()}
