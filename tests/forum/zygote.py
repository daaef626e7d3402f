"""`python -m tests.forum.zygote`: the real server, started anew within a moment after each kill.

Everything is imported once; each line on stdin forks a child that makes the application and
serves, as `python app.py` does. The child's number is the answer.
"""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402 - gevent first
import signal  # noqa: E402
import sys  # noqa: E402

import app as application  # noqa: E402
import core.live  # noqa: E402


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            core.live.serve(application.create_app())
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
