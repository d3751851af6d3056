"""Recipes for what the three administrators do, for one's own password, and for the first run."""

from sqlalchemy import delete, select

from tests.faults.crash_requests import Sent, recipe
from tests.faults.crash_world import COUNTY, Desk

OFFICER = f"{COUNTY}.jmo.officer"
FIRST_RUN = "POST /setup"


@recipe("POST /administration/counties")
def _(desk: Desk) -> Sent:
    return Sent("/administration/counties", "operator", form={"county_id": "xinxian", "county_name": "新县"})


@recipe("POST /administration/organs")
def _(desk: Desk) -> Sent:
    form = {"organ_county": COUNTY, "code": "xinju", "organ_name": "新设局", "short_name": "新局"}
    return Sent("/administration/organs", "operator", form=form)


@recipe("POST /administration/organs/<organ_id>/dissolution")
def _(desk: Desk) -> Sent:
    form = {"successor_id": f"{COUNTY}.zjj", "basis": "金编发〔2026〕3号"}
    return Sent(f"/administration/organs/{COUNTY}.scj/dissolution", "operator", form=form)


@recipe("POST /administration/people")
def _(desk: Desk) -> Sent:
    form = {"username": f"{COUNTY}.xinren", "name": "新人", "organ_id": f"{COUNTY}.zjj"}
    return Sent("/administration/people", "operator", form=form)


@recipe("POST /administration/people/<person_id>/account")
def _(desk: Desk) -> Sent:
    person_id = desk.actor("jmo.officer").person_id
    form = {"act": "shut-out", "username": OFFICER}
    return Sent(f"/administration/people/{person_id}/account", "guard", form=form)


@recipe("POST /administration/people/<person_id>/roles")
def _(desk: Desk) -> Sent:
    person_id = desk.actor("jmo.officer").person_id
    return Sent(f"/administration/people/{person_id}/roles", "guard", form={"role": "archivist"})


@recipe("POST /administration/people/<person_id>/roles/<int:assignment_id>/revoke")
def _(desk: Desk) -> Sent:
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.storage.models import RoleAssignment  # noqa: PLC0415

    person_id = desk.actor("jmo.officer").person_id
    held = db.session.scalars(select(RoleAssignment.id).where(RoleAssignment.person_id == person_id)).first()
    return Sent(f"/administration/people/{person_id}/roles/{held}/revoke", "guard")


@recipe("POST /administration/security/policy")
def _(desk: Desk) -> Sent:
    return Sent("/administration/security/policy", "guard", form={"idle_minutes": "45"})


@recipe("POST /audit/verification")
def _(desk: Desk) -> Sent:
    return Sent("/audit/verification", "keeper")


@recipe("POST /administration/security/unlock")
def _(desk: Desk) -> Sent:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import SignInAttempt  # noqa: PLC0415

    db.session.add(SignInAttempt(key=f"account/{OFFICER}", failures=5, since=desk.now))
    db.session.commit()
    return Sent("/administration/security/unlock", "guard", form={"lock": f"account/{OFFICER}"})


@recipe("POST /administration/security/end-session")
def _(desk: Desk) -> Sent:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Session  # noqa: PLC0415

    digest = db.session.scalars(select(Session.digest).where(Session.username == OFFICER)).one()
    return Sent("/administration/security/end-session", "guard", form={"session": digest[:16]})


@recipe("POST /administration/requests/<request_id>")
def _(desk: Desk) -> Sent:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import GrantRequest, Person  # noqa: PLC0415

    guard = f"{COUNTY}.guard"
    db.session.add(Person(id="another", name="另一人"))
    db.session.flush()
    row = GrantRequest(id="r1", person_id="another", role="audit.admin", asked_by=guard, asked_at=desk.now)
    db.session.add(row)
    db.session.commit()
    return Sent("/administration/requests/r1", "operator", form={"agrees": "1"})


def _bound(username: str) -> str:
    """The key of an identity that the account is bound to."""
    from app.domain.identities import key_of  # noqa: PLC0415
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Account  # noqa: PLC0415

    key = key_of("https://id.example", "sub", "1001")
    db.session.get_one(Account, username).oidc_subject = key
    db.session.commit()
    return key


@recipe("POST /administration/people/<person_id>/identity")
def _(desk: Desk) -> Sent:
    _bound(OFFICER)
    return Sent(f"/administration/people/{OFFICER}/identity", "guard", form={"username": OFFICER})


@recipe("POST /sign-in/provider")
def _(desk: Desk) -> Sent:
    """What the provider said a moment ago, kept by the browser while a code is entered."""
    from app.domain.identities import Identity  # noqa: PLC0415
    from app.web.identity import SIGN_IN, _sealed  # noqa: PLC0415

    _bound(OFFICER)
    sealed = _sealed(Identity("https://id.example", "1001"), SIGN_IN, "/", desk.now)
    return Sent("/sign-in/provider", form={"identity": sealed, "code": ""})


@recipe("POST /me/password")
def _(desk: Desk) -> Sent:
    new = "Different-1-Aa"
    return Sent("/me/password", "jmo.officer", form={"old": "only-For-Tests-1", "new": new, "again": new})


@recipe(FIRST_RUN)
def _(desk: Desk) -> Sent:
    """A system whose administrators have all gone."""
    from app.domain.administrators import ADMINISTRATORS  # noqa: PLC0415
    from app.extensions import db  # noqa: PLC0415
    from app.services import first_run  # noqa: PLC0415
    from app.storage.models import RoleAssignment  # noqa: PLC0415

    db.session.execute(delete(RoleAssignment).where(RoleAssignment.role.in_(ADMINISTRATORS)))
    db.session.commit()
    form = {"code": first_run.draw_code() or ""}
    for role, letter in zip(ADMINISTRATORS, "xyz", strict=True):
        form |= {f"{role}.name": f"管理{letter}", f"{role}.username": f"admin.{letter}"}
        form |= {f"{role}.password": f"Own-{letter}-Word-1", f"{role}.again": f"Own-{letter}-Word-1"}
    return Sent("/setup", form=form)


@recipe("POST /me/second-factor")
def _(desk: Desk) -> Sent:
    import pyotp  # noqa: PLC0415

    from app.services import confirmation  # noqa: PLC0415

    seed = "0" * 32
    secret, _ = confirmation.second_factor_of(desk.actor("jmo.officer"), seed)
    return Sent("/me/second-factor", "jmo.officer", form={"seed": seed, "code": pyotp.TOTP(secret).at(desk.now)})
