"""Extension instances, unbound. Imports nothing of ours, so anything may import it."""

import errno
from datetime import UTC, datetime
from typing import Any

from flask_babel import Babel
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC. SQLite drops the offset, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of every table in `app.storage.models`."""

    registry = registry(type_annotation_map={datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON})


db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True)
csrf = CSRFProtect()
babel = Babel()

OUTAGES = (OperationalError, InterfaceError, InternalError, NoConnectionError)
"""What the drivers raise when the database is at fault and not the request: away, full, read-only, locked for too long.
Nothing was kept unless the commit itself lost its answer; the same request with the same key may be sent again."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
"""How the system says that nothing more can be written to the data folder: an outage too."""
