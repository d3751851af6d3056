"""Author the shipped diagrams and tables as files that bpmn.io opens: `python -m authoring` writes `processes/`.

The files are the truth that offices edit and the product runs; this package only saves drawing them by hand.
It is not part of the running product.
"""
