"""Search: what is found, in which order, and what nobody may learn from it."""

from __future__ import annotations

from typing import Any

import pytest

import schema
from functions import search
from reactor.testing import Harness
from tests.app.support import Json, Reimaji, code_of


async def find(who: Harness, query: str, **more: Any) -> Json:
    return dict(await who.call("search:searchContent", {"query": query, **more}))


async def titles(who: Harness, query: str, **more: Any) -> list[str]:
    """All titles that are found."""
    found = await find(who, query, **more)
    items = [*found["news"], *found["research"], *found["courses"]]
    assert found["total"] == len(items)
    return [item["title"] for item in items]


async def add_course(app: Reimaji, title: str, **more: Any) -> None:
    admin = (await app.admin.call("users:me"))["_id"]
    row: Json = {
        "slug": title, "description": "", "level": "basic", "duration": 1,
        "is_published": True, "created_by": admin, "created_at": 0.0, "updated_at": 0.0,
    }  # fmt: skip
    await app.backend.insert(schema.Course(title=title, **{**row, **more}))


async def test_titles_come_before_texts(app: Reimaji) -> None:
    """D32: a word of the body finds an item; a word of the title finds it first, and once."""
    await app.publish(title="Unrelated", content="All about Klausul, klausul and klausul.")
    await app.publish(title="Klausul", content="Klausul again.")
    await app.publish("research", title="A study of klausul")
    await add_course(app, "Klausul dasar")
    found = await find(app.visitor, "klausul")
    assert [item["title"] for item in found["news"]] == ["Klausul", "Unrelated"]
    assert found["total"] == 4
    assert all("content" not in item for item in found["news"] + found["research"])
    assert await titles(app.visitor, "klausul", type="courses") == ["Klausul dasar"]
    assert await titles(app.visitor, "klausul", type="research") == ["A study of klausul"]
    assert await titles(app.visitor, "klausul", type="news", limit=1) == ["Klausul"]


async def test_premium_texts_do_not_leak(app: Reimaji) -> None:
    """D04: the secret word finds nothing for who may not read it, and the item for who may."""
    await app.publish(title="Rahasia dagang", content="The word is xyzzy.", isPremium=True)
    await app.publish(
        "research", title="Rahasia", content="Also xyzzy.", implication="i", isPremium=True
    )
    for who in (app.visitor, app.free):
        assert await titles(who, "xyzzy") == []
        assert await titles(who, "xyz") == []
        found = await find(who, "rahasia")
        assert [item["isLocked"] for item in found["news"] + found["research"]] == [True, True]
        assert found["research"][0]["implication"] == ""
    for who in (app.pro, app.admin):
        assert sorted(await titles(who, "xyzzy")) == ["Rahasia", "Rahasia dagang"]
        assert not (await find(who, "rahasia"))["news"][0]["isLocked"]


async def test_only_listed_items_are_found(app: Reimaji) -> None:
    """D33: fifty drafts do not hide the one that is published; admins search what is listed too."""
    for number in range(50):
        await app.draft(title=f"Prompt {number}", content="prompt prompt prompt")
    await app.publish(title="One prompt among many other words of a title", content="prompt")
    gone = await app.publish(title="Prompt gone")
    await app.admin.call("news:remove", {"id": gone})
    await add_course(app, "Prompt course", is_published=False)
    await add_course(app, "Prompt course 2", deleted_at=1.0)
    for who in (app.visitor, app.admin):
        assert await titles(who, "prompt", limit=2) == [
            "One prompt among many other words of a title"
        ]


async def test_the_last_word_is_a_beginning(app: Reimaji) -> None:
    """And operators mean nothing."""
    await app.publish(title="Belajar Python", content="x")
    assert await titles(app.visitor, "belajar py") == ["Belajar Python"]
    assert await titles(app.visitor, '"-PYTHON" OR *:) {$ne: 1}') == ["Belajar Python"]
    assert await titles(app.visitor, "pyt AND") == []


@pytest.mark.parametrize("text", ["", " ", "a", " a ", "--", "\u200b", "*" * 200])
async def test_too_little_to_search_for(app: Reimaji, text: str) -> None:
    """An empty answer, no error: people are still typing."""
    await app.publish(title="A a a")
    empty: Json = {"news": [], "research": [], "courses": [], "total": 0}
    assert await find(app.visitor, text) == empty


@pytest.mark.parametrize(
    "text",
    [
        "kata " * 40,
        " ".join(f"k{n}" for n in range(50)),
        "a_b_" * 50,
        "\u5927\u5b66\u751f\u6d3b" * 50,
        "\u00bd" * 200,
        "\ufdfa" * 200,
        "\u5927a" * 100,
    ],
)
async def test_many_words_are_cut(app: Reimaji, text: str) -> None:
    """Terms after the sixteenth are ignored, in every script."""
    await find(app.visitor, text[:200])


async def test_words_of_many_scripts(app: Reimaji) -> None:
    """Marks belong to their letters; CJK is found inside longer runs."""
    await app.publish(title="\u6771\u4eac\u5927\u5b66", content="x")
    await app.publish(title="Cafe\u0301 con leche", content="x")
    assert await titles(app.visitor, "\u5927\u5b66") == ["\u6771\u4eac\u5927\u5b66"]
    assert await titles(app.visitor, "cafe leche") == ["Cafe\u0301 con leche"]
    assert await titles(app.visitor, "cafe\u0301") == ["Cafe\u0301 con leche"]


async def test_limits(app: Reimaji) -> None:
    """0.4 and 0.6: refused, or cut to fifty per kind."""
    for number in range(55):
        await app.publish(title=f"Agen {number}", content="x")
    for limit in (0, -1, 1.5):
        for query in ("agen", ""):
            call = find(app.visitor, query, limit=limit)
            assert await code_of(call) == "INVALID_ARGUMENT"
    assert await code_of(find(app.visitor, "x" * 201)) == "INVALID_ARGUMENT"
    assert len(await titles(app.visitor, "agen")) == 20
    assert len(await titles(app.visitor, "agen", limit=1_000)) == 50


async def test_suggestions(app: Reimaji) -> None:
    """Titles only, all kinds in turns, nothing but what leads there."""
    for number in range(10):
        await app.publish(title=f"Agen AI {number}", content="xyzzy")
    await app.publish("research", title="Agen in research")
    await add_course(app, "Agen untuk pemula")
    items = (await app.visitor.call("search:suggest", {"query": "age"}))["items"]
    assert len(items) == 8
    assert [item["kind"] for item in items[:4]] == ["news", "research", "course", "news"]
    assert set(items[0]) == {"kind", "id", "slug", "title"}
    assert (await app.visitor.call("search:suggest", {"query": "xyzzy"}))["items"] == []
    assert (await app.visitor.call("search:suggest", {"query": "a"}))["items"] == []


async def test_a_search_is_live(app: Reimaji) -> None:
    """Journey 13: what is published appears, what is removed goes, drafts push nothing."""
    async with app.visitor.subscribe(search.search_content, query="agen") as feed:
        assert (await feed.next()).total == 0
        item = await app.draft(title="Agen", content="x")
        await app.backend.drain()
        assert feed.pushes == 1
        await app.admin.call("news:update", {"id": item, "isPublished": True})
        assert (await feed.next()).total == 1
        await app.admin.call("news:remove", {"id": item})
        assert (await feed.next()).total == 0
