"""`Reactor`: builds every part once and hands each its dependencies. The only composition root."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import structlog

from reactor import limits
from reactor.admin.catalog import system_functions
from reactor.admin.view import Deployment
from reactor.auth.authenticator import Authenticator
from reactor.edge.frames import text_frame
from reactor.edge.routes import http_app
from reactor.edge.site import at_root
from reactor.errors import ProjectError
from reactor.files import tables as file_tables
from reactor.files.store import Files
from reactor.files.sweeper import Sweeper
from reactor.log.commit import Log
from reactor.log.filling import Filling, fillings
from reactor.log.loading import Report, examine, fill
from reactor.runner.env import Env, read_env
from reactor.runner.environment import Environment
from reactor.runner.guard import install
from reactor.runner.logs import Capture
from reactor.runner.meta import DeploymentInfo
from reactor.runner.mounting import Mounting
from reactor.runner.run import Runner
from reactor.runner.space import ROOT
from reactor.runner.watch import watch
from reactor.runtime.settings import Settings, settings_from
from reactor.scheduler.crons import Timetable, timetable_of
from reactor.scheduler.timekeeper import Timekeeper
from reactor.schema.places import TableNumbers
from reactor.search.declare import declare_search
from reactor.session.hub import Hub
from reactor.storage.disk_blobs import DiskBlobs
from reactor.storage.sqlite import SqliteStorage
from reactor.transfer.desk import Transfer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

    from starlette.types import ASGIApp, Receive, Scope, Send

    from reactor.auth.oidc import CustomJwt, Oidc, Provider
    from reactor.runner.component import Component
    from reactor.runner.registry import ActionFn, MutationFn
    from reactor.runner.space import Space
    from reactor.runtime.clock import Clock
    from reactor.runtime.random import Entropy
    from reactor.schema.load import Schema
    from reactor.storage.base import Opened, Storage
    from reactor.storage.blobs import Blobs

_log = structlog.get_logger("reactor")
_FILE_SECRET = "fileSecret"


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
        components: what is mounted beside its own functions.
        http_prefix: where its HTTP routes are served; "" for everywhere.
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
        components: Sequence[Component] = (),
        http_prefix: str = "",
        camel: bool = True,
        dev: Dev | None = None,
    ) -> None:
        self.functions = functions
        self.schema = schema
        self.schema_validation = schema_validation
        self.auth = tuple(auth)
        self.env = env
        self.components = tuple(components)
        self.http_prefix = http_prefix
        self.camel = camel
        self.dev = dev
        self._node: Node | None = None
        self._opening = anyio.Lock()

    def settled(self, variables: Mapping[str, str]) -> list[Provider]:
        """Whose tokens are trusted under an environment that has everything the project reads.

        Raises:
            ProjectError: a variable is missing or cannot be read; it is named.
        """
        if self.env is not None:
            read_env(self.env, variables)
        return [provider.resolve(variables) for provider in self.auth]

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
        with Capture(self.functions), watch():
            await receive()
        await self._node.close()
        self._node = None
        await send({"type": "lifespan.shutdown.complete"})


@dataclass(slots=True)
class Loaded:
    """A project whose code has been read and checked."""

    spaces: dict[str, Space]
    numbers: TableNumbers
    timetables: dict[str, Timetable]

    @property
    def root(self) -> Space:
        """The project itself, without its components."""
        return self.spaces[ROOT]

    @property
    def schemas(self) -> list[Schema]:
        """The tables of every space."""
        return [space.schema for space in self.spaces.values()]

    @property
    def places(self) -> list[str]:
        """Where every declared table stands."""
        return [table.place for schema in self.schemas for table in schema.tables.values()]


def load(project: Reactor) -> Loaded:
    """Reads a project's code: tables, functions, and the components that it mounts.

    Raises:
        ProjectError: a module cannot be imported.
        SchemaError: a table or a signature cannot be what was declared.
    """
    numbers = TableNumbers()
    mounting = Mounting(numbers, project.functions, project.components)
    mounting.mount(
        project.schema,
        schema_validation=project.schema_validation,
        http_prefix=project.http_prefix,
        camel=project.camel,
    )
    timetables = {path: timetable_of(space) for path, space in mounting.spaces.items()}
    return Loaded(mounting.spaces, numbers, timetables)


class Node:
    """A running project: storage open, documents resident, sessions served."""

    def __init__(
        self,
        project: Reactor,
        loaded: Loaded,
        deployment: Deployment,
        storage: Storage,
        hub: Hub,
        authenticator: Authenticator,
        blobs: Blobs,
        *,
        is_new: bool,
    ) -> None:
        self.project = project
        self.loaded = loaded
        self.deployment = deployment
        self.settings = deployment.settings
        self.storage = storage
        self.log = hub.log
        self.hub = hub
        self.authenticator = authenticator
        self.blobs = blobs
        self.transfer = Transfer(hub, loaded.schemas, deployment.files, self.settings.data_dir)
        self.is_new = is_new
        self.fillings = fillings(self.log.snapshot)
        self.failure: BaseException | None = None
        self.timekeeper: Timekeeper
        self.http: ASGIApp = http_app(hub, deployment, self.transfer)
        self.site: ASGIApp = at_root(self.http)

    @classmethod
    async def open(
        cls,
        project: Reactor,
        settings: Settings,
        *,
        storage: Storage | None = None,
        blobs: Blobs | None = None,
        clock: Clock | None = None,
        entropy: Entropy | None = None,
        authenticator: Authenticator | None = None,
        crons: bool = True,
    ) -> Node:
        """Loads the code, opens the storage and reads every document.

        Args:
            project: what to run.
            settings: how to run it.
            storage: where documents live; the SQLite file of the settings by default.
            blobs: where the bytes of files live; the place of the settings by default.
            clock: the time; the machine's by default.
            entropy: chance; the machine's by default.
            authenticator: who trusts tokens; made from the project's providers by default.
            crons: whether the project's cron jobs run.

        Raises:
            ProjectError: the code, a setting or the data folder cannot be used.
            StorageFailed: the stored data cannot be read.
        """
        clock = clock or settings.clock()
        entropy = entropy or settings.entropy()
        loaded = load(project)
        if not crons:
            loaded.timetables = {}
        storage = storage or SqliteStorage(settings.database, writer=settings.writer)
        blobs = blobs or blobs_of(settings)
        opened = await storage.open()
        try:
            log = await _resident(loaded, opened, storage, clock)
            environment = Environment(log, settings.variables)
            providers = project.settled(environment.variables())
            secret = await _open_blobs(blobs, opened.meta, log, entropy)
        except BaseException:
            await storage.close()
            raise
        if authenticator is None:
            authenticator = Authenticator(providers, admin_key=settings.admin_key, clock=clock)
        hub = Hub(
            log, storage, clock, authenticator, frame=text_frame, redacts=settings.is_production
        )
        files = _files(hub, blobs, secret, settings, entropy)
        deployment = Deployment(
            log, loaded.spaces, settings, entropy, environment, project.settled, files
        )
        node = cls(
            project, loaded, deployment, storage, hub, authenticator, blobs, is_new=opened.is_new
        )
        node._start()
        return node

    def _start(self) -> None:
        """From here on clients are served, and what is due runs."""
        hub, log, loaded, deployment = self.hub, self.log, self.loaded, self.deployment
        install(asyncio.get_running_loop())
        loaded.root.functions.system = system_functions(deployment)
        runner = Runner(
            log, loaded.spaces, hub.clock, deployment.entropy, deployment.environment,
            DeploymentInfo(name=self.settings.name, region=self.settings.region),
            is_production=self.settings.is_production, files=deployment.files,
            committed=hub.committed, durable=hub.durable,
        )  # fmt: skip
        hub.attach(runner, self.fail)
        for place in loaded.places:
            log.number_of(log.snapshot.table(place))
        self.timekeeper = Timekeeper(
            runner, hub.driver, hub.background, hub.soon,
            loaded.timetables, self.settings.cron_splay_s,
        )  # fmt: skip
        self.timekeeper.start()
        hub.background.start(hub.beat())
        hub.background.start(Sweeper(runner.files).run())
        hub.background.start(fill_staged(self.fillings, hub))
        self.transfer.start()
        hub.schedule()

    def fail(self, error: BaseException) -> None:
        """Stops the node: the disk refused, and memory must never be ahead of it."""
        self.failure = error
        _log.critical("storage failed; stopping", error=str(error))
        self.settings.stop()

    async def close(self) -> None:
        """Ends every session, waits for the disk, closes the storage."""
        self.timekeeper.close()
        await self.transfer.close()
        await self.hub.close(failed=self.failure is not None)
        await self.authenticator.close()
        await self.storage.close()
        await self.blobs.close()


def blobs_of(settings: Settings) -> Blobs:
    """The place that the settings name for files.

    Raises:
        ProjectError: it is neither a folder nor an S3 prefix, or the extra `s3` is not installed.
    """
    scheme, mark, _ = settings.files.partition("://")
    if not mark:
        return DiskBlobs(Path(settings.files))
    if scheme != "s3":
        raise ProjectError(
            f"REACTOR_FILES is a folder or s3://bucket/prefix, not {settings.files!r}"
        )
    try:
        from reactor.storage.s3_blobs import S3Blobs
    except ImportError:
        raise ProjectError(
            "REACTOR_FILES names an S3 bucket, for which the extra s3 is needed: pip install "
            "'reactor-backend[s3]'"
        ) from None
    return S3Blobs(settings.files, settings.variables)


async def _open_blobs(blobs: Blobs, meta: Mapping[str, str], log: Log, entropy: Entropy) -> bytes:
    """Opens the place of the files under the deployment's own name.

    Returns:
        The secret that the name comes from and that upload URLs are signed with; made once.
    """
    known = meta.get(_FILE_SECRET)
    secret = entropy.token(32) if known is None else bytes.fromhex(known)
    if known is None:
        log.remember(_FILE_SECRET, secret.hex())
    await blobs.open(hashlib.sha256(secret).hexdigest()[:16])
    return secret


def _files(hub: Hub, blobs: Blobs, secret: bytes, settings: Settings, entropy: Entropy) -> Files:
    return Files(
        hub.log, blobs, hub.clock, entropy, secret=secret, cloud_url=settings.cloud_url,
        committed=hub.committed, durable=hub.durable,
    )  # fmt: skip


async def _resident(loaded: Loaded, opened: Opened, storage: Storage, clock: Clock) -> Log:
    """Everything that is stored, in memory and checked against the schema."""
    loaded.numbers.learn(opened.tables)
    log = Log(clock, opened.last_ts, loaded.numbers)
    log.orphans.update(opened.orphans)
    file_tables.declare(log.snapshot)
    report = await anyio.to_thread.run_sync(_read, log, loaded.schemas, storage, opened)
    report.refuse()
    for key, shape in report.shapes.items():
        log.remember(key, shape)
    return log


def _read(log: Log, schemas: Sequence[Schema], storage: Storage, opened: Opened) -> Report:
    declare_search(log.snapshot, schemas)
    fill(log, schemas, _told(storage.load()), opened.stores)
    return examine(log, schemas, opened.meta)


def _told(rows: Iterator[tuple[int, str, bytes]]) -> Iterator[tuple[int, str, bytes]]:
    """The same rows; the log says how many there were so far."""
    for number, row in enumerate(rows, 1):
        if number % limits.LOAD_TOLD == 0:
            _log.info("reading the stored documents", documents=number)
        yield row


async def fill_staged(waiting: Sequence[Filling], hub: Hub) -> None:
    """Fills the staged indexes beside everything else, and says how far it is.

    Args:
        waiting: the indexes, one after another.
        hub: its clock gives the others their turn between two steps; it is told what is filled.
    """
    for filling in waiting:
        name, told = filling.name, 0
        _log.info("filling a staged index", index=name, documents=filling.total)
        while filling.step(filling.batch):
            if (tenth := 10 * filling.done // (filling.total or 1)) > told:
                told = tenth
                _log.info("filling a staged index", index=name, percent=10 * told)
            await hub.clock.sleep(0)
        hub.committed(hub.log.filled(filling.table))
        _log.info("a staged index is filled; remove staged=True to query it", index=name)
