"""The process that serves: it ends when it is asked to, whatever it is doing."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import urllib.request
from contextlib import suppress
from http.client import HTTPException

import pytest

from tests.deploy.conftest import ROOT, clean_environment, free_port

BUSY = """
from gevent import monkey
monkey.patch_all()
import sys, time
from flask import Flask
import core.live

app = Flask("busy")
app.config.update(HOST="127.0.0.1", PORT=int(sys.argv[1]))

@app.get("/")
def busy():
    print("busy", flush=True)
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        pass
    return "done"

print("up", flush=True)
core.live.serve(app)
"""


def ask(port: int, until_up: threading.Event) -> None:
    until_up.wait()
    for _ in range(100):
        with suppress(OSError, HTTPException):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30)
            return
        threading.Event().wait(0.1)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_of_an_answer_ends_the_process(asked: signal.Signals):
    port, up = free_port(), threading.Event()
    command = [sys.executable, "-c", BUSY, str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE) as process:
        caller = threading.Thread(target=ask, args=(port, up), daemon=True)
        caller.start()
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"up\n"
            up.set()
            assert process.stdout.readline() == b"busy\n"
            process.send_signal(asked)
            assert process.wait(60) == 0
        finally:
            process.kill()
            caller.join()
