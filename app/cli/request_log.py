"""One JSON line for each request, for `WENZE_ACCESS_LOG`."""

import json
from collections.abc import Mapping
from typing import Any

from gunicorn.glogging import Logger, SafeAtoms


class JsonAtoms(SafeAtoms):  # type: ignore[misc]
    """What is known of a request, as parts of a JSON text. Gunicorn's own guard the quotation mark alone, and a path
    comes to it decoded: a line break in one would begin a line of somebody's own."""

    def __init__(self, atoms: Mapping[str, Any]) -> None:
        dict.__init__(self)
        for name, value in atoms.items():
            self[name] = json.dumps(value)[1:-1] if isinstance(value, str) else value


class RequestLogger(Logger):  # type: ignore[misc]
    atoms_wrapper_class = JsonAtoms
