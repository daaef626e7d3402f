"""The benchmarks, side by side: `python -m bench`, or one of them: `python -m bench pages`."""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import sys

from bench.machine import described

PARTS = {
    "fanout": "One broadcast to a thousand sockets, beside Node's socket.io",
    "voters": "A thousand voters within two seconds",
    "capacity": "Five thousand sockets on one process",
    "restart": "Five hundred phones when the server is killed and started again",
    "slow": "One phone that reads nothing, one that floods, and the others",
    "stalled": "Fifty viewers who stop reading, and other pages",
    "bytes": "What an evening costs a learner's phone",
    "endurance": "Two hours of coming and going, squeezed",
    "pages": "Pages, beside a bare Flask + Jinja + SQLite page of 50 rows under the same server",
    "memory": "Memory of the whole server",
    "similar": "Similar questions: labelled pairs, and a search among 20,000",
    "search": "A search among 720,000 cues, on SQLite and PostgreSQL",
    "upload": "1.2 GB with fifty broken connections, then eight files at once",
    "archive": "A recording from its last byte to its first picture, and the worker's memory",
    "player": "A link to a moment of a recording: its first frame, and how near",
    "weight": "Weight of a first visit",
}


def main() -> None:
    """Run the parts that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="The benchmarks, side by side.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which; all of them without a name")
    wanted = parser.parse_args().parts or list(PARTS)
    print(f"{described()}, {dt.datetime.now(dt.UTC):%Y-%m-%d}")
    broken = False
    for name in wanted:
        print(f"\n{PARTS[name]}", flush=True)
        module = "bench.fanout.__main__" if name == "fanout" else f"bench.{name}"
        try:
            importlib.import_module(module).main()
        except Exception as error:  # noqa: BLE001 - the other parts are worth their time all the same
            print(f"not measured: {type(error).__name__}: {error}", flush=True)
            broken = True
    if broken:
        sys.exit(1)


if __name__ == "__main__":
    main()
