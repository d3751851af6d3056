"""Our quicker tasks do what the library's do."""

from types import SimpleNamespace
from typing import Any

import pytest
from SpiffWorkflow.util.deep_merge import DeepMerge

from app.engine.workflows import Task

PAST: dict[str, Any] = {"a": 1, "b": [1, 2], "d": {"e": [3]}, "f": None, "g": "文"}


@pytest.mark.parametrize("own", [{}, {"a": 2, "b": [9], "d": {"x": 1}, "h": 1}], ids=["nothing yet", "something"])
def test_a_task_inherits_as_stock_does_and_shares_no_list_or_mapping(own: dict[str, Any]) -> None:
    workflow = SimpleNamespace(tasks={})
    parent = Task(workflow, None)
    parent.data = PAST
    child = Task(workflow, None, parent)
    child.data = {name: value.copy() if isinstance(value, dict | list) else value for name, value in own.items()}
    expected = DeepMerge.merge(
        {name: value.copy() if isinstance(value, dict | list) else value for name, value in own.items()}, PAST
    )

    child._inherit_data()

    assert child.data == expected
    assert child.data is not PAST
    assert not any(child.data[name] is PAST[name] for name in ("b", "d"))
