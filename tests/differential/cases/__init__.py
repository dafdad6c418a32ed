"""Every scenario, by area and name."""

from __future__ import annotations

from tests.differential.cases import (
    calls,
    components,
    documents,
    files,
    identities,
    jobs,
    limits,
    metadata,
    pages,
    ranges,
    routes,
    search,
    validators,
    values,
)
from tests.differential.scenario import Case

_AREAS: dict[str, list[Case]] = {
    "values": values.CASES,
    "validators": validators.CASES,
    "documents": documents.CASES,
    "ranges": ranges.CASES,
    "metadata": metadata.CASES,
    "pages": pages.CASES,
    "calls": calls.CASES,
    "components": components.CASES,
    "files": files.CASES,
    "identities": identities.CASES,
    "jobs": jobs.CASES,
    "limits": limits.CASES,
    "routes": routes.CASES,
    "search": search.CASES,
}

CASES: dict[str, Case] = {
    f"{area}: {case.name}": case for area, cases in _AREAS.items() for case in cases
}
assert len(CASES) == sum(map(len, _AREAS.values())), "a name that is given twice hides a case"
