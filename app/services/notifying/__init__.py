"""Telling people outside of what lies in the product: to whom, what, when, by which way, and never twice unmarked."""
