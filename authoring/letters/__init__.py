"""Writes the shipped templates of official papers; `python -m authoring.letters` writes them to forms/letters."""
