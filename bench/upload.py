"""1.2 GB with fifty broken connections: is it the same file, how much was sent again, and what did it cost in memory?

Then eight files at once. `python -m bench upload` prints the figures; BREAKS and MEGABYTES make it smaller or larger.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import on_core, peak_mb
from bench.product import Product, product
from bench.sender import Break, Sender, broken_upload, digest, noise

BREAKS = int(os.environ.get("BREAKS", "50"))
MEGABYTES = int(os.environ.get("MEGABYTES", "1200"))
AT_ONCE = 8
EACH = 150  # megabytes of each of those


@dataclass
class Found:
    """What was measured."""

    breaks: list[Break] = field(default_factory=list)
    identical: bool = False
    seconds: float = 0
    peaks: list[float] = field(default_factory=list)  # of each web process that carried a part of it, in MB
    idle: float = 0  # a fresh web process
    eight: float = 0  # the peak with eight at once


def measure(ours: Product, folder: Path) -> Found:
    """Break one upload again and again, then send eight at once to a fresh process."""
    found, port = Found(), int(ours.url.rsplit(":", 1)[1])
    first, *others = ours.facts["drafts"]
    film = noise(folder / "film", MEGABYTES * 1_000_000)

    def kill() -> None:
        found.peaks.append(peak_mb(ours.web.pid))
        ours.kill()
        ours.answers()

    def restart() -> None:
        found.peaks.append(peak_mb(ours.web.pid))
        ours.web.terminate()
        ours.web.wait()
        ours.answers()

    sender, began = Sender(port, ours.facts["host"], first, film), time.perf_counter()
    found.breaks = broken_upload(sender, BREAKS, {"kill": kill, "restart": restart}, seed=BREAKS)
    found.seconds = time.perf_counter() - began
    found.peaks.append(peak_mb(ours.web.pid))
    found.identical = digest(film) == digest(arrived(ours, sender))
    film.unlink()
    arrived(ours, sender).unlink()
    ours.kill()
    ours.answers()
    found.idle = peak_mb(ours.web.pid)
    together(port, ours.facts["host"], others, noise(folder / "each", min(EACH, MEGABYTES) * 1_000_000))
    found.eight = peak_mb(ours.web.pid)
    return found


def arrived(ours: Product, sender: Sender) -> Path:
    """What the server has of it; no worker runs that would take it away."""
    return ours.folder / "media" / "uploads" / f"{sender.place.rsplit('/', 1)[1]}.part"


def together(port: int, cookie: str, drafts: list[str], file: Path) -> None:
    """Send FILE for each of the DRAFTS at the same time."""
    ended: list[int] = []
    senders = [Sender(port, cookie, pid, file) for pid in drafts]
    threads = [threading.Thread(target=lambda one=one: ended.append(one.finish(0))) for one in senders]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == [204] * len(drafts), ended


def run() -> Found:
    """Measure once."""
    os.environ["UPLOADS_PER_PERSON"] = str(AT_ONCE + 1)
    with product() as ours, tempfile.TemporaryDirectory(prefix="bench-") as folder, on_core(1):
        return measure(ours, Path(folder))


def table(found: Found) -> str:
    """The figures as lines of text, with their targets."""
    kinds = sorted({one.how for one in found.breaks})
    worst = max(one.again for one in found.breaks)
    mean = sum(one.again for one in found.breaks) / len(found.breaks)
    same = "the same SHA-256" if found.identical else "ANOTHER FILE"
    lines = [
        f"{MEGABYTES} MB with {len(found.breaks)} breaks in {found.seconds:.0f} s: {same}",
        f"sent again after a break: mean {mean / 1024:.0f} KiB, most {worst / 1024:.0f} KiB (target 1,152)",
    ]
    for how in kinds:
        those = [one.again / 1024 for one in found.breaks if one.how == how]
        lines.append(f"  {how}: {len(those)} times, mean {sum(those) / len(those):.0f} KiB, most {max(those):.0f} KiB")
    lines += [
        f"web process, peak: {max(found.peaks):.0f} MB with one upload; fresh {found.idle:.0f} MB",
        f"{AT_ONCE} uploads at once, peak: {found.eight:.0f} MB (target 150)",
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the figures."""
    print(table(run()))
