"""`python -m tests.forum.zygote`: the real server, started anew within a moment after each kill.

Everything is imported once; each line on stdin forks a child that makes the application and
serves, as `python app.py` does. The child's number is the answer.
"""

from gevent import monkey

monkey.patch_all()

import os
import signal
import sys

import app as application
import core.live


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            core.live.serve(application.create_app())
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
