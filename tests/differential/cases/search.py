"""Text search: which documents are found. The mock does not rank, so order is not compared."""

from __future__ import annotations

from tests.compat.support.wire import Wire
from tests.differential.scenario import Step, case, mutation, query

shelf = mutation(
    "notes:add",
    notes=[
        {"label": "a", "text": "The quick brown fox", "topic": "animals"},
        {"label": "b", "text": "A lazy dog, and a FOX", "topic": "animals", "pinned": True},
        {"label": "c", "text": "foxglove in the garden", "topic": "plants"},
        {"label": "d", "text": "nothing of the kind"},
        {"label": "e", "text": "", "pinned": True},
    ],
)


def find(text: str, **narrow: Wire) -> Step:
    return query("notes:find", text=text, **narrow)


CASES = [
    case("a word finds its documents, whatever the case", shelf, find("quick"), find("QUICK")),
    case("the last word finds longer words", shelf, find("fox"), find("gar"), find("quick fo")),
    case("a word inside another is not found", shelf, find("glove"), find("ox")),
    case("punctuation separates words", shelf, find("dog"), find("dog,")),
    case("any of the words will do", shelf, find("quick dog"), find("nowhere fox")),
    case("nothing is found", find("fox"), shelf, find("unicorn"), find("quick unicorn")),
    case(
        "filters narrow a search",
        shelf,
        find("fox", topic="animals"),
        find("fox", pinned=True),
        find("fox", topic="animals", pinned=False),
        find("fox", topic="plants", pinned=True),
        find("the", topic="plants"),
    ),
    case(
        "documents come, change and go",
        shelf,
        mutation("notes:change", label="d", text="a fox after all"),
        find("fox"),
        find("kind"),
        mutation("notes:change", label="a"),
        find("fox"),
    ),
    case(
        "a mutation finds what it has just written",
        shelf,
        mutation("notes:addAndFind", note={"label": "z", "text": "another fox"}, text="fox"),
        find("fox"),
    ),
    case(
        "so many and no more",
        shelf,
        query("notes:countOf", text="fox", n=2),
        query("notes:countOf", text="fox", n=10),
        query("notes:countOf", text="fox", n=0),
    ),
    case("a filter after a search", shelf, query("notes:filtered", text="fox", label="a")),
    case(
        "a page of a search",
        shelf,
        query("notes:page", text="fox", opts={"numItems": 10, "cursor": None}),
    ),
]
