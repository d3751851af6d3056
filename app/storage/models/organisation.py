"""Who there is: counties, their organs, the people in them and the roles these hold, all dated."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class County(Base):
    """A jurisdiction. Data of one county is invisible to the others."""

    __tablename__ = "counties"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]


class Organ(Base):
    """An organ of a county; its id is `<county>.<code>`."""

    __tablename__ = "organs"
    __table_args__ = (UniqueConstraint("county_id", "code"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    short_name: Mapped[str]
    kind: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    """The last day of an organ that was dissolved (撤并)."""
    successor_id: Mapped[str | None] = mapped_column(ForeignKey("organs.id"))
    """Who goes on with what it left."""
    dissolution_basis: Mapped[str] = mapped_column(default="")
    """The paper by which it was dissolved."""


class OrganisationMark(Base):
    """One row: a mark that triggers draw anew with every change of the people and what they hold.

    See `app.storage.marks`.
    """

    __tablename__ = "organisation_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str]


class MemberUnit(Base):
    """A member unit of a county's joint meeting, in the order of the member list."""

    __tablename__ = "member_units"

    organ_id: Mapped[str] = mapped_column(ForeignKey("organs.id"), primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"), index=True)
    position: Mapped[int]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Person(Base):
    """A person of a county (administrators belong to none)."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str | None] = mapped_column(ForeignKey("counties.id"), index=True)
    organ_id: Mapped[str | None] = mapped_column(ForeignKey("organs.id"), index=True)
    name: Mapped[str]
    position: Mapped[str] = mapped_column(default="")
    person_category: Mapped[str] = mapped_column(default="")
    leading_cadre: Mapped[bool] = mapped_column(default=False)
    organ: Mapped[Organ | None] = relationship(lazy="raise_on_sql")
    roles: Mapped[list["RoleAssignment"]] = relationship(back_populates="person", lazy="raise_on_sql")


class RoleAssignment(Base):
    """A role that a person holds in an organ. The ids are those of the role list (`app.domain.roles`)."""

    __tablename__ = "role_assignments"
    __table_args__ = (UniqueConstraint("person_id", "role", "organ_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(index=True)
    organ_id: Mapped[str | None] = mapped_column(ForeignKey("organs.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    person: Mapped[Person] = relationship(back_populates="roles", lazy="raise_on_sql")
