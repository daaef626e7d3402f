"""A server that speaks S3, as a process of its own on loopback."""

from __future__ import annotations

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
    """Where it is, and what an application must be told to use it."""

    endpoint: str

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
def s3_server() -> Iterator[S3]:
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/moto-api/data.json"))
        yield S3(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()
