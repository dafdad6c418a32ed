"""Components: documents of their own, one transaction with whoever calls, nobody signed in."""

from __future__ import annotations

from tests.differential.cases.identities import ADA
from tests.differential.scenario import action, case, mutation, query, ref

everything = query("mounted:all")

CASES = [
    case(
        "each instance has documents of its own",
        mutation("mounted:addToBoth", text="a"),
        mutation("mounted:add", text="b"),
        everything,
    ),
    case(
        "a component's failure takes back its own writes, and its data arrives",
        mutation("mounted:childFails", text="lost"),
        everything,
    ),
    case(
        "a component's failure that nobody catches undoes everything",
        mutation("mounted:uncaught", text="lost"),
        everything,
    ),
    case(
        "a caller that fails takes the component's writes back",
        mutation("mounted:parentFails", text="lost"),
        everything,
    ),
    case(
        "an id of a component can be kept and handed back",
        mutation("mounted:add", text="a").keep("id"),
        query("mounted:get", id=ref("id")),
        query("mounted:get", id="no id"),
    ),
    case("nobody is signed in inside", query("mounted:me").by(ADA), query("mounted:me")),
    case("arguments of calls into components are checked", mutation("mounted:badArguments")),
    case("an action calls into a component", action("mounted:fromAction", text="a"), everything),
    case(
        "clients cannot reach a component's functions",
        query("entries:all"),
        query("ledger/entries:all"),
        mutation("ledger:entries:add", text="a"),
    ),
]
