"""`python -m app.cli` is `wenze`."""

from app.cli import main

main(prog_name="wenze")
