"""Files in S3: the contract against a real S3 server, and what it bills for afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from reactor.errors import FilesFailed, ProjectError
from reactor.storage.blobs import BLOCK_BYTES
from reactor.storage.s3_blobs import PART_BYTES, S3Blobs
from tests.unit.storage.blob_contract import OWNER, BlobContract, broken, key, listed, pieces
from tests.unit.storage.s3 import S3Server, s3_server


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as running:
        yield running


@pytest.fixture
def bucket(server: S3Server) -> str:
    return server.new_bucket()


@pytest.fixture
async def blobs(server: S3Server, bucket: str) -> S3Blobs:
    blobs = S3Blobs(f"s3://{bucket}/my/files/", server.variables)
    await blobs.open(OWNER)
    return blobs


class TestS3Blobs(BlobContract):
    pass


async def test_a_file_is_an_object_under_the_prefix(
    server: S3Server, bucket: str, blobs: S3Blobs
) -> None:
    name = key()
    await blobs.put(name, pieces(b"hello"))
    assert server.objects(bucket) == [f"my/files/{OWNER}/{name}"]


async def test_parts_of_a_broken_upload_are_not_billed(
    server: S3Server, bucket: str, blobs: S3Blobs
) -> None:
    """Parts of an unfinished upload are invisible and cost money for ever."""
    with pytest.raises(ZeroDivisionError):
        await blobs.put(key(), broken(*[b"x" * BLOCK_BYTES] * (PART_BYTES // BLOCK_BYTES + 2)))
    assert server.unfinished(bucket) == []


async def test_a_cancelled_upload_is_aborted_too(
    server: S3Server, bucket: str, blobs: S3Blobs
) -> None:
    """A client that hangs up, or takes too long, leaves no parts either."""
    reached = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        for _ in range(PART_BYTES // BLOCK_BYTES + 2):
            yield b"x" * BLOCK_BYTES
        reached.set()
        await asyncio.Event().wait()

    upload = asyncio.ensure_future(blobs.put(key(), stuck()))
    await reached.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert server.unfinished(bucket) == []
    assert server.objects(bucket) == []


async def test_a_bucket_that_is_gone_costs_uploads_only(
    server: S3Server, bucket: str, blobs: S3Blobs
) -> None:
    server.console.delete_bucket(Bucket=bucket)
    with pytest.raises(FilesFailed):
        await blobs.put(key(), pieces(b"a"))
    with pytest.raises(FilesFailed):
        await listed(blobs)


async def test_foreign_objects_are_left_alone(
    server: S3Server, bucket: str, blobs: S3Blobs
) -> None:
    server.console.put_object(Bucket=bucket, Key=f"my/files/{OWNER}/notes.txt", Body=b"mine")
    assert await listed(blobs) == set()


async def test_a_bucket_that_does_not_exist(server: S3Server) -> None:
    """The start is refused with the settings to look at, not the first upload."""
    blobs = S3Blobs("s3://no-such-bucket/x", server.variables)
    with pytest.raises(ProjectError, match="AWS_ENDPOINT_URL"):
        await blobs.open(OWNER)


@pytest.mark.parametrize("url", ["s3://", "s3:///prefix", "http://bucket/prefix"])
def test_addresses_that_name_no_bucket(url: str) -> None:
    with pytest.raises(ProjectError, match="s3://bucket"):
        S3Blobs(url, {})
