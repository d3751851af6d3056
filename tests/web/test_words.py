"""Words on pages: in the reader's language, escaped where they come from people."""

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
