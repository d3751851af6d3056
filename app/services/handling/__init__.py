"""Verbs beside submitting: one function, one transaction, one line in the history each."""
