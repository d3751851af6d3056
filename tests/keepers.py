"""The keepers of plays that a test's process started."""

from app.scenarios import plays


def end_keepers() -> None:
    """Stop them all; the next play begins with one anew."""
    for process in plays._keepers.values():
        process.kill()
        process.wait()
    plays._keepers.clear()
