"""Which schema the database has, and which one this version wants."""

from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.extensions import db


@dataclass(frozen=True)
class SchemaState:
    """Revisions; `current` is None in an empty database."""

    current: str | None
    head: str | None
    is_unknown: bool
    """The database's revision is none of ours: a newer version made it."""

    @property
    def is_current(self) -> bool:
        return self.current == self.head


def folder_of(root: Path) -> Path:
    """Where the migrations are, below the checkout `root`."""
    return root / "migrations"


def state(root: Path) -> SchemaState:
    """Compare the database with the migrations below `root`."""
    config = Config()
    config.set_main_option("script_location", str(folder_of(root)).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    return SchemaState(current, scripts.get_current_head(), is_unknown=current is not None and current not in known)
