"""Every system function of a deployment, topic by topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reactor.admin import (
    about,
    documents,
    environment,
    files,
    jobs,
    migrations,
    modules,
    schemas,
    shapes,
    tables,
    transfers,
)
from reactor.admin.registry import SystemFunction, define_system

if TYPE_CHECKING:
    from reactor.admin.view import Deployment
    from reactor.runner.definition import Definition

TOPICS: Final[tuple[tuple[SystemFunction, ...], ...]] = (
    about.FUNCTIONS,
    documents.FUNCTIONS,
    environment.FUNCTIONS,
    files.FUNCTIONS,
    jobs.FUNCTIONS,
    migrations.FUNCTIONS,
    modules.FUNCTIONS,
    schemas.FUNCTIONS,
    shapes.FUNCTIONS,
    tables.FUNCTIONS,
    transfers.FUNCTIONS,
)
"""A topic is a module that declares its functions; each is named here."""


def system_functions(deployment: Deployment) -> dict[str, Definition]:
    """All of them, ready to run, by canonical path such as `_system/cli/tables:default`."""
    return define_system((one for topic in TOPICS for one in topic), deployment)
