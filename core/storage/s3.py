"""Files as the objects of a bucket. What is being made or sent stays on this machine's disk until it is whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from core.storage.contract import BLOCK, Kept
from core.storage.folder import UNFINISHED, Folder

# A large file goes in parts of 16 MiB, one after the other: 10,000 of them are allowed, which makes 156 GiB.
PARTS = TransferConfig(multipart_threshold=64 << 20, multipart_chunksize=16 << 20, use_threads=False)
ABSENT = {"404", "NoSuchKey"}
BEYOND = "InvalidRange"  # from past the end on


@dataclass(frozen=True)
class Service:
    """A service that speaks S3, and the key it knows us by."""

    endpoint: str  # "https://s3.eu-central-1.amazonaws.com"
    region: str
    access_key: str
    secret_key: str

    def client(self) -> Any:
        """What speaks with it; any number of threads may use one."""
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},  # one host for all buckets: the content policy names it
                connect_timeout=5,
                read_timeout=60,
                retries={"mode": "standard", "max_attempts": 3},
                # Checksums of Amazon's own that other services don't all know; the audit compares ours.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


class Bucket:
    """The bucket NAME of SERVICE; ROOT is our folder on this machine."""

    def __init__(self, name: str, root: Path, service: Service) -> None:
        self.name = name
        self.disk = Folder(root)
        self.client = service.client()

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile(dir=self.scratch(), suffix=Path(key).suffix) as file:
            for block in self.open(key):
                file.write(block)
            file.flush()
            yield Path(file.name)

    def adopt(self, source: Path, key: str) -> None:
        """By sending it; only when it is there the file here goes."""
        with _failures(key):
            self.client.upload_file(str(source), self.name, _key(key), Config=PARTS)
        if self.size(key) != source.stat().st_size:
            raise OSError(f"not whole in the bucket: {key}")
        source.unlink()

    def write(self, key: str, data: bytes) -> None:
        with _failures(key):
            self.client.put_object(Bucket=self.name, Key=_key(key), Body=data)

    def open(self, key: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        if length == 0:
            return
        last = "" if length is None else first + length - 1
        span = {"Range": f"bytes={first}-{last}"} if first or length else {}
        with _failures(key):
            try:
                found = self.client.get_object(Bucket=self.name, Key=_key(key), **span)
            except ClientError as error:
                if _code(error) == BEYOND:
                    return
                raise
            with closing(found["Body"]) as body:
                yield from body.iter_chunks(BLOCK)

    def link(self, key: str, seconds: int, *, mimetype: str = "", download: str = "") -> str | None:
        said = {"ResponseContentType": mimetype} if mimetype else {}
        if download:
            said["ResponseContentDisposition"] = f"attachment; filename*=UTF-8''{quote(download, safe='')}"
        facts = {"Bucket": self.name, "Key": _key(key)} | said
        return str(self.client.generate_presigned_url("get_object", Params=facts, ExpiresIn=seconds))

    def delete(self, key: str) -> None:
        with _failures(key):
            self.client.delete_object(Bucket=self.name, Key=_key(key))

    def size(self, key: str) -> int | None:
        try:
            with _failures(key):
                return int(self.client.head_object(Bucket=self.name, Key=_key(key))["ContentLength"])
        except FileNotFoundError:
            return None

    def files(self, prefix: str = "") -> Iterator[Kept]:
        with _failures(prefix):
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix):
                for found in page.get("Contents", []):
                    if not found["Key"].startswith(UNFINISHED):
                        yield Kept(found["Key"], found["Size"], found["LastModified"])

    def free(self) -> int:
        return self.disk.free()

    def scratch(self) -> Path:
        return self.disk.scratch()

    def admit(self, site: str) -> None:
        """Let pages of SITE read by script what a presigned address gives them: the player's segments."""
        rule = {
            "AllowedOrigins": [site],
            "AllowedMethods": ["GET"],
            "AllowedHeaders": ["range"],
            "ExposeHeaders": ["content-length", "content-range", "etag"],
            "MaxAgeSeconds": 86_400,
        }
        with _failures(self.name):
            self.client.put_bucket_cors(Bucket=self.name, CORSConfiguration={"CORSRules": [rule]})


def _key(key: str) -> str:
    """KEY, if it is one. Raises ValueError."""
    if not key or key.startswith("/") or ".." in key.split("/"):
        raise ValueError(f"not a key: {key!r}")
    return key


def _code(error: ClientError) -> Any:
    return error.response.get("Error", {}).get("Code")


@contextmanager
def _failures(key: str) -> Iterator[None]:
    """The library's errors as those of files: absent, or unreachable for now."""
    try:
        yield
    except ClientError as error:
        if _code(error) in ABSENT:
            raise FileNotFoundError(key) from error
        raise OSError(f"the bucket refuses {key}: {_code(error)}") from error
    except BotoCoreError as error:
        raise OSError(f"the bucket can't be reached: {type(error).__name__}") from error
