"""The bare floor: what Flask and Flask-SQLAlchemy take for one session look-up, one SELECT, UPDATE, INSERT and COMMIT.

No forms, no access rules, no procedure, no history: nothing that the product is for. Run by gunicorn with the
product's own settings as `bench.floor:app`; the database is named by FLOOR_URL.
"""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import Flask, abort, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.storage.connections import install_discipline
from config import database_url, engine_options


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Caller(Base):
    __tablename__ = "floor_callers"

    digest: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Item(Base):
    __tablename__ = "floor_items"

    id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Entry(Base):
    __tablename__ = "floor_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("floor_items.id"), index=True)
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


TOKEN = "floor"
DRIVERS_OWN = 5
"""Uses of a statement before psycopg prepares it."""


def create_app(url: str) -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options = engine_options(database_url(url))
    if "prepare_threshold" in options["connect_args"]:  # its few statements are of the kind that the product prepares
        options["connect_args"]["prepare_threshold"] = DRIVERS_OWN
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":  # how it writes; the connections to PostgreSQL are the driver's own
            install_discipline(db.engine)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/items/<item_id>/complete")
    def complete(item_id: str) -> dict[str, Any]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        caller = db.session.scalars(select(Caller).where(Caller.digest == token)).one_or_none() or abort(401)
        db.session.rollback()  # the write begins its own transaction, as the product's does
        db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        item = db.session.scalars(select(Item).where(Item.id == item_id).with_for_update()).one_or_none() or abort(404)
        body, now = request.get_json(), datetime.now(UTC)
        item.status, item.done_at, item.data = "COMPLETED", now, body["data"]
        db.session.add(Entry(item_id=item.id, by=caller.name, at=now, data=body["data"]))
        answer = {"id": item.id, "status": item.status, "by": caller.name}
        db.session.commit()
        return answer

    return app


def fill(app: Flask, number: int) -> list[str]:
    """Make the tables and so many open items; returns their ids."""
    with app.app_context():
        db.create_all()
        ids = [uuid4().hex for _ in range(number)]
        db.session.add(Caller(digest=TOKEN, name="caller"))
        db.session.add_all(Item(id=each, status="OPEN", data={}) for each in ids)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return ids


if os.environ.get("FLOOR_URL"):
    app = create_app(os.environ["FLOOR_URL"])
