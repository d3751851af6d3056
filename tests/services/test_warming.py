"""What a process makes once, before anybody waits for it."""

import pytest

from app import yamlfiles
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
