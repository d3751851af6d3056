"""What goes into a page is escaped once: what was escaped when it was made goes in as it is.

jinja escapes each value that a page says, and makes a new string even of those that are escaped already: sentences,
icons and what macros give back, half of the three thousand values of a list.
"""

from typing import Any

from flask import Flask
from jinja2.compiler import CodeGenerator
from jinja2.nodes import Expr
from markupsafe import Markup, escape


def in_page(value: Any) -> Markup:
    """The same as `escape`."""
    return value if type(value) is Markup else escape(value)


class _PageCode(CodeGenerator):
    """Writes the call above where jinja writes its own."""

    def _output_child_pre(self, node: Expr, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.in_page(")
        if finalize.src is not None:
            self.write(finalize.src)


def init_app(app: Flask) -> None:
    """Before the first page is compiled."""
    app.jinja_env.code_generator_class = _PageCode
    app.jinja_env.extend(in_page=in_page)
