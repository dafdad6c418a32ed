"""A real-time reactive backend in Python; Convex's official clients connect to it unmodified."""

from __future__ import annotations

from reactor.app import Dev, Reactor
from reactor.auth.identity import UserIdentity
from reactor.auth.oidc import Clerk, CustomJwt, Oidc
from reactor.errors import AppError, LimitError, ParseError, ReactorError
from reactor.files.access import Blob, FileMetadata, Storage, StorageReader, StorageWriter
from reactor.runner.arguments import Arguments
from reactor.runner.component import Component
from reactor.runner.context import ActionCtx, Auth, MutationCtx, QueryCtx
from reactor.runner.env import Env
from reactor.runner.http import HttpRouter
from reactor.runner.meta import (
    ActionMeta,
    DeploymentInfo,
    FunctionInfo,
    Meta,
    MutationMeta,
    QueryMeta,
    RequestInfo,
    TransactionMetrics,
    Usage,
)
from reactor.runner.migrations import MigrationStatus, migration
from reactor.runner.registry import (
    ActionFn,
    MutationFn,
    QueryFn,
    action,
    internal_action,
    internal_mutation,
    internal_query,
    mutation,
    query,
)
from reactor.runner.scheduling import Scheduler
from reactor.runner.vectors import Scored
from reactor.scheduler.crons import Cron, Crons
from reactor.schema.columns import Bound, Change, Field, FieldRef
from reactor.schema.fields import Flat, Id, New, field, wire
from reactor.schema.index import (
    Index,
    IndexRef,
    SearchIndex,
    SearchIndexRef,
    VectorIndex,
    VectorIndexRef,
)
from reactor.schema.objects import Object, Page, PaginationOptions
from reactor.schema.reading import changed, parse, size_of
from reactor.schema.system import JobState, Migration, ScheduledFunction, StoredFile
from reactor.schema.table import Document, Table
from reactor.transaction.database import DatabaseReader, DatabaseWriter
from reactor.transaction.query import IndexedQuery, OrderedQuery, RangeQuery, TableQuery
from reactor.values.types import ABSENT, Absent, Int64

__all__ = [
    "ABSENT",
    "Absent",
    "ActionCtx",
    "ActionFn",
    "ActionMeta",
    "AppError",
    "Arguments",
    "Auth",
    "Blob",
    "Bound",
    "Change",
    "Clerk",
    "Component",
    "Cron",
    "Crons",
    "CustomJwt",
    "DatabaseReader",
    "DatabaseWriter",
    "DeploymentInfo",
    "Dev",
    "Document",
    "Env",
    "Field",
    "FieldRef",
    "FileMetadata",
    "Flat",
    "FunctionInfo",
    "HttpRouter",
    "Id",
    "Index",
    "IndexRef",
    "IndexedQuery",
    "Int64",
    "JobState",
    "LimitError",
    "Meta",
    "Migration",
    "MigrationStatus",
    "MutationCtx",
    "MutationFn",
    "MutationMeta",
    "New",
    "Object",
    "Oidc",
    "OrderedQuery",
    "Page",
    "PaginationOptions",
    "ParseError",
    "QueryCtx",
    "QueryFn",
    "QueryMeta",
    "RangeQuery",
    "Reactor",
    "ReactorError",
    "RequestInfo",
    "ScheduledFunction",
    "Scheduler",
    "Scored",
    "SearchIndex",
    "SearchIndexRef",
    "Storage",
    "StorageReader",
    "StorageWriter",
    "StoredFile",
    "Table",
    "TableQuery",
    "TransactionMetrics",
    "Usage",
    "UserIdentity",
    "VectorIndex",
    "VectorIndexRef",
    "action",
    "changed",
    "field",
    "internal_action",
    "internal_mutation",
    "internal_query",
    "migration",
    "mutation",
    "parse",
    "query",
    "size_of",
    "wire",
]
