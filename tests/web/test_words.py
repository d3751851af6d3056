"""Words on pages: in the reader's language, escaped where they come from people."""

import pytest
from flask import Flask, render_template_string


def test_a_percent_sign_in_the_name_of_a_step_is_no_place_for_a_value(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string("{{ _('赔偿50%以上的复核') }}") == "赔偿50%以上的复核"


def test_what_is_put_into_a_sentence_is_escaped(app: Flask) -> None:
    with app.test_request_context():
        shown = render_template_string("{{ _('%(count)s 件', count=count) }}", count="<b>3</b>")

    assert shown == "&lt;b&gt;3&lt;/b&gt; 件"


def test_a_loop_with_a_variable_of_its_own_still_finds_its_words(app: Flask) -> None:
    with app.test_request_context():
        shown = render_template_string(
            "{% for n in (1, 2) %}{% set m = n %}{{ _('%(count)s 件', count=m) }};{% endfor %}"
        )

    assert shown == "1 件;2 件;"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_name_that_an_owner_gave_is_escaped_like_anything_else(app: Flask, language: str) -> None:
    name = "<script>alert(1)</script> & 100%"

    with app.test_request_context(headers={"Accept-Language": language}):
        shown = app.jinja_env.from_string("{{ _(name) }}").render(name=name)

    assert shown == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 100%"
