"""Single documents: stored, read, changed, removed, and refused by the schema."""

from __future__ import annotations

from tests.compat.support.wire import Wire, integer, raw
from tests.differential.cases.people import ADA, person
from tests.differential.cases.validators import LAX
from tests.differential.scenario import FAILS, Case, Step, case, mutation, query, ref

FULL = person(
    age=36, nick=None, home={"city": "London", "zip": "W1"}, big=integer(7), raw=raw(b"x"),
    tags=["a", "b"], scores={"maths": 1.5}, extra={"any": [1, None]},
)  # fmt: skip

REFUSED: dict[str, Wire] = {
    "without a required field": {"name": "Ada"},
    "with a field that the table has not": person(height=1),
    "with a number for text": person(name=5),
    "with text for a number that may be missing": person(age="old"),
    "with text for null": person(motto=5),
    "with a word that is no member of the union": person(role="owner"),
    "with a wrong item in an array": person(tags=["a", 1]),
    "with an incomplete object": person(home={"zip": "W1"}),
    "with one field too many in an object": person(home={"city": "London", "street": "x"}),
    "with a number for an int64": person(big=5),
    "with text for bytes": person(raw="x"),
    "with a field that starts with an underscore": person(_secret=1),
}

PATCHES: dict[str, tuple[Wire, list[str]]] = {
    "a field": ({"name": "Eve"}, []),
    "a field that was missing": ({"age": 5}, []),
    "null where null is a value": ({"nick": None}, []),
    "nothing": ({}, []),
    "the same value": ({"name": "Ada"}, []),
    "a removed field": ({}, ["age"]),
    "removed fields of three states": ({}, ["nick", "extra"]),
    "a removed field that was missing": ({}, ["big"]),
    "one set and another removed": ({"name": "Eve"}, ["age", "home"]),
    "a whole object, not its members": ({"home": {"city": "Paris"}}, []),
    "a whole record": ({"scores": {"art": 2}}, []),
    "a whole array": ({"tags": ["c"]}, []),
}

REFUSED_PATCHES: dict[str, tuple[Wire, list[str]]] = {
    "of the wrong type": ({"name": 5}, []),
    "of a field that the table has not": ({"height": 5}, []),
    "to null where the field may only be missing": ({"age": "old"}, []),
    "that removes a required field": ({}, ["name"]),
    "with one right and one wrong field": ({"name": "Eve", "role": "owner"}, []),
}


def insert(doc: Wire = ADA, table: str = "people") -> Step:
    return mutation("docs:insert", table=table, doc=doc)


def refused(name: str, doc: Wire) -> Case:
    return case(
        f"a document {name} is refused",
        insert(doc),
        insert().keep("id"),
        mutation("docs:replace", id=ref("id"), doc=doc),
        query("docs:all", table="people"),
    )


def patched(name: str, changes: Wire, unset: list[str], *, start: Wire) -> Case:
    return case(
        f"a patch {name}",
        insert(start).keep("id"),
        mutation("docs:patch", id=ref("id"), set=changes, unset=unset),
        query("docs:get", id=ref("id")),
    )


gone = (insert().keep("id"), mutation("docs:remove", id=ref("id")))

CASES = [
    case(
        "a document comes back as it was stored",
        insert(FULL).keep("id"),
        query("docs:get", id=ref("id")),
        insert().keep("id"),
        query("docs:get", id=ref("id")),
    ),
    case(
        "tables are listed in the order of creation",
        *(insert(person(name=name)) for name in ("c", "a", "b")),
        query("docs:all", table="people"),
        query("docs:all", table="pets"),
    ),
    *(refused(name, doc) for name, doc in REFUSED.items()),
    *(
        patched(
            f"with {name}", changes, unset, start=person(age=36, nick="a", home={"city": "London"})
        )
        for name, (changes, unset) in PATCHES.items()
    ),
    *(
        patched(f"{name} changes nothing", changes, unset, start=FULL)
        for name, (changes, unset) in REFUSED_PATCHES.items()
    ),
    case(
        "a table of two kinds takes each of them",
        insert({"kind": "circle", "radius": 1}, "shapes"),
        insert({"kind": "box", "width": 1, "height": 2}, "shapes"),
        insert({"kind": "box", "radius": 1}, "shapes"),
        insert({"kind": "cone", "radius": 1}, "shapes"),
        query("docs:all", table="shapes"),
    ),
    case(
        "a reference must be an id of its table",
        insert().keep("ada"),
        insert({"name": "Rex", "owner": ref("ada")}, "pets").keep("rex"),
        insert({"name": "Tom", "owner": ref("rex")}, "pets"),
        insert({"name": "Tom", "owner": "nobody"}, "pets"),
        query("docs:withPets"),
    ),
    case(
        "a reference may dangle",
        insert().keep("ada"),
        insert({"name": "Rex", "owner": ref("ada")}, "pets").keep("rex"),
        mutation("docs:remove", id=ref("ada")),
        query("docs:get", id=ref("ada")),
        query("docs:get", id=ref("rex")),
        query("docs:withPets"),
    ),
    case(
        "replacing a document drops what is not repeated",
        insert(FULL).keep("id"),
        mutation("docs:replace", id=ref("id"), doc=person(name="Eve")),
        query("docs:get", id=ref("id")),
    ),
    case(
        "a removed document is gone, and cannot be written",
        *gone,
        query("docs:get", id=ref("id")),
        mutation("docs:patch", id=ref("id"), set={"name": "x"}).says(
            "Update on nonexistent document ID"
        ),
        mutation("docs:replace", id=ref("id"), doc=ADA).says("Replace on nonexistent document ID"),
        mutation("docs:remove", id=ref("id")).says("Delete on nonexistent document ID"),
        query("docs:all", table="people"),
    ),
    case(
        "removing twice in one mutation fails and removes nothing",
        insert().keep("id"),
        mutation("docs:twice", id=ref("id")),
        query("docs:get", id=ref("id")),
    ),
    case(
        "a record with a wrong value is refused",
        insert(person(scores={"a": "1"})).mock_differs(LAX, FAILS),
    ),
    case(
        "a text that is no id is refused",
        *(
            query("docs:get", id=text)
            .says("Unable to decode ID")
            .mock_differs(
                "db.get refuses what is no id (protocol.md 5.3); the mock gives null", FAILS
            )
            for text in ("no id", "", "k" * 32)
        ),
        mutation("docs:patch", id="no id", set={}),
        mutation("docs:remove", id="no id"),
    ),
    case(
        "normalizeId tells an id of the table from everything else",
        insert().keep("ada"),
        insert({"name": "Rex", "owner": ref("ada")}, "pets").keep("rex"),
        query("docs:normalize", table="people", text=ref("ada")),
        query("docs:normalize", table="pets", text=ref("ada")),
        query("docs:normalize", table="pets", text=ref("rex")),
        query("docs:normalize", table="people", text="no id"),
        query("docs:normalize", table="people", text=""),
        mutation("docs:remove", id=ref("rex")),
        query("docs:normalize", table="pets", text=ref("rex")),
    ),
    case(
        "a mutation sees each of its own writes",
        insert(person(name="other")),
        mutation("docs:story", doc=FULL),
        query("docs:all", table="people"),
    ),
    case(
        "a refused write that is caught leaves the others",
        mutation("docs:caught", good=ADA, bad={"name": "x"}),
        query("docs:all", table="people"),
    ),
    case(
        "system fields that a document brings along",
        insert().keep("id"),
        insert(person(_id="no id")),
        insert(person(_creationTime=5)),
        query("docs:all", table="people"),
    ),
]
