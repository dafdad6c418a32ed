"""The tables of the bank."""

from __future__ import annotations

from reactor import Field, Index, Table


class Account(Table, name="accounts"):
    owner: Field[str]
    balance: Field[int]

    by_owner = Index("owner", unique=True)
    by_balance = Index("balance", "owner")  # ties by owner, not by what differs between nodes


class Entry(Table, name="entries"):
    """One line of the journal that every change leaves."""

    owner: Field[str]
    change: Field[int]

    by_owner = Index("owner")


class Receipt(Table, name="receipts"):
    """What a scheduled function leaves; nobody else reads or writes them."""

    number: Field[int]
