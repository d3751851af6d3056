"""The invented people of a play: those of the demonstration where a county has some, else one for every role."""

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from app.domain.roles import ROLES, Side
from app.scenarios.world import read_yaml
from app.services import organisation

ORGANS: tuple[tuple[str, str, str], ...] = (
    ("xzf", "县人民政府", "GOVERNMENT"),
    ("sfj", "县司法局", "JOINT_MEETING_OFFICE"),
    ("jw", "县监察委员会", "SUPERVISION"),
    ("fy", "县人民法院", "COURT"),
    ("jcy", "县人民检察院", "PROCURATORATE"),
    ("zzb", "县委组织部", "HR"),
    ("rsj", "县人力资源和社会保障局", "HR"),
    ("czj", "县财政局", "FINANCE"),
    ("zjj", "县住房和城乡建设局", "ADMIN_ORGAN"),
    ("scj", "县市场监督管理局", "ADMIN_ORGAN"),
    ("zyf", "市中级人民法院", "OUTSIDE_COURT"),
)
"""Code, name and kind of every invented organ."""
MEMBERS = ("jw", "sfj", "fy", "jcy", "zzb", "rsj", "czj")
LOSING = ("zjj", "scj")
"""Organs that lose cases."""
HOMES = {
    Side.ORGAN: LOSING,
    Side.OFFICE: ("sfj",),
    Side.MEMBER: MEMBERS,
    Side.SUPERVISION: ("jw",),
    Side.DECIDER: ("zzb", "rsj", *LOSING),
    Side.EXECUTION: ("rsj",),
    Side.SUBJECT: LOSING,
    Side.OVERSIGHT: ("xzf",),
}
"""Where the roles of a side are held. Administrators act in no procedure."""
ALONE = {
    "court.liaison": ("fy",),
    "procuratorate.liaison": ("jcy",),
    "finance.officer": ("czj",),
    "recovery.officer": ("czj",),
    "hr.officer": ("zzb", "rsj"),
    "hr.head": ("zzb", "rsj"),
    "remedy.officer": ("zzb", "rsj"),
}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "甲乙丙丁戊己庚辛"


def bring_in(county_id: str, county_name: str, *, demo: Path, folder: Path, password: str, now: datetime) -> None:
    """Put the county's invented people into the database of the play. `folder` may be written to.

    A county that came as a pack brings its own beside its scenarios.
    """
    path = file_of(county_id, folder / "scenarios") or file_of(county_id, demo)
    if path is None:
        path = folder / "people.yml"
        path.write_text(yaml.safe_dump(invented(county_id, county_name), allow_unicode=True), "utf-8")
    organisation.import_file(path, password=password, demo=True, now=now)


def file_of(county_id: str, demo: Path) -> Path | None:
    for path in sorted(demo.glob("*.yml")):
        text = path.read_text("utf-8")
        if "people" in text and county_id in text and _county_in(path) == county_id:  # reading all of them takes long
            return path
    return None


def _county_in(path: Path) -> Any:
    """The county that an organisation file is about, however it is written; None for another kind of file."""
    said = read_yaml(path)
    county = said.get("county") if isinstance(said, dict) and "people" in said else None
    return county.get("id") if isinstance(county, dict) else None


def invented(county_id: str, county_name: str) -> dict[str, Any]:
    """An organisation file with every role: `<county>.<role>`, or `<county>.<role>.<organ>` where several have it."""
    return {
        "county": {"id": county_id, "name": county_name, "name_en": county_name},
        "organs": [{"code": code, "name": name, "kind": kind} for code, name, kind in ORGANS],
        "members": [{"organ": code} for code in MEMBERS],
        "people": list(_people(county_id)),
    }


def _people(county_id: str) -> Iterator[dict[str, Any]]:
    """Two of each, so that somebody else can review; one head."""
    number = 0
    for role in ROLES.values():
        homes = ALONE.get(role.id, HOMES.get(role.side, ()))
        is_head = role.id.endswith((".head", ".director", ".leader"))
        for organ, which in product(homes, ("",) if is_head else ("", "2")):
            name = role.id if len(homes) == 1 else f"{role.id}.{organ}"
            yield {
                "username": f"{county_id}.{name}{which}",
                "name": f"{SURNAMES[number % len(SURNAMES)]}试{GIVEN[number // len(SURNAMES) % len(GIVEN)]}",
                "organ": organ,
                "position": role.label,
                "roles": [{"role": role.id, "organ": organ}],
                "person_category": "CIVIL_SERVANT",
                "leading_cadre": is_head,
            }
            number += 1
