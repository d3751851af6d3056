"""JSON in, JSON out."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the API."""
