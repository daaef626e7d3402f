"""The process that opens a picture from outside: bytes in on stdin, a new small WebP out on stdout, nothing else.

`core/pictures.py` starts it. It lowers its own limits before it looks at the first byte; whatever the file does to the
decoder happens here. Only pixels leave: no place, no camera, no name, no profile, no second picture.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MEMORY, CPU = 1 << 30, 10  # bytes, seconds
PIXELS = 40_000_000  # of what comes in
SIDE, LARGEST = 1280, 300_000  # of what leaves: pixels of the longer side, bytes
QUALITIES = (78, 60, 45, 30)


def close_in() -> None:
    """No files written, no children, little memory and time, from here on."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def repaint(raw: bytes) -> tuple[int, int, bytes]:
    """(width, height, WebP) of the picture in RAW. Raises whatever the decoder raises."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = PIXELS
    with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
        opened.draft("RGB", (2 * SIDE, 2 * SIDE))  # JPEG: only as many pixels as are needed
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((SIDE, SIDE))
        flat = Image.new("RGB", upright.size, "white")  # what was see-through stands on paper
        flat.paste(upright, mask=_opaque(upright))
    return *flat.size, _smallest(flat)


def _opaque(picture: Image.Image) -> Image.Image | None:
    if "A" in picture.getbands() or "transparency" in picture.info:
        return picture.convert("RGBA").getchannel("A")
    return None


def _smallest(flat: Image.Image) -> bytes:
    """The best quality that isn't too many bytes; the worst one when none is."""
    packed = b""
    for quality in QUALITIES:
        file = io.BytesIO()
        flat.save(file, "WEBP", quality=quality, method=4)
        packed = file.getvalue()
        if len(packed) <= LARGEST:
            break
    return packed


if __name__ == "__main__":
    Image.init()  # decoders are loaded while files may still be opened
    close_in()
    width, height, packed = repaint(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps([width, height]).encode() + b"\n" + packed)
