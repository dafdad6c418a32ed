"""What the database knows of files, and what it shows of that."""

from __future__ import annotations

import pytest

from reactor import ActionCtx, Id, QueryCtx, StoredFile, limits
from reactor.errors import BadRequest, DatabaseError, InvalidId, Overloaded
from reactor.files.tables import BLOBS, Kept, parse_uuid
from reactor.files.tokens import Permit
from reactor.runner.run import Call
from reactor.transaction.transaction import Transaction
from reactor.values.ids import decode_id, encode_id
from tests.unit.files.world import Files
from tests.unit.sample.world import open_board

KEPT = Kept("0" * 32, 3, bytes(32), "text/plain")
UUID = "3c5f0f9e-0a67-4d10-9d35-6a3a0b8d5a11"


def add(world: Files, kept: Kept = KEPT, table: str = "_storage") -> str:
    return world.files.transact("test", lambda tx: world.files.table(tx, table).add(kept))


async def test_a_document_has_exactly_convexs_fields(world: Files) -> None:
    """Convex's clients and exports read `sha256` in base64, `size` as a float, a null type."""
    id = add(world, Kept("0" * 32, 3, bytes(32), None))
    (document,) = await world.backend.call("files:every")
    assert document == {
        "_id": id,
        "_creationTime": world.backend.clock.now_ms(),
        "contentType": None,
        "sha256": "A" * 43 + "=",
        "size": 3.0,
    }


async def test_files_are_read_as_typed_documents(world: Files) -> None:
    id = add(world)

    async def look(ctx: QueryCtx) -> StoredFile | None:
        return await ctx.db.get(Id[StoredFile](id))

    found = await world.backend.run(look)
    assert found is not None
    assert (found.size, found.content_type, type(found.size)) == (3, "text/plain", int)


def test_a_file_is_found_by_its_id_and_by_its_uuid(world: Files) -> None:
    record = world.files.find(add(world))
    assert record is not None
    assert record.blob == KEPT.blob
    assert world.files.find(record.uuid) == record
    assert world.files.find(record.uuid.upper()) == record
    assert world.files.named(record.uuid) == record
    assert world.files.find(UUID) is None
    assert world.files.named(UUID) is None


async def test_a_document_id_never_leads_to_the_uuid(world: Files) -> None:
    """Whoever sees a storage id and can call `ctx.db.get` must not come by the file's URL."""
    id = add(world)
    hidden = encode_id(world.log.numbers[BLOBS], decode_id(id)[1])

    async def look(ctx: QueryCtx) -> object:
        return await ctx.db.get(Id[StoredFile](hidden))

    assert await world.backend.run(look) is None
    record = world.files.find(id)
    assert record is not None
    assert record.uuid not in str(await world.backend.call("files:every"))


def test_ids_that_are_no_files(world: Files) -> None:
    other = encode_id(world.log.numbers["counters"], bytes(16))
    for text in ("", "nonsense", other):
        with pytest.raises(InvalidId):
            world.files.find(text)


def test_deleting_what_is_not_there(world: Files) -> None:
    id = add(world)

    def remove(tx: Transaction) -> None:
        world.files.table(tx).remove(id)

    world.files.transact("test", remove)
    assert world.files.find(id) is None
    with pytest.raises(DatabaseError) as error:
        world.files.transact("test", remove)
    assert error.value.code == "StorageIdNotFound"


async def test_components_have_files_of_their_own_in_functions_too() -> None:
    """A component's storage id is nothing but a text to the app."""
    async with open_board() as board:

        async def store(ctx: ActionCtx) -> Id[StoredFile]:
            return await ctx.storage.store(b"x")

        runner = board.node.hub.runner
        stored = await runner.unregistered_action(Call("store", b"", component="left"), store)

        async def url(ctx: ActionCtx) -> str | None:
            return await ctx.storage.get_url(stored)

        inside = Call("url", b"", component="left")
        assert await runner.unregistered_action(inside, url) is not None
        for elsewhere in ("", "right"):
            with pytest.raises(InvalidId):
                await runner.unregistered_action(Call("url", b"", component=elsewhere), url)


def test_namespaces_have_files_of_their_own(world: Files) -> None:
    """A component's file is not found through the app's storage, but its URL works."""
    theirs = add(world, table="_storage_of_a_component")
    record = world.files.find(theirs, "_storage_of_a_component")
    assert record is not None
    with pytest.raises(InvalidId):
        world.files.find(theirs)
    assert world.files.find(record.uuid) is None
    assert world.files.named(record.uuid) == record


def test_an_upload_url_is_spent_once(world: Files) -> None:
    permit = Permit(bytes(16), 1, "_storage")

    def spend(tx: Transaction) -> None:
        world.files.table(tx).spend(permit)

    world.files.transact("test", spend)
    with pytest.raises(BadRequest) as refusal:
        world.files.transact("test", spend)
    assert (refusal.value.status, refusal.value.code) == (401, "UploadUrlUsed")


def test_used_urls_are_bounded(world: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client in a loop fills neither the memory nor the disk with used URLs."""
    monkeypatch.setattr(limits, "UPLOAD_URLS_SPENT_MAX", 2)

    def spend(number: int) -> None:
        permit = Permit(bytes([number] * 16), 1, "_storage")
        world.files.transact("test", lambda tx: world.files.table(tx).spend(permit))

    spend(1)
    spend(2)
    with pytest.raises(Overloaded):
        spend(3)


def test_uuids_in_one_form() -> None:
    assert parse_uuid(UUID.upper()) == UUID
    for text in ("", UUID[:-1], UUID + "0", UUID.replace("-", ""), f"{{{UUID}}}", UUID + "\n"):
        assert parse_uuid(text) is None
