"""The tables of a component; convex/ledger/schema.ts says the same in TypeScript."""

from __future__ import annotations

from reactor import Field, Table


class Entry(Table, name="entries"):
    text: Field[str]
