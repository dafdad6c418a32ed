"""Paths inside an archive: ours lead back to what they are about, hostile ones lead nowhere."""

from __future__ import annotations

import pytest

from reactor.transfer.layout import Entry, entry_name, parse_entry


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ("news", "news/documents.jsonl"),
        ("limiter/limits", "_components/limiter/limits/documents.jsonl"),
        ("a/b/t", "_components/a/_components/b/t/documents.jsonl"),
    ],
)
def test_a_path_leads_back_to_its_table(table: str, path: str) -> None:
    assert entry_name(table, "documents.jsonl") == path
    entry = parse_entry(path)
    assert entry is not None
    assert (entry.name, entry.file) == (table, "documents.jsonl")


def test_stored_files_and_tables() -> None:
    assert parse_entry("_storage/kg2abc.png") == Entry("", "_storage", "kg2abc.png")
    assert parse_entry("_components/a/_tables/documents.jsonl") == Entry(
        "a", "_tables", "documents.jsonl"
    )


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "news/",
        "__MACOSX/news/documents.jsonl",
        "news/.DS_Store",
        "a/b/c/documents.jsonl",
    ],
)
def test_what_no_import_has_a_use_for_is_passed_over(path: str) -> None:
    """A person who unpacks an export and packs it again must not be refused for their tool's
    leavings."""
    assert parse_entry(path) is None


@pytest.mark.parametrize(
    "path",
    [
        "../news/documents.jsonl",
        "news/../../documents.jsonl",
        "/etc/documents.jsonl",
        "..\\news/documents.jsonl",
        "./news/documents.jsonl",
        "news//documents.jsonl",
        "ne ws/documents.jsonl",
        "1news/documents.jsonl",
        "_components/../news/documents.jsonl",
        f"{'n' * 65}/documents.jsonl",
        "news\0/documents.jsonl",
    ],
)
def test_hostile_paths_are_refused(path: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # there is nothing to match: callers word it
        parse_entry(path)
