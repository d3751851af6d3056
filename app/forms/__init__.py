"""A `.form` file as the one truth of a form: what the browser shows is what the server checks.

`parse` reads the file, `lint` judges it, `schema` turns its fields into marshmallow fields, `answers` loads what
somebody sent, `presentation` prepares the file for the browser and a submission for readers.
"""
