"""Scheduled functions and crons, as a dashboard lists them.

Source: protocol.md 5.9, 5.10, 8.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reactor import limits
from reactor.admin.registry import SystemFunction, system_mutation, system_query
from reactor.admin.view import Admin, ComponentId, Wire
from reactor.runner.loader import canonical
from reactor.schema.objects import Page, PaginationOptions
from reactor.schema.system import ScheduledFunction
from reactor.transaction.ranges import KeyRange
from reactor.transaction.transaction import whole
from reactor.values.order import encode_key
from reactor.values.types import ABSENT, Absent

if TYPE_CHECKING:
    from reactor.transaction.system import SystemTable

Json = dict[str, Any]

_BY_COMPLETION: Final = ScheduledFunction.by_completion.index.name
_UNFINISHED: Final = encode_key(ABSENT)
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

    table = admin.data(ScheduledFunction.__table_name__, component_id)
    unfinished = KeyRange(1, _UNFINISHED, *whole(_UNFINISHED))
    return admin.page(table.indexes[_BY_COMPLETION], pagination_opts, span=unfinished, keeps=keeps)


@system_query("_system/frontend/scheduler:getArgs")
async def get_args(admin: Admin, *, id: str, component_id: ComponentId = ABSENT) -> Wire | None:
    """The arguments of a scheduled function; None when it is not there any more."""
    found = admin.system(ScheduledFunction.__table_name__, component_id).get(id)
    return None if found is None else Wire.of(found["args"])


@system_mutation("_system/reactor/cancelJob")
async def cancel_job(admin: Admin, *, id: str, component_id: ComponentId = ABSENT) -> bool:
    """Keeps a function from running; whether there was one that had not ended."""
    jobs = admin.system(ScheduledFunction.__table_name__, component_id)
    body = jobs.get(id)
    if body is None or "completedTime" in body:
        return False
    _cancel(admin, jobs, body)
    return True


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
    jobs = admin.system(ScheduledFunction.__table_name__, component_id)
    canceled = 0
    for body in jobs.range(_BY_COMPLETION, [ABSENT], 2**31):
        if wanted in (None, canonical(body["name"])):
            if canceled == limits.ADMIN_CANCELED_MAX:
                return {"canceled": canceled, "hasMore": True}
            _cancel(admin, jobs, body)
            canceled += 1
    return {"canceled": canceled, "hasMore": False}


def _cancel(admin: Admin, jobs: SystemTable, body: Json) -> None:
    ended = {"state": {"kind": "canceled"}, "completedTime": admin.tx.now_ms}
    jobs.put(body["_id"], {**body, **ended})


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
    cancel_job,
    cancel_all_jobs,
    list_cron_jobs,
    list_cron_job_runs,
)
