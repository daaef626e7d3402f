"""A server that speaks S3, as a process of its own on loopback."""

from __future__ import annotations

import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.storage.s3 import Bucket, Service
from tests.deploy.conftest import answers, free_port, wait_for


@dataclass
class S3:
    """Where it is, what an application must be told to use it, and what it was asked for."""

    endpoint: str
    log: Path

    def read(self) -> list[str]:
        """The keys that were read by a presigned address; a browser doesn't always tell where it was sent on to."""
        return re.findall(r"GET /([^? ]+)\?\S*X-Amz-Signature=", self.log.read_text(encoding="utf-8"))

    @property
    def service(self) -> Service:
        return Service(self.endpoint, "us-east-1", "key", "secret")

    def new_bucket(self) -> str:
        """The name of an empty bucket that is there."""
        name = f"media-{uuid.uuid4()}"
        self.service.client().create_bucket(Bucket=name)
        return name

    def bucket(self, root: Path) -> Bucket:
        return Bucket(self.new_bucket(), root, self.service)

    @property
    def settings(self) -> dict[str, str]:
        """The settings of an application with an empty bucket."""
        return {
            "S3_ENDPOINT": self.endpoint,
            "S3_BUCKET": self.new_bucket(),
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY": "key",
            "S3_SECRET_KEY": "secret",
        }


@pytest.fixture(scope="session", name="s3")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    port, log = free_port(), tmp_path_factory.mktemp("s3") / "log"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as told:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=told)
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/moto-api/data.json"))
        yield S3(f"http://127.0.0.1:{port}", log)
    finally:
        process.kill()
        process.wait()
