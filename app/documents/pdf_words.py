"""The words of a PDF, for the search. A program of its own: `python -I pdf_words.py` reads it from its input and writes
them as UTF-8: what lies sealed on the disk never lies there open.

A PDF comes from anybody and is read by a library written in C: here it may crash, hang or swell without taking the
worker along. It imports nothing of ours, so that it starts in a moment.
"""

import resource
import sys

import pypdfium2

MOST_PAGES = 200
MOST_CHARACTERS = 200_000
MEMORY, SECONDS = 1 << 30, 10
"""Bytes of address space, seconds of processor time."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    left = MOST_CHARACTERS
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    for number in range(min(len(document), MOST_PAGES)):
        words = document[number].get_textpage().get_text_bounded()[:left]
        sys.stdout.buffer.write(words.encode("utf-8", "replace") + b"\n")
        left -= len(words)
        if left <= 0:
            return


if __name__ == "__main__":
    main()
