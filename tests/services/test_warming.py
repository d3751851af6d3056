"""What a process makes once, before anybody waits for it."""

import gc

import pytest

from app import without_collections, yamlfiles
from app.forms.options import parse_options
from app.queries import labels, tasks
from app.services import warming
from tests.services.conftest import Office


def test_the_first_task_page_reads_no_file_of_a_release_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    task, actor = office.task(office.open_case(waits="no"), "T_check"), office.actor("officer1")
    for kept in (parse_options, labels._option_lists):
        kept.cache_clear()
    read, asked = yamlfiles.read, []
    monkeypatch.setattr(yamlfiles, "read", lambda text: (asked.append(text), read(text))[1])

    warming.parse_releases()
    once = len(asked)
    tasks.task_page(actor, task, now=office.now, locale="zh_Hans_CN")

    assert once >= 1
    assert asked[once:] == []


@pytest.mark.parametrize("collects", [True, False])
def test_what_is_loaded_is_not_looked_through_and_then_all_is_as_before(collects: bool) -> None:
    def fail() -> None:
        with without_collections():
            assert not gc.isenabled()
            raise LookupError

    before = gc.isenabled()
    try:
        gc.enable() if collects else gc.disable()
        with pytest.raises(LookupError):
            fail()

        assert gc.isenabled() is collects
    finally:
        gc.enable() if before else gc.disable()
