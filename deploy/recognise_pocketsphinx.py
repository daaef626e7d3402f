# ruff: noqa: INP001 - a script for a command line, no package
"""`python deploy/recognise_pocketsphinx.py SOUND.wav`: English speech as WebVTT, by PocketSphinx.

A small recogniser whose wheel brings its model along (`pip install pocketsphinx`): enough to try the way from a
recording to a draft of captions. Its words are poor; for real drafts see docs/deployment.md, «Speech recognition».

    ASR_COMMAND="/srv/mentores/.venv/bin/python /srv/mentores/deploy/recognise_pocketsphinx.py {wav}"
    ASR_LANGUAGES=en

The sound is 16-bit mono WAV, as the archive gives it.
"""

from __future__ import annotations

import sys
import wave
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from pocketsphinx import Decoder, Segmenter

LONGEST = 6.0  # seconds of a line
FRAME = 0.01  # seconds of the decoder's frames


class Ended:
    """A stream with a second of silence after it: what is said up to the very end would get lost."""

    def __init__(self, *parts: IO[bytes]) -> None:
        self.parts = list(parts)

    def read(self, size: int) -> bytes:
        """SIZE bytes; fewer at the end."""
        data = self.parts[0].read(size)
        if len(data) < size and len(self.parts) > 1:
            self.parts.pop(0)
            data += self.read(size - len(data))
        return data


def lines(path: str) -> Iterator[tuple[float, float, str]]:
    """(start, end, words) of what is said in the WAV file at PATH, in seconds."""
    with wave.open(path, "rb") as sound:
        rate = sound.getframerate()
        decoder = Decoder(samprate=rate, loglevel="FATAL")
        for part in Segmenter(sample_rate=rate).segment(Ended(sound.getfp(), BytesIO(bytes(2 * rate)))):
            decoder.start_utt()
            decoder.process_raw(part.pcm, full_utt=True)
            decoder.end_utt()
            yield from _parted(part.start_time, decoder)


def _parted(start: float, decoder: Decoder) -> Iterator[tuple[float, float, str]]:
    """The words of one stretch of speech, in lines that fit on a screen."""
    said: list[str] = []
    begun = ended = start
    for found in decoder.seg() or ():
        word = found.word.partition("(")[0]
        if not word or word.startswith(("<", "[")):  # silence, noise
            continue
        at, until = start + found.start_frame * FRAME, start + (found.end_frame + 1) * FRAME
        if said and until - begun > LONGEST:
            yield begun, ended, " ".join(said)
            said = []
        begun = begun if said else at
        said.append(word)
        ended = until
    if said:
        yield begun, ended, " ".join(said)


def stamp(seconds: float) -> str:
    """«01:02:03.250»."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


if __name__ == "__main__":
    sys.stdout.write("WEBVTT\n\n")
    for begin, end, words in lines(sys.argv[1]):
        sys.stdout.write(f"{stamp(begin)} --> {stamp(end)}\n{words}\n\n")
        sys.stdout.flush()
