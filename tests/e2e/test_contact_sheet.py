"""The file of pages for the contact sheet says what the sheet can read."""

from pathlib import Path

from tests.e2e.contact_sheet import PAGES, STATES, Shot, shots_in


def test_every_page_of_the_file_is_a_shot_in_known_states() -> None:
    shots = list(shots_in(PAGES))

    assert len(shots) > 60
    assert {shot.state for shot in shots} == set(STATES)
    assert all(shot.path.startswith("/") for shot in shots)
    assert len({(shot.page, shot.state) for shot in shots}) == len(shots)


def test_a_state_takes_over_what_it_does_not_say_but_no_click(tmp_path: Path) -> None:
    file = tmp_path / "pages.yml"
    file.write_text(
        "todo:\n  normal: {who: jmo.officer, path: /inbox/todo, click: '#a'}\n  long: {path: /inbox/done}\n", "utf-8"
    )

    assert list(shots_in(file)) == [
        Shot("todo", "normal", "jmo.officer", "/inbox/todo", click="#a"),
        Shot("todo", "long", "jmo.officer", "/inbox/done"),
    ]
