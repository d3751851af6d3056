"""Boxes below a step on the diagram of a case: who is asked, and what presses."""

from flask import Flask


def test_two_boxes_stand_below_a_step_and_more_are_counted_so_that_nothing_is_hidden(app: Flask) -> None:
    from app.queries.diagrams import Beside  # noqa: PLC0415  (see tests.conftest)
    from app.web.diagrams import sides_in_words  # noqa: PLC0415

    red, urged, asked = Beside("SHEET_RED", ""), Beside("URGED", ""), Beside("COUNTERSIGN", "何静")

    with app.test_request_context():
        assert sides_in_words([red, asked]) == ["红色督办", "加签 何静"]
        assert sides_in_words([red, urged, asked]) == ["红色督办", "+2"]
