"""Instances as each released version saved them, each loaded and finished by the present one.

    <version>/base.zst      the database of that version with people and definitions and no cases
    <version>/<name>.zst    the same database with proceedings stopped midway, compressed against the base
    <version>/index.yml     what each stands for, the clock, and how the scenario that made it would have gone on

`python -m tests.golden.make` adds the folder of the present version; it is run once at a release and never again.
"""
