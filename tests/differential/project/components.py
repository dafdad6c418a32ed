"""The components of the project: one package, mounted twice."""

from __future__ import annotations

from ledger import schema

from reactor import Component

ledger = Component("ledger", functions="ledger.functions", schema=schema)
spare = Component("spare", functions="ledger.functions", schema=schema)
