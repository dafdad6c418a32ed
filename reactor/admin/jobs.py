"""Scheduled functions and crons, as a dashboard lists them.

Source: protocol.md 5.9, 5.10, 8.8.
"""

from __future__ import annotations

from typing import Any, Final

from reactor import limits
from reactor.admin.registry import SystemFunction, system_mutation, system_query
from reactor.admin.view import Admin, ComponentId, Wire
from reactor.runner.jobs import BY_COMPLETION, TABLE, JobTable
from reactor.runner.loader import canonical
from reactor.schema.objects import Page, PaginationOptions
from reactor.schema.system import CronJob, CronRun
from reactor.transaction.ranges import KeyRange
from reactor.transaction.transaction import whole
from reactor.values.order import encode_key
from reactor.values.types import ABSENT, Absent

Json = dict[str, Any]

_UNFINISHED: Final = encode_key(ABSENT)
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
    """The functions that are still to run or are running, in the order in which they are due.

    Args:
        admin: the run.
        pagination_opts: which page.
        udf_path: only those of this function.
        component_id: whose they are.
    """
    wanted = canonical(udf_path) if isinstance(udf_path, str) else None

    def keeps(job: Wire) -> bool:
        return wanted in (None, canonical(job.parsed()["name"]))

    table = admin.data(TABLE, component_id)
    unfinished = KeyRange(1, _UNFINISHED, *whole(_UNFINISHED))
    return admin.page(table.indexes[BY_COMPLETION], pagination_opts, span=unfinished, keeps=keeps)


@system_query("_system/frontend/scheduler:getArgs")
async def get_args(admin: Admin, *, id: str, component_id: ComponentId = ABSENT) -> Wire | None:
    """The arguments of a scheduled function; None when it is not there any more."""
    found = admin.system(TABLE, component_id).get(id)
    return None if found is None else Wire.of(found["args"])


@system_mutation("_system/reactor/cancelJob")
async def cancel_job(admin: Admin, *, id: str, component_id: ComponentId = ABSENT) -> bool:
    """Keeps a function from running; whether there was one that had not ended."""
    return _jobs(admin, component_id).cancel(admin.tx, id)


@system_mutation("_system/reactor/cancelAllJobs")
async def cancel_all_jobs(
    admin: Admin,
    *,
    udf_path: str | Absent | None = ABSENT,
    component_id: ComponentId = ABSENT,
) -> Json:
    """Keeps functions from running, so many in one step.

    Args:
        admin: the run.
        udf_path: only those of this function.
        component_id: whose they are.

    Returns:
        `canceled`, and `hasMore` when it must be asked again.
    """
    wanted = canonical(udf_path) if isinstance(udf_path, str) else None
    jobs, rows = _jobs(admin, component_id), admin.system(TABLE, component_id)
    canceled = 0
    for body in rows.range(BY_COMPLETION, [ABSENT], 2**31):
        if wanted in (None, canonical(body["name"])):
            if canceled == limits.ADMIN_CANCELED_MAX:
                return {"canceled": canceled, "hasMore": True}
            jobs.cancel(admin.tx, body["_id"])
            canceled += 1
    return {"canceled": canceled, "hasMore": False}


def _jobs(admin: Admin, component: ComponentId) -> JobTable:
    deployment = admin.deployment
    return JobTable(deployment.log, deployment.entropy, admin.data(TABLE, component).name)


@system_query("_system/frontend/listCronJobs")
async def list_cron_jobs(admin: Admin, *, component_id: ComponentId = ABSENT) -> list[Wire]:
    """The crons, in the order in which they were first registered."""
    table = admin.system(CronJob.__table_name__, component_id)
    return [Wire.of(cron) for cron in table.range("by_creation_time", [], _LISTED)]


@system_query("_system/frontend/listCronJobRuns")
async def list_cron_job_runs(
    admin: Admin, *, name: str | Absent | None = ABSENT, component_id: ComponentId = ABSENT
) -> list[Wire]:
    """The runs of crons that are kept, the newest first; of one cron when it is named."""
    table = admin.system(CronRun.__table_name__, component_id)
    if isinstance(name, str):
        runs = table.range(CronRun.by_name_and_ts.index.name, [name], _LISTED, reverse=True)
    else:
        runs = table.range("by_creation_time", [], _LISTED, reverse=True)
    return [Wire.of(run) for run in runs]


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (
    paginated_scheduled_jobs,
    get_args,
    cancel_job,
    cancel_all_jobs,
    list_cron_jobs,
    list_cron_job_runs,
)
