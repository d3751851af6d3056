"""Chinese words of any length are found in texts cut into pairs of characters."""

import pytest

from app.domain.grams import PIECE, excerpt, grams_of, phrases, pieces

TEXT = "（2025）皖1524行初12号：违法拆除，败诉。被告：金寨县住房和城乡建设局"


def found(question: str, text: str = TEXT) -> bool:
    """What both databases do with phrases."""
    there = grams_of(text).split()
    return all(
        any(
            there[at : at + len(phrase.grams) - 1] == list(phrase.grams[:-1])
            and at + len(phrase.grams) <= len(there)
            and there[at + len(phrase.grams) - 1].startswith(phrase.grams[-1])
            and (phrase.open_ended or there[at + len(phrase.grams) - 1] == phrase.grams[-1])
            for at in range(len(there))
        )
        for phrase in phrases(question)
    )


@pytest.mark.parametrize(
    "question",
    [
        "败诉",
        "1524行初12号",
        "(2025)皖1524",
        "（\uff12\uff10\uff12\uff15）皖1524行初12号",
        "违法拆除",
        "号",
        "12号：违法",
        "住房 拆除",
    ],
)
def test_words_numbers_and_single_characters_are_found(question: str) -> None:
    assert found(question)


@pytest.mark.parametrize("question", ["胜诉", "除败", "1524行初13号", "住房 胜诉"])
def test_what_is_not_there_is_not_found(question: str) -> None:
    assert not found(question)


def test_a_question_of_signs_only_asks_nothing() -> None:
    assert phrases("《》 …… -") == ()


def test_the_excerpt_marks_the_words_as_they_stand_in_the_text() -> None:
    stretches = excerpt(TEXT, phrases("(2025)皖1524 败诉"))

    assert "".join(text for text, _ in stretches) == TEXT
    assert [text for text, is_hit in stretches if is_hit] == ["2025）皖1524", "败诉"]


def test_a_long_text_is_cut_so_that_no_word_is_cut() -> None:
    text = "".join(chr(0x4E00 + place % 9000) for place in range(2 * PIECE))

    parts = list(pieces(text))

    assert len(parts) == 3
    assert any(text[PIECE - 5 : PIECE + 5] in part for part in parts)
    assert list(pieces("")) == []
