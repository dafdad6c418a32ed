"""Scheduled functions and crons, as a dashboard lists them.

Source: protocol.md 5.9, 5.10, 8.8.
"""

from __future__ import annotations

from typing import Any, Final

from reactor.admin.registry import SystemFunction, system_query
from reactor.admin.view import Admin, ComponentId, Wire
from reactor.runner.loader import canonical
from reactor.schema.objects import Page, PaginationOptions
from reactor.schema.system import ScheduledFunction
from reactor.values.types import ABSENT, Absent

Json = dict[str, Any]

_ACTIVE: Final = ("pending", "inProgress")
_CRONS: Final = "_cron_jobs"
_CRON_RUNS: Final = "_cron_job_logs"
_LISTED: Final = 1_000
"""Crons that are listed, and runs of one: a project has tens."""


@system_query("_system/frontend/paginatedScheduledJobs")
async def paginated_scheduled_jobs(
    admin: Admin,
    *,
    pagination_opts: PaginationOptions,
    udf_path: str | Absent | None = ABSENT,
    component_id: ComponentId = ABSENT,
) -> Page[Wire]:
    """The functions that are still to run or are running, the newest first.

    Args:
        admin: the run.
        pagination_opts: which page.
        udf_path: only those of this function.
        component_id: whose they are.
    """
    wanted = canonical(udf_path) if isinstance(udf_path, str) else None

    def keeps(job: Wire) -> bool:
        body = job.parsed()
        return body["state"]["kind"] in _ACTIVE and wanted in (None, canonical(body["name"]))

    table = admin.data(ScheduledFunction.__table_name__, component_id)
    return admin.page(table.by_creation_time, pagination_opts, order="desc", keeps=keeps)


@system_query("_system/frontend/scheduler:getArgs")
async def get_args(admin: Admin, *, id: str, component_id: ComponentId = ABSENT) -> Wire | None:
    """The arguments of a scheduled function; None when it is not there any more."""
    found = admin.system(ScheduledFunction.__table_name__, component_id).get(id)
    return None if found is None else Wire.of(found["args"])


@system_query("_system/frontend/listCronJobs")
async def list_cron_jobs(admin: Admin, *, component_id: ComponentId = ABSENT) -> list[Wire]:
    """The crons, in the order in which they were first registered."""
    crons = admin.system(_CRONS, component_id).range("by_creation_time", [], _LISTED)
    return [Wire.of(cron) for cron in crons]


@system_query("_system/frontend/listCronJobRuns")
async def list_cron_job_runs(
    admin: Admin, *, name: str | Absent | None = ABSENT, component_id: ComponentId = ABSENT
) -> list[Wire]:
    """The runs of crons that are kept, the newest first; of one cron when it is named."""
    runs = admin.system(_CRON_RUNS, component_id).range(
        "by_creation_time", [], _LISTED, reverse=True
    )
    return [Wire.of(run) for run in runs if not isinstance(name, str) or run["name"] == name]


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (
    paginated_scheduled_jobs,
    get_args,
    list_cron_jobs,
    list_cron_job_runs,
)
