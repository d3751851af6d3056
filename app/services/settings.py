"""What the deployment decides, set once by the application factory; services know no Flask."""

from pathlib import Path

_values: dict[str, Path] = {}
_switches: dict[str, bool] = {}


def configure(*, data_folder: Path, root: Path, demo: bool) -> None:
    _values["data"] = data_folder
    _values["root"] = root
    _switches["demo"] = demo


def data_folder() -> Path:
    """The folder of everything that is not in the database."""
    return _values["data"]


def root() -> Path:
    """The folder that holds `processes/`, `forms/` and `demo/`."""
    return _values["root"]


def is_demo() -> bool:
    """Whether demonstration accounts may come in."""
    return _switches["demo"]
