"""Which call of a diagram a page shows, where several diagrams call the same one."""

import pytest

from app.queries import drawings

CALL = '<bpmn:callActivity id="{}" calledElement="{}"/>'


def diagram(key: str, *calls: tuple[str, str]) -> bytes:
    body = "".join(CALL.format(*call) for call in calls)
    model = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    process = f'<bpmn:process id="{key}">{body}</bpmn:process>'
    return f'<bpmn:definitions xmlns:bpmn="{model}">{process}</bpmn:definitions>'.encode()


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A phase that the top calls itself and another phase calls once more; the other comes first by name."""
    release = {
        "case.bpmn": diagram("case", ("C_later", "another"), ("C_screening", "screening")),
        "another.bpmn": diagram("another", ("C_again", "screening")),
        "screening.bpmn": diagram("screening"),
    }
    monkeypatch.setattr(drawings, "files_of", lambda _: release)


def test_a_diagram_called_twice_belongs_to_the_call_nearest_to_the_top(files: None) -> None:
    assert drawings.caller_of("callers-of-a-test", "screening") == ("case", "C_screening")
    assert drawings.caller_of("callers-of-a-test", "another") == ("case", "C_later")


def test_the_top_is_called_by_nobody(files: None) -> None:
    assert drawings.caller_of("callers-of-a-test", "case") is None
