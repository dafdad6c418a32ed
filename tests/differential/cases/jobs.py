"""Scheduled functions: when they run, that they run once, and what their records say."""

from __future__ import annotations

from tests.differential.scenario import Step, action, case, gives, mutation, query, ref, settle

HOUR = 3_600_000
labels = query("calls:labels")


def state(name: str = "job") -> Step:
    return query("jobs:state", id=ref(name))


CASES = [
    case(
        "a function runs after the mutation, and leaves its record",
        mutation("jobs:after", ms=0, label="later").keep("job"),
        settle(),
        labels,
        state(),
    ),
    case(
        "a function that is not due waits",
        mutation("jobs:after", ms=HOUR, label="later").keep("job"),
        settle(),
        labels,
        state(),
    ),
    case(
        "a short delay passes",
        mutation("jobs:after", ms=30, label="later").keep("job"),
        settle(),
        labels,
        state(),
    ),
    case(
        "a time that has passed means at once",
        mutation("jobs:at", ms=-5_000, label="past").keep("past"),
        mutation("jobs:at", ms=HOUR, label="future").keep("future"),
        settle(),
        labels,
        state("past"),
        state("future"),
    ),
    case(
        "what is scheduled does not run inside the mutation",
        mutation("jobs:several", labels=["a", "b", "c"]),
        settle(),
        labels,
    ),
    case(
        "a mutation that fails schedules nothing",
        mutation("jobs:afterAndFail", ms=0, label="lost"),
        settle(),
        labels,
    ),
    case(
        "a child that fails schedules nothing, its parent does",
        mutation("jobs:childFails", ms=0, label="lost"),
        settle(),
        labels,
    ),
    case(
        "a scheduled mutation that fails writes nothing and says so",
        mutation("jobs:failing").keep("job"),
        settle(),
        labels,
        state(),
    ),
    case("a scheduled action", mutation("jobs:anAction").keep("job"), settle(), labels, state()),
    case(
        "a scheduled action that fails keeps what it wrote",
        mutation("jobs:failingAction").keep("job"),
        settle(),
        labels,
        state(),
    ),
    case(
        "internal functions can be scheduled",
        mutation("jobs:anInternal").keep("job"),
        settle(),
        labels,
        state(),
    ),
    case(
        "an action schedules at once",
        action("jobs:fromAction", ms=0, label="later").keep("job"),
        settle(),
        labels,
        state(),
    ),
    case(
        "what an action scheduled outlives its failure",
        action("jobs:fromActionThatFails", ms=0, label="kept"),
        settle(),
        labels,
    ),
    case("jobs schedule jobs", mutation("jobs:chain", left=3), settle(), labels),
    case(
        "nobody is signed in later",
        mutation("jobs:whoLater").by(
            {"issuer": "https://i.test", "subject": "a", "tokenIdentifier": "https://i.test|a"}
        ),
        settle(),
        labels,
    ),
    case(
        "a canceled function does not run",
        mutation("jobs:after", ms=HOUR, label="never").keep("job"),
        mutation("jobs:cancel", id=ref("job")),
        state(),
        mutation("jobs:cancel", id=ref("job")),
        state(),
        labels,
    ),
    case(
        "scheduled and canceled in one mutation",
        mutation("jobs:scheduleAndCancel", label="never").keep("job"),
        settle(),
        labels,
        state(),
    ),
    case(
        "an action cancels",
        mutation("jobs:after", ms=HOUR, label="never").keep("job"),
        action("jobs:cancelByAction", id=ref("job")),
        state(),
    ),
    case(
        "what has ended cannot be canceled",
        mutation("jobs:after", ms=0, label="done").keep("job"),
        settle(),
        mutation("jobs:cancel", id=ref("job")),
        state().mock_differs(
            "canceling what has ended does nothing (protocol.md 5.9); the mock cancels it",
            gives({"name": "calls:add", "args": [{"label": "done"}], "kind": "success"}),
        ),
        labels,
    ),
    case(
        "the time of completion is recorded",
        mutation("jobs:after", ms=0, label="done").keep("job"),
        mutation("jobs:after", ms=HOUR, label="never").keep("open"),
        settle(),
        query("jobs:isCompleted", id=ref("open")),
        query("jobs:isCompleted", id=ref("job")).mock_differs(
            "finished functions have a completedTime (protocol.md 5.9); the mock writes none",
            gives(True),
        ),
    ),
    case(
        "a negative delay is refused",
        mutation("jobs:after", ms=-1, label="never"),
        settle(),
        labels,
    ),
]
