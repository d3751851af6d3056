"""撤并 on the pages of the system administrator."""

from tests.web import new_system
from tests.web.new_system import SignIn, add_officer

sqlite_database, office = new_system.sqlite_database, new_system.office


def test_an_organ_is_dissolved_on_its_page_and_says_who_goes_on(office: SignIn) -> None:
    system = office("x")
    add_officer(system)
    heir = {"organ_county": "jia", "code": "scj", "organ_name": "甲县市监局", "short_name": "市监局"}
    system.post("/administration/organs", heir)
    wanted = {"successor_id": "jia.scj", "basis": "甲编发〔2026〕3号"}

    empty = system.post("/administration/organs/jia.sfj/dissolution", status=422)
    done = system.post("/administration/organs/jia.sfj/dissolution", wanted)
    again = system.post("/administration/organs/jia.sfj/dissolution", wanted)
    by_security = office("y").post("/administration/organs/jia.scj/dissolution", wanted)

    assert empty.title.startswith("错误")
    assert "请填写撤并的依据" in empty.text
    assert "机关已撤并" in done.text
    assert "甲编发〔2026〕3号" in done.text
    assert "此前已经撤并，未重复办理" in again.text
    assert "由另一名管理员办理" in by_security.text
    assert "由甲县市监局承接" in system.get("/administration/organs").text
    assert "承接了：甲县司法局" in system.get("/administration/organs/jia.scj").text
    system.get("/administration/organs/jia.none", status=404)
