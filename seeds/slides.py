"""The demonstration's recording, rendered: slides with the module's text, a chime at each, and Greek captions.

Drawn with the fonts the site itself uses, put together by ffmpeg in one process of a few seconds.
"""

from __future__ import annotations

import io
import math
import struct
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "static" / "vendor" / "fonts"
SIZE = (1280, 720)
DEEP, SUN, PALE, QUIET = "#0c3a4b", "#f2bc3f", "#f3f6f0", "#8fb3bf"
RATE = 16_000  # samples a second
SHORTEST = 24  # letters of a caption of its own
FRAMES = 2  # pictures a second: slides stand still


@lru_cache
def _data(name: str) -> tuple[bytes, frozenset[int]]:
    """The font NAME as TrueType, and the characters it has."""
    font = TTFont(FONTS / f"{name}.woff2")
    characters = frozenset(font.getBestCmap())
    font.flavor = None
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue(), characters


@lru_cache
def _font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(io.BytesIO(_data(name)[0]), size)
    axes = font.get_variation_axes()
    font.set_variation_by_axes([weight if b"eight" in bytes(axis["name"]) else axis["default"] or 0 for axis in axes])
    return font


class Pen:
    """Writes Greek, Latin and signs in one line: each letter from the part of the family that has it."""

    def __init__(self, family: str, size: int, weight: int) -> None:
        self.parts = [(_font(f"{family}-{part}", size, weight), _data(f"{family}-{part}")[1])
                      for part in ("greek", "signs", "latin")]

    def runs(self, text: str) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
        run, current = "", self.parts[0][0]
        for letter in text:
            font = next((f for f, have in self.parts if ord(letter) in have), self.parts[1][0])
            if font is not current and run:
                yield run, current
                run = ""
            current, run = font, run + letter
        if run:
            yield run, current

    def width(self, text: str) -> float:
        return sum(font.getlength(run) for run, font in self.runs(text))

    def write(self, draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, colour: str) -> None:
        x, y = at
        for run, font in self.runs(text):
            draw.text((x, y), run, font=font, fill=colour, anchor="ls")
            x += font.getlength(run)

    def wrap(self, text: str, width: float) -> list[str]:
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if self.width(longer) <= width or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines


def draw_slide(slide: dict[str, Any], place: int, count: int) -> Image.Image:
    """One slide: its title, its lines, and the ring of seats that says how far we are."""
    image = Image.new("RGB", SIZE, DEEP)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 10), fill=SUN)
    y = 170.0
    title = Pen("commissioner", 62, 750)
    for line in title.wrap(slide["title"], 900):
        title.write(draw, (90, y), line, PALE)
        y += 74
    y += 26
    text = Pen("literata", 38, 400)
    for item in slide["lines"]:
        draw.ellipse((92, y - 20, 106, y - 6), fill=SUN)
        for line in text.wrap(item, 1010):
            text.write(draw, (132, y), line, PALE)
            y += 52
        y += 12
    _ring(draw, (1130, 130), place, count)
    Pen("commissioner", 24, 600).write(draw, (90, 668), "Μέντορες · δοκιμαστική μαγνητοσκόπηση", QUIET)
    return image


def _ring(draw: ImageDraw.ImageDraw, centre: tuple[int, int], place: int, count: int) -> None:
    for seat in range(count):
        angle = 2 * math.pi * seat / count - math.pi / 2
        x, y = centre[0] + 62 * math.cos(angle), centre[1] + 62 * math.sin(angle)
        radius = 9 if seat == place else 6
        colour = SUN if seat == place else PALE if seat < place else QUIET
        if seat > place:
            draw.ellipse((x - 5, y - 5, x + 5, y + 5), outline=colour, width=2)
        else:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def write_sound(path: Path, slides: list[dict[str, Any]]) -> None:
    """Two soft notes as each slide comes, quiet between them."""
    chime = b"".join(struct.pack("<h", int(_chime(n / RATE))) for n in range(int(1.6 * RATE)))
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        for slide in slides:
            length = int(slide["seconds"]) * RATE * 2
            sound.writeframes(chime[:length].ljust(length, b"\0"))


def _chime(t: float) -> float:
    """The sound T seconds after it was struck: two notes a fifth apart, fading."""
    return 5200 * math.exp(-3.2 * t) * (math.sin(2 * math.pi * 440 * t) + 0.6 * math.sin(2 * math.pi * 660 * t))


def captions(slides: list[dict[str, Any]]) -> str:
    """WebVTT of what is said: each slide's sentences, shared over its seconds by their length."""
    cues, start = ["WEBVTT", ""], 0.0
    for slide in slides:
        sentences = [s.strip() for s in _sentences(slide["caption"])]
        whole = sum(map(len, sentences))
        at = start + 1.0
        for sentence in sentences:
            lasts = (slide["seconds"] - 1.0) * len(sentence) / whole
            cues += [f"{_stamp(at)} --> {_stamp(at + lasts)}", sentence, ""]
            at += lasts
        start += slide["seconds"]
    return "\n".join(cues)


def _sentences(text: str) -> Iterator[str]:
    sentence = ""
    for word in text.split():
        sentence += f" {word}"
        if word[-1] in ".;!" and len(sentence) > SHORTEST:
            yield sentence
            sentence = ""
    if sentence:
        yield sentence


def _stamp(seconds: float) -> str:
    whole, ms = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{ms:03}"


def render(slides: list[dict[str, Any]], ffmpeg: str, target: Path) -> None:
    """Write the recording of SLIDES ({"seconds", "title", "lines", "caption"}) to TARGET, an MP4 (H.264, AAC)."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        listing = []
        for place, slide in enumerate(slides):
            draw_slide(slide, place, len(slides)).save(work / f"{place:03}.png", compress_level=1)
            listing += [f"file {place:03}.png", f"duration {slide['seconds']}"]
        listing.append(f"file {len(slides) - 1:03}.png")
        (work / "list.txt").write_text("\n".join(listing), encoding="utf-8")
        write_sound(work / "sound.wav", slides)
        seconds = sum(slide["seconds"] for slide in slides)
        command = [
            ffmpeg, "-nostdin", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", "list.txt", "-i", "sound.wav",
            "-r", str(FRAMES), "-t", str(seconds), "-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage",
            "-crf", "26", "-g", str(FRAMES * 4), "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "48k", "-ac", "1",
            "-movflags", "+faststart", str(target.resolve()),
        ]
        subprocess.run(command, cwd=work, check=True)  # noqa: S603 - the command is ours
