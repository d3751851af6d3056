"""A picture drawn anew. A program of its own: `python -I redraw.py FORMAT` reads one from its input and writes another.

A picture comes from anybody and is decoded by libraries written in C: here they may crash or swell without taking
the product along. Whatever else the file held (place and maker, comments, another file behind its end) is gone
afterwards. It imports nothing of ours, so that it starts in a moment.
"""

import io
import resource
import sys

from PIL import Image, ImageOps

MEMORY, SECONDS = 1 << 30, 10
"""Bytes of address space, seconds of processor time."""
MOST_PIXELS = 60_000_000
"""An A4 page at 600 dots an inch has 35 million."""
REFUSED, TOO_LARGE = 3, 4
"""How the program ends when it does not draw."""
_PLAIN = ("1", "L", "RGB")


def main(kind: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    given = io.BytesIO(sys.stdin.buffer.read())
    try:
        with Image.open(given, formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return TOO_LARGE
            sys.stdout.buffer.write(_drawn(picture, kind))
    except Image.DecompressionBombError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001  (a damaged picture raises anything)
        return REFUSED
    return 0


def _drawn(picture: Image.Image, kind: str) -> bytes:
    drawn: Image.Image = ImageOps.exif_transpose(picture)
    clear = "transparency" in drawn.info or drawn.mode in ("LA", "RGBA", "PA")
    if drawn.mode not in _PLAIN:
        drawn = drawn.convert("RGBA" if clear and kind == "PNG" else "RGB")
    bare = Image.frombytes(drawn.mode, drawn.size, drawn.tobytes())
    dots = picture.info.get("dpi")
    more = {"dpi": (float(dots[0]), float(dots[1]))} if dots else {}
    out = io.BytesIO()
    if kind == "JPEG":
        bare.save(out, "JPEG", quality=92, subsampling=0, **more)
    else:
        bare.save(out, "PNG", compress_level=6, **more)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
