"""The deployment itself: where it lives, what it trusts, what was done to it.

Source: protocol.md 8.7, 8.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reactor.admin.registry import SystemFunction, system_query
from reactor.admin.view import Admin, ComponentId, Wire
from reactor.runner.space import ROOT
from reactor.schema.objects import Page, PaginationOptions
from reactor.schema.system import DeploymentEvent
from reactor.values.types import ABSENT, Absent

if TYPE_CHECKING:
    from reactor.auth.oidc import Provider

Json = dict[str, Any]

NPM_VERSION: Final = "1.48.0"
"""The version of Convex's client and tools whose behaviour is served; tools compare with it."""


@system_query("_system/cli/convexUrl:cloudUrl", "_system/frontend/convexCloudUrl")
async def cloud_url(admin: Admin, *, component_id: ComponentId = ABSENT) -> str:
    """Where clients reach the deployment."""
    del component_id
    return admin.deployment.environment.variables(admin.tx)["CONVEX_CLOUD_URL"]


@system_query("_system/cli/convexUrl:siteUrl", "_system/frontend/convexSiteUrl")
async def site_url(admin: Admin, *, component_id: ComponentId = ABSENT) -> str:
    """Where its own HTTP routes are."""
    del component_id
    return admin.deployment.environment.variables(admin.tx)["CONVEX_SITE_URL"]


@system_query("_system/frontend/components:list")
async def list_components(admin: Admin) -> list[Json]:
    """The mounted components; the project itself is not among them."""
    return [
        {"id": path, "name": space.name, "path": path, "args": {}, "state": "active"}
        for path, space in sorted(admin.deployment.spaces.items())
        if not space.is_root
    ]


@system_query("_system/frontend/getVersion")
async def get_version(admin: Admin) -> str:
    """The version of Convex's tools that this deployment speaks with."""
    del admin
    return NPM_VERSION


@system_query("_system/frontend/listAuthProviders")
async def list_auth_providers(admin: Admin) -> list[Json]:
    """Whose tokens are trusted, as Convex's auth config names them."""
    deployment = admin.deployment
    return [
        _provider(one) for one in deployment.settled(deployment.environment.variables(admin.tx))
    ]


def _provider(one: Provider) -> Json:
    if not one.is_custom:
        return {"type": "oidc", "domain": one.issuer, "applicationID": one.application_id}
    found: Json = {
        "type": "customJwt",
        "issuer": one.issuer,
        "jwks": one.jwks,
        "algorithm": next(iter(one.algorithms)),
    }
    return found if one.application_id is None else {**found, "applicationID": one.application_id}


@system_query("_system/frontend/listConfiguredSinks")
async def list_configured_sinks(admin: Admin) -> list[Json]:
    """Where logs are streamed to: nowhere, since this deployment streams to no vendor."""
    del admin
    return []


@system_query("_system/frontend/deploymentState:deploymentState", "_system/frontend/backendState")
async def deployment_state(admin: Admin) -> Json:
    """Whether the deployment runs; one that does not answers nobody."""
    del admin
    return {"state": "running"}


@system_query("_system/frontend/deploymentEvents:lastPushEvent")
async def last_push_event(admin: Admin) -> None:
    """The last push of code; None, since a project here is files and is started, not pushed."""
    del admin


@system_query("_system/frontend/paginatedDeploymentEvents")
async def paginated_deployment_events(
    admin: Admin,
    *,
    pagination_opts: PaginationOptions,
    filters: Json | Absent | None = ABSENT,
) -> Page[Wire]:
    """What was done by hand, the newest first.

    Args:
        admin: the run.
        pagination_opts: which page.
        filters: `actions`, a list of the ones to show; times as `minDate` and `maxDate` in ms.
    """
    wanted = filters if isinstance(filters, dict) else {}
    table = admin.data(DeploymentEvent.__table_name__, ROOT)
    return admin.page(
        table.by_creation_time,
        pagination_opts,
        order="desc",
        keeps=lambda event: _is_wanted(event.parsed(), wanted),
    )


def _is_wanted(event: Json, wanted: Json) -> bool:
    actions = wanted.get("actions")
    if actions is not None and event["action"] not in actions:
        return False
    low, high = wanted.get("minDate"), wanted.get("maxDate")
    created = event["_creationTime"]
    return (low is None or low <= created) and (high is None or created <= high)


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (
    cloud_url,
    site_url,
    list_components,
    get_version,
    list_auth_providers,
    list_configured_sinks,
    deployment_state,
    last_push_event,
    paginated_deployment_events,
)
