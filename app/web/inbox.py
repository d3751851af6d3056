"""工作台: the boxes."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from app.domain.errors import NotFoundError
from app.domain.tasks import Lamp
from app.queries import inbox as query
from app.queries.inbox import Box, Filters, Order
from app.queries.stages import stage_names
from app.web import clock
from app.web.permission import actor, needs_sign_in

screen = Blueprint("inbox", __name__)


@screen.get("/inbox/<box>")
@needs_sign_in
def show(box: str) -> str | Response:
    if box not in set(Box):
        raise NotFoundError
    found = query.inbox(actor(), Box(box), filters=filters_of(), page=page_number(), now=clock.now())
    stages = stage_names({row.release_id for row in found.rows}) if found.box is Box.MINE else {}
    return render_template("inbox.html", inbox=found, filters=filters_of(), stages=stages)


def filters_of() -> Filters:
    """What the address says; anything unknown is ignored."""
    lamp, order = request.args.get("lamp", ""), request.args.get("order", "")
    return Filters(
        lamp=Lamp(lamp) if lamp in set(Lamp) else None,
        step=request.args.get("step", "")[:100],
        organ=request.args.get("organ", "")[:100],
        text=request.args.get("q", "").strip()[:100],
        order=Order(order) if order in set(Order) else Order.DUE,
        read=request.args.get("read") == "1",
    )


def page_number() -> int:
    value = request.args.get("page", "1")
    return max(1, int(value)) if value.isdecimal() and len(value) < 7 else 1
