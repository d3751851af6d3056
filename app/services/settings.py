"""What the deployment decides, set once by the application factory; services know no Flask."""

from pathlib import Path

_values: dict[str, Path] = {}
_switches: dict[str, bool] = {}


_secrets: dict[str, bytes] = {}


def configure(*, data_folder: Path, root: Path, demo: bool, secret: str = "", anchors: Path | None = None) -> None:
    """`secret` lies outside the database; without one, the one set before stays."""
    if secret:
        _secrets["own"] = secret.encode()
    _values["data"] = data_folder
    _values["root"] = root
    _values["anchors"] = anchors or data_folder / "anchors.log"
    _switches["demo"] = demo


def data_folder() -> Path:
    """The folder of everything that is not in the database."""
    return _values["data"]


def anchors_file() -> Path:
    """Where the journal's anchors are written."""
    return _values["anchors"]


def root() -> Path:
    """The folder that holds `processes/`, `forms/` and `demo/`."""
    return _values["root"]


def is_demo() -> bool:
    """Whether demonstration accounts may come in."""
    return _switches["demo"]


def secret() -> bytes:
    """What only this deployment knows."""
    return _secrets["own"]
