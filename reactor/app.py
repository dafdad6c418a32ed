"""`Reactor`: builds every part once and hands each its dependencies. The only composition root."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import orjson
import structlog

from reactor.admin.catalog import system_functions
from reactor.admin.view import Deployment
from reactor.auth.authenticator import Authenticator
from reactor.edge.frames import text_frame
from reactor.edge.routes import http_app
from reactor.edge.site import at_root
from reactor.errors import ProjectError, SchemaError
from reactor.log.commit import Log
from reactor.runner.env import Env, read_env
from reactor.runner.loader import Functions, load_functions
from reactor.runner.run import Runner
from reactor.runtime.settings import Settings, settings_from
from reactor.schema.load import Schema, TableDef
from reactor.session.hub import Hub
from reactor.storage.sqlite import SqliteStorage
from reactor.values.ids import decode_id
from reactor.values.scalars import Mismatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    from starlette.types import ASGIApp, Receive, Scope, Send

    from reactor.auth.oidc import CustomJwt, Oidc
    from reactor.log.snapshot import TableData
    from reactor.runner.registry import ActionFn, MutationFn
    from reactor.runtime.clock import Clock
    from reactor.runtime.random import Entropy
    from reactor.storage.base import Storage

_log = structlog.get_logger("reactor")
_SHAPE = "schema"


class Dev:
    """For `reactor dev` only: what is served and filled in beside the project.

    Args:
        sandbox: an ASGI app ("module:name") served on `--sandbox-port`. A function
            `environment(url)` beside it names the variables that point the project at it.
        seed: an internal function that fills an empty database.
    """

    def __init__(
        self,
        *,
        sandbox: str | None = None,
        seed: MutationFn[[], Any] | ActionFn[[], Any] | None = None,
    ) -> None:
        self.sandbox = sandbox
        self.seed = seed


class Reactor:
    """A project: its tables, its functions, its settings. Also an ASGI application.

    Building one loads nothing and opens nothing; `reactor dev`, `reactor serve` and
    `uvicorn server:app` start it.

    Args:
        functions: the import name of the folder with the functions.
        schema: the module with the tables; None for a project without a schema.
        schema_validation: whether documents must match it.
        auth: whose tokens are trusted.
        env: the project's typed settings.
        camel: whether names become camelCase on the wire.
        dev: what `reactor dev` starts beside the project.
    """

    def __init__(
        self,
        *,
        functions: str,
        schema: ModuleType | None = None,
        schema_validation: bool = True,
        auth: Sequence[Oidc | CustomJwt] = (),
        env: type[Env] | None = None,
        camel: bool = True,
        dev: Dev | None = None,
    ) -> None:
        self.functions = functions
        self.schema = schema
        self.schema_validation = schema_validation
        self.auth = tuple(auth)
        self.env = env
        self.camel = camel
        self.dev = dev
        self._node: Node | None = None
        self._opening = anyio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one ASGI connection; the server's lifespan opens and closes the database."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        async with self._opening:
            if self._node is None:
                # Mounted inside another application, whose lifespan is its own.
                self._node = await Node.open(self, settings_from())
        await self._node.http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._node = await Node.open(self, settings_from())
        except ProjectError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._node.close()
        self._node = None
        await send({"type": "lifespan.shutdown.complete"})


@dataclass(slots=True)
class Loaded:
    """A project whose code has been read and checked."""

    schema: Schema
    functions: Functions
    numbers: dict[str, int] = field(default_factory=dict[str, int])


def load(project: Reactor, variables: Mapping[str, str]) -> Loaded:
    """Reads a project's code: tables, functions and settings.

    Raises:
        ProjectError: a module cannot be imported or a setting is missing.
        SchemaError: a table or a signature cannot be what was declared.
    """
    numbers: dict[str, int] = {}
    schema = Schema(project.schema, validate=project.schema_validation, numbers=numbers)
    functions = load_functions(project.functions, numbers, camel=project.camel)
    if project.env is not None:
        read_env(project.env, variables)
    return Loaded(schema, functions, numbers)


class Node:
    """A running project: storage open, documents resident, sessions served."""

    def __init__(
        self,
        project: Reactor,
        loaded: Loaded,
        settings: Settings,
        storage: Storage,
        log: Log,
        hub: Hub,
        authenticator: Authenticator,
        *,
        is_new: bool,
    ) -> None:
        self.project = project
        self.loaded = loaded
        self.settings = settings
        self.storage = storage
        self.log = log
        self.hub = hub
        self.authenticator = authenticator
        self.is_new = is_new
        self.failure: BaseException | None = None
        self.http: ASGIApp = http_app(hub, name=settings.name)
        self.site: ASGIApp = at_root(self.http)

    @classmethod
    async def open(
        cls,
        project: Reactor,
        settings: Settings,
        *,
        storage: Storage | None = None,
        clock: Clock | None = None,
        entropy: Entropy | None = None,
        authenticator: Authenticator | None = None,
    ) -> Node:
        """Loads the code, opens the storage and reads every document.

        Args:
            project: what to run.
            settings: how to run it.
            storage: where documents live; the SQLite file of the settings by default.
            clock: the time; the machine's by default.
            entropy: chance; the machine's by default.
            authenticator: who trusts tokens; made from the project's providers by default.

        Raises:
            ProjectError: the code, a setting or the data folder cannot be used.
            StorageFailed: the stored data cannot be read.
        """
        clock = clock or settings.clock()
        entropy = entropy or settings.entropy()
        loaded = load(project, settings.variables)
        if authenticator is None:
            providers = [provider.resolve(settings.variables) for provider in project.auth]
            authenticator = Authenticator(providers, admin_key=settings.admin_key, clock=clock)
        storage = storage or SqliteStorage(settings.database, writer=settings.writer)
        opened = await storage.open()
        loaded.numbers.update(opened.tables)
        log = Log(clock, opened.last_ts, loaded.numbers)
        try:
            await anyio.to_thread.run_sync(_fill, log, loaded.schema, storage)
            await _check_shape(log, loaded.schema, opened.meta.get(_SHAPE))
        except BaseException:
            await storage.close()
            raise
        hub = Hub(
            log, storage, clock, authenticator, frame=text_frame, redacts=settings.is_production
        )
        node = cls(
            project, loaded, settings, storage, log, hub, authenticator, is_new=opened.is_new
        )
        loaded.functions.system = system_functions(
            Deployment(log, loaded.schema, loaded.functions, settings, entropy)
        )
        runner = Runner(
            log, loaded.schema, loaded.functions, clock, entropy, settings.variables,
            committed=hub.committed, durable=hub.durable,
        )  # fmt: skip
        hub.attach(runner, node.fail)
        for definition in loaded.schema.tables.values():
            log.number_of(log.snapshot.table(definition.name))
        hub.background.start(hub.beat())
        hub.schedule()
        return node

    def fail(self, error: BaseException) -> None:
        """Stops the node: the disk refused, and memory must never be ahead of it."""
        self.failure = error
        _log.critical("storage failed; stopping", error=str(error))
        self.settings.stop()

    async def close(self) -> None:
        """Ends every session, waits for the disk, closes the storage."""
        await self.hub.close(failed=self.failure is not None)
        await self.authenticator.close()
        await self.storage.close()


async def _check_shape(log: Log, schema: Schema, known: str | None) -> None:
    shape = schema.fingerprint()
    if known != shape:
        await anyio.to_thread.run_sync(check_documents, log, schema)
        log.remember(_SHAPE, shape)


def check_documents(log: Log, schema: Schema) -> None:
    """Whether every stored document still matches a schema that has changed.

    Raises:
        SchemaError: one does not; it is named, with what is wrong.
    """
    for definition in schema.tables.values():
        table = log.snapshot.table(definition.name)
        for raw in table.documents.values():
            document = orjson.loads(raw)
            id, _ = document.pop("_id"), document.pop("_creationTime")
            try:
                definition.read(document)
            except Mismatch:
                problem = definition.validator.problem(document, "", log.numbers) or ""
                raise SchemaError(
                    f"document {id} of table {definition.name!r} does not match schema.py: "
                    f"{' '.join(problem.split())} Change the document or the schema, then start "
                    "again."
                ) from None


def _fill(log: Log, schema: Schema, storage: Storage) -> None:
    """Declares every index and reads every stored document into memory."""
    by_number: dict[int, TableData] = {}
    for name, number in log.numbers.items():
        table = log.snapshot.table(name)
        table.number = number
        by_number[number] = table
    for definition in schema.tables.values():
        _declare(log.snapshot.table(definition.name), definition)
    documents: dict[int, list[tuple[bytes, bytes]]] = {}
    for number, text, body in storage.load():
        documents.setdefault(number, []).append((decode_id(text)[1], body))
    for number, rows in documents.items():
        log.snapshot.load(by_number[number], rows)


def _declare(table: TableData, definition: TableDef) -> None:
    for index in definition.indexes.values():
        table.add_index(index.name, index.paths, unique=index.unique)
