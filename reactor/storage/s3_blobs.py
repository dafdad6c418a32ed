# Listings may come as Arrow tables, whose types are another package:
# pyright: reportUnknownMemberType=false
"""Files in an S3-compatible store, through obstore (the extra `s3`).

A blob is one object. It is sent in parts, so that neither its size nor its length need be known,
and becomes visible when the last part is confirmed; one that fails is aborted, and a crash leaves
parts that a lifecycle rule of the bucket removes (AbortIncompleteMultipartUpload).
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import anyio
import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from reactor.errors import FilesFailed, ProjectError
from reactor.storage.blobs import BLOCK_BYTES, KEYS_LISTED, is_key

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Generator, Mapping, Sequence

    from anyio.abc import ObjectReceiveStream
    from obstore.store import ClientConfig, S3Config

PART_BYTES: Final = 8 * 2**20
PARTS_AT_ONCE: Final = 2
"""Bytes of a part, and parts under way for one upload; their product is what an upload holds in
memory. S3 takes 10,000 parts, so this is also the largest file: 78 GiB."""

_TIMEOUT: Final = timedelta(seconds=60)
_RETRYING: Final = timedelta(seconds=30)


class S3Blobs:
    """A prefix of a bucket.

    Args:
        url: `s3://bucket/prefix`.
        variables: where AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and
            AWS_ENDPOINT_URL are; without keys, the machine's own role is asked.
    """

    def __init__(self, url: str, variables: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.netloc:
            raise ProjectError(f"REACTOR_FILES is s3://bucket/prefix, not {url!r}")
        self._url = url
        self._bucket = parts.netloc
        self._prefix = parts.path.strip("/")
        self._variables = variables
        self._store = self._reaching("")

    def _reaching(self, owner: str) -> S3Store:
        known = {
            "access_key_id": "AWS_ACCESS_KEY_ID",
            "secret_access_key": "AWS_SECRET_ACCESS_KEY",
            "session_token": "AWS_SESSION_TOKEN",
            "region": "AWS_REGION",
            "endpoint": "AWS_ENDPOINT_URL",
        }
        given = self._variables
        found = {key: given[name] for key, name in known.items() if given.get(name)}
        config: S3Config = {"region": given.get("AWS_DEFAULT_REGION", "us-east-1")}
        config.update(found)  # type: ignore[typeddict-item]  # the keys are those of S3Config
        client: ClientConfig = {"timeout": _TIMEOUT}
        if found.get("endpoint", "").startswith("http://"):
            client["allow_http"] = True
        prefix = "/".join(part for part in (self._prefix, owner) if part)
        return S3Store(
            self._bucket,
            prefix=prefix or None,
            config=config,
            client_options=client,
            retry_config={"max_retries": 4, "retry_timeout": _RETRYING},
        )

    async def open(self, owner: str) -> None:
        """Asks the bucket for a listing, so that a wrong name or key is found out now.

        Raises:
            ProjectError: the bucket does not answer, or refuses.
        """
        self._store = self._reaching(owner)
        try:
            async for _ in obstore.list(self._store, chunk_size=1):
                break
        except (BaseError, OSError) as error:
            raise ProjectError(
                f"files cannot be kept in {self._url}: {_short(error)}. Check the bucket's name, "
                "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL"
            ) from None

    async def put(self, key: str, blocks: AsyncIterator[bytes]) -> None:
        """Sends a blob in parts.

        Order: the sending task is shielded and ends by itself, told by a failing source; were it
        cancelled, the parts would stay in the bucket, paid for and seen by nobody.
        """
        upload = _Upload(self._store, key)
        send, receive = anyio.create_memory_object_stream[bytes](0)
        failure: Exception | None = None
        async with anyio.create_task_group() as group:
            group.start_soon(upload.run, receive)
            async with send:
                try:
                    async for block in blocks:
                        await send.send(block)
                    upload.is_whole = True
                except anyio.BrokenResourceError:
                    pass  # the sending has failed; it says why
                except Exception as error:
                    # The source may raise anything; the group would wrap it in another exception.
                    failure = error
        if failure is not None:
            raise failure
        if upload.error is not None:
            raise FilesFailed(f"S3 refused a file: {_short(upload.error)}") from upload.error

    async def read(self, key: str, start: int, length: int) -> AsyncGenerator[bytes, None]:
        """A part of a blob, as it comes from the store."""
        if not length:
            return
        left = length
        with _refusals():
            options: obstore.GetOptions = {"range": (start, start + length)}
            found = await obstore.get_async(self._store, key, options=options)
            async for block in found.stream(min_chunk_size=BLOCK_BYTES):
                left -= len(block)
                yield bytes(block)
        if left:
            raise FilesFailed(f"blob {key} is cut short", code="FileBytesMissing")

    async def delete(self, keys: Sequence[str]) -> None:
        """Removes blobs, in one request."""
        with _refusals():
            await obstore.delete_async(self._store, list(keys))

    async def listing(self) -> AsyncGenerator[list[str], None]:
        """Every key, a page of the listing at a time."""
        with _refusals():
            async for page in obstore.list(self._store, chunk_size=KEYS_LISTED):
                yield [meta["path"] for meta in page if is_key(meta["path"])]

    async def close(self) -> None:
        """Nothing: obstore closes idle connections itself."""


class _Abandoned(Exception):
    """The bytes of an upload stopped coming."""


class _Upload:
    """One blob on its way; `error` is why the store did not take it."""

    def __init__(self, store: S3Store, key: str) -> None:
        self._store = store
        self._key = key
        self.is_whole = False
        self.error: BaseException | None = None

    async def run(self, receive: ObjectReceiveStream[bytes]) -> None:
        with anyio.CancelScope(shield=True):
            async with receive:
                try:
                    await obstore.put_async(
                        self._store,
                        self._key,
                        self._blocks(receive),
                        use_multipart=True,
                        chunk_size=PART_BYTES,
                        max_concurrency=PARTS_AT_ONCE,
                    )
                except _Abandoned:
                    pass
                except (BaseError, OSError) as error:
                    self.error = error

    async def _blocks(self, receive: ObjectReceiveStream[bytes]) -> AsyncGenerator[bytes, None]:
        async for block in receive:
            yield block
        if not self.is_whole:
            raise _Abandoned


@contextmanager
def _refusals() -> Generator[None]:
    """Turns what the store says into what the engine understands."""
    try:
        yield
    except FileNotFoundError as error:
        raise FilesFailed(
            f"an object is missing: {_short(error)}", code="FileBytesMissing"
        ) from error
    except (BaseError, OSError) as error:
        raise FilesFailed(f"S3 refused: {_short(error)}") from error


def _short(error: BaseException) -> str:
    """The first line: obstore's errors go on with a whole dump of the request."""
    return str(error).partition("\n")[0][:300]
