"""What a web process makes ready beside its first requests."""

import gc

from flask import Flask
from flask.testing import FlaskClient

from app.web import warming


def test_the_pages_opened_first_are_compiled_with_all_their_parts(app: Flask) -> None:
    warming.compile_pages(app)

    compiled = {name for _, name in app.jinja_env.cache or ()}
    assert {"task.html", "inbox.html", "layout.html"} <= compiled


def test_a_process_says_that_it_is_ready_only_once_it_is_warm(client: FlaskClient) -> None:
    warming._under_way.set()
    try:
        before = client.get("/readyz").get_json()["checks"]["warm"]
    finally:
        warming._under_way.clear()

    assert before is False
    assert client.get("/readyz").get_json()["checks"]["warm"] is True


def test_what_goes_wrong_while_warming_up_hinders_nobody(app: Flask) -> None:
    class Broken(Flask):
        pass

    warming._under_way.set()
    warming._warm_up(Broken("app"))

    assert warming.is_warm()


def test_what_a_process_has_made_by_then_is_looked_through_no_more() -> None:
    before = gc.get_threshold()
    try:
        warming.settle()
        frozen, roomy = gc.get_freeze_count(), gc.get_threshold()
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)

    assert frozen > 10_000
    assert roomy == warming.ROOMY
