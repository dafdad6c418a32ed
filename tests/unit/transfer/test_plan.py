"""Plans: what happens to tables and their numbers, and what is refused before anything happens."""

from __future__ import annotations

from types import ModuleType

import pytest

from reactor import limits
from reactor.errors import TransferRefused
from reactor.log.commit import Log
from reactor.log.reads import ReadSet
from reactor.log.snapshot import Write
from reactor.runtime.clock import VirtualClock
from reactor.schema.load import Schema
from reactor.schema.places import TableNumbers
from reactor.transfer.plan import Mode, Plan, make_plan, renumbering
from reactor.transfer.source import Section
from tests.unit.log.world import id_, raw

NEWS, USERS = 10_001, 10_002


class Deployment:
    """Two tables, and as many documents in them as a test wants."""

    def __init__(self, **documents: int) -> None:
        self.log = Log(VirtualClock(), 0, TableNumbers())
        for name in ("news", "users", "_storage"):
            self.log.number_of(self.log.snapshot.table(name))
        for name, count in documents.items():
            table = self.log.snapshot.table(name)
            writes = [Write(table, id_(n), f"d{n}", None, raw(n)) for n in range(count)]
            self.log.commit(writes, ReadSet.empty(), self.log.last_ts, "test")

    def plan(self, mode: Mode, *sections: Section, closed: bool = False) -> Plan:
        schema = Schema(ModuleType("schema") if closed else None)
        return make_plan(sections, mode, self.log, {"": schema})

    def refusal(self, mode: Mode, *sections: Section) -> TransferRefused:
        with pytest.raises(TransferRefused) as refused:
            self.plan(mode, *sections)
        return refused.value

    def numbers(self, plan: Plan) -> dict[str, int]:
        return {swap.table.name: swap.number for swap in renumbering(plan, self.log)}


def test_numbers_come_from_the_file_then_from_here_then_are_new() -> None:
    here = Deployment()
    plan = here.plan(
        "replace", Section("news", 10_050, 1), Section("users", 0, 1), Section("fresh", 0, 1)
    )
    assert here.numbers(plan) == {"news": 10_050, "users": USERS, "fresh": 10_051}


def test_appending_keeps_the_number_of_a_table_with_documents() -> None:
    """Its ids are out in the world; another number would make strangers of all of them."""
    here = Deployment(news=1)
    plan = here.plan("append", Section("news", 10_050, 1), Section("users", 10_051, 1))
    assert here.numbers(plan) == {"news": NEWS, "users": 10_051}


def test_two_tables_may_change_their_numbers_with_each_other() -> None:
    here = Deployment(news=1, users=1)
    plan = here.plan("replace", Section("news", USERS, 1), Section("users", NEWS, 1))
    assert here.numbers(plan) == {"news": USERS, "users": NEWS}


def test_a_number_is_given_up_only_by_tables_without_documents() -> None:
    here = Deployment(users=1)
    assert here.refusal("replace", Section("news", USERS, 1)).code == "InvalidId"
    assert here.numbers(here.plan("replaceAll", Section("news", USERS, 1))) == {
        "news": USERS,
        "users": USERS + 1,
    }
    empty = Deployment()
    assert empty.numbers(empty.plan("append", Section("news", USERS, 1))) == {
        "news": USERS,
        "users": USERS + 1,
    }


def test_one_number_for_two_tables_is_refused() -> None:
    here = Deployment()
    refused = here.refusal("replace", Section("a", 10_050, 1), Section("b", 10_050, 1))
    assert (refused.code, "the same table number" in str(refused)) == ("InvalidId", True)


def test_a_system_table_without_documents_gives_way_within_its_kind() -> None:
    here = Deployment()
    plan = here.plan("replace", Section("news", limits.FIRST_SYSTEM_TABLE, 1))
    assert here.numbers(plan) == {
        "news": limits.FIRST_SYSTEM_TABLE,
        "_storage": limits.FIRST_SYSTEM_TABLE + 1,
    }


def test_what_must_be_empty() -> None:
    here = Deployment(news=1)
    assert here.refusal("requireEmpty", Section("news", 0, 1)).code == "TableNotEmpty"
    here.plan("requireEmpty", Section("users", 0, 1))


@pytest.mark.parametrize("name", ["no good", "_jobs", "a/_x", "a b/t", "../t", "___"])
def test_names_that_no_table_has(name: str) -> None:
    assert Deployment().refusal("replace", Section(name, 0, 1)).code == "InvalidTable"


def test_what_is_deleted_is_counted_and_said() -> None:
    here = Deployment(news=3, users=2)
    plan = here.plan("replaceAll", Section("news", 0, 5))
    assert plan.deletes == 5
    assert plan.message().splitlines() == [
        "This import will:",
        "  news: DELETE all 3 documents here and put 5 documents in their place",
        "  users: DELETE all 2 documents (not in the file)",
    ]
    appended = here.plan("append", Section("news", 0, 5), Section("fresh", 0, 1), closed=True)
    assert appended.deletes == 0
    assert appended.message().splitlines() == [
        "This import will:",
        "  news: add 5 documents to the 3 here",
        "  fresh: add 1 documents to an empty table",
        "No schema names news, fresh: no function will see it until one does.",
    ]


def test_tables_of_components_have_a_place_only_where_one_is_mounted() -> None:
    plan = Deployment().plan("replace", Section("limiter/hits", 0, 1))
    assert plan.undeclared == ["limiter/hits"]
