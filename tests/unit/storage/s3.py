# The client is typed by another package:
# pyright: reportUnknownMemberType=false
"""A real S3 server on loopback: moto's, in a thread of this process."""

from __future__ import annotations

import itertools
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import boto3  # type: ignore[import-untyped]  # its stubs are another package
from moto.server import ThreadedMotoServer

KEYS = {"AWS_ACCESS_KEY_ID": "me", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
_numbers = itertools.count()


class S3Server:
    """Where the server listens, and what a person with its console sees."""

    def __init__(self, endpoint: str) -> None:
        self.variables = {**KEYS, "AWS_ENDPOINT_URL": endpoint}
        self.console: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
            region_name=KEYS["AWS_REGION"],
        )

    def new_bucket(self) -> str:
        name = f"bucket-{next(_numbers)}"
        self.console.create_bucket(Bucket=name)
        return name

    def objects(self, bucket: str) -> list[str]:
        found = self.console.list_objects_v2(Bucket=bucket).get("Contents", [])
        return [each["Key"] for each in found]

    def unfinished(self, bucket: str) -> list[str]:
        found = self.console.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
        return [each["Key"] for each in found]


@contextmanager
def s3_server() -> Generator[S3Server]:
    """A server until the end of the block."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield S3Server(f"http://{host}:{port}")
    finally:
        server.stop()
