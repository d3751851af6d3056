"""A name that does not exist is answered with the one that was meant, the same everywhere."""

from app.domain.spelling import meant, nearest


def test_the_nearest_name_is_found_and_none_where_nothing_is_alike() -> None:
    known = {"jmo.officer", "jmo.director", "filing"}

    assert nearest("jmo.oficer", known) == "jmo.officer"
    assert nearest("zzz", known) is None
    assert nearest("zzz", ()) is None
    assert nearest("filling", known, alike=0.95) is None


def test_the_end_of_a_sentence_says_which_was_meant_or_that_none_is_alike() -> None:
    assert str(meant("filling", ["filing"])) == "；是否为“filing”？"
    assert str(meant("zzz", ["filing"])) == "；没有名称相近的。"
