"""What a page says is escaped exactly once."""

import pytest
from flask import Flask, render_template_string
from jinja2 import Environment
from markupsafe import Markup


class Drawn:
    def __html__(self) -> str:
        return "<svg></svg>"


class Marked(Markup):
    """A kind of markup that says something else of itself in a page."""

    def __html__(self) -> "Marked":
        return Marked("<i>marked</i>")


@pytest.mark.parametrize(
    "value", ["<b>&\"'", Markup("<b>ready</b>"), Markup("%s") % "<b>", Drawn(), Marked("x"), 7, None, "", "案由"]
)
def test_a_value_stands_in_a_page_as_the_template_language_says(app: Flask, value: object) -> None:
    template = (
        "{% macro part(what) %}[{{ what }}]{% endmacro %}{% set kept %}{{ value }}{% endset %}"
        "{{ value }}|{{ part(value) }}|{{ kept }}|{{ part(kept) }}|{{ value ~ '<' }}|{{ value|e }}"
    )

    with app.test_request_context():
        said = render_template_string(template, value=value)

    assert said == Environment(autoescape=True).from_string(template).render(value=value)


def test_pages_are_written_by_our_own_escaping(app: Flask) -> None:
    code = app.jinja_env.compile("{{ value }}", "page.html", raw=True)

    assert "environment.in_page(" in code
    assert "yield escape(" not in code
