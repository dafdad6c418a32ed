"""Opened files: which tables are in them, and archives that are made to do harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import orjson
import pytest

from reactor import limits
from reactor.errors import TransferRefused
from reactor.transfer.source import Section, Source, open_source
from reactor.values.ids import encode_id
from tests.unit.transfer.world import archive, lines

ID = encode_id(10_777, bytes(16))


def opened(folder: Path, content: bytes, form: str = "zip", component: str = "") -> Source:
    path = folder / "upload.data"
    path.write_bytes(content)
    return open_source(path, form, "news" if form != "zip" else "", component)  # type: ignore[arg-type]


def refusal(folder: Path, content: bytes) -> str:
    def read_all() -> None:
        source = opened(folder, content)
        for section in source.survey():
            list(source.documents(section.name))

    with pytest.raises(TransferRefused) as refused:
        read_all()
    return str(refused.value)


def test_tables_of_an_archive(tmp_path: Path) -> None:
    source = opened(
        tmp_path,
        archive(
            {
                "README.md": b"hello",
                "_tables/documents.jsonl": lines({"name": "news", "id": 10_005}),
                "news/documents.jsonl": lines({"n": 1}, {"n": 2}),
                "users/documents.jsonl": lines({"_id": ID}),
                "empty/documents.jsonl": b"",
                "_scheduled_functions/documents.jsonl": lines({"n": 1}),
                "_components/limiter/_tables/documents.jsonl": lines(
                    {"name": "hits", "id": 10_009}
                ),
                "_components/limiter/hits/documents.jsonl": lines({"n": 1}),
            }
        ),
    )
    assert source.survey() == [
        Section("empty", 0, 0),
        Section("limiter/hits", 10_009, 1),
        Section("news", 10_005, 2),
        Section("users", 10_777, 1),
    ]


def test_an_archive_can_go_into_a_component(tmp_path: Path) -> None:
    content = archive({"hits/documents.jsonl": lines({"n": 1})})
    source = opened(tmp_path, content, component="limiter")
    assert source.survey() == [Section("limiter/hits", 0, 1)]
    assert len(list(source.documents("limiter/hits"))) == 1


def test_the_marker_decides_what_numbers_are(tmp_path: Path) -> None:
    document = lines({"n": 1})
    content = archive(
        {
            "a/documents.jsonl": document,
            "b/documents.jsonl": document,
            "b/generated_schema.jsonl": b'"uniform"\n',
            "c/documents.jsonl": document,
            "c/generated_schema.jsonl": b'{"type":"object"}\n',
        }
    )
    source = opened(tmp_path, content)
    kinds = {name: next(iter(source.documents(name))).raw for name in "abc"}
    assert kinds == {
        "a": b'{"n":1.0}',
        "b": b'{"n":{"$integer":"AQAAAAAAAAA="}}',
        "c": b'{"n":1.0}',
    }


@pytest.mark.parametrize("form", ["csv", "jsonLines", "jsonArray"])
def test_single_files(tmp_path: Path, form: str) -> None:
    content = {
        "csv": f"_id,n\n{ID},1\n".encode(),
        "jsonLines": lines({"_id": ID, "n": 1}),
        "jsonArray": orjson.dumps([{"_id": ID, "n": 1}]),
    }[form]
    source = opened(tmp_path, content, form)
    assert source.survey() == [Section("news", 10_777, 1)]
    (row,) = source.documents("news")
    assert orjson.loads(row.raw) == {"_id": ID, "n": 1.0}


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({}, "holds no table"),
        ({"README.md": b""}, "holds no table"),
        ({"../../etc/documents.jsonl": b"{}"}, "names no table"),
        ({"news/documents.jsonl": b'{"a":1}\n{"a":'}, "news/documents.jsonl: line 2 is not JSON"),
        ({"news/documents.jsonl": b"", "_tables/documents.jsonl": b"nope"}, "each line must be"),
        ({"news/documents.jsonl": b"", "_tables/documents.jsonl": b'{"name":"a","id":-1}'}, "each"),
    ],
)
def test_archives_that_are_refused(tmp_path: Path, entries: dict[str, bytes], words: str) -> None:
    assert words in refusal(tmp_path, archive(entries))


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    assert "no zip archive" in refusal(tmp_path, b"PK\3\4 not really")
    assert "no zip archive" in refusal(tmp_path, b"")


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    """Readers disagree on which of them counts, so what was looked at may not be what comes in."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("news/documents.jsonl", b"{}")
        with pytest.warns(UserWarning, match="Duplicate name"):
            packed.writestr("news/documents.jsonl", b'{"a":1}')
    assert "two entries" in refusal(tmp_path, out.getvalue())


def test_damage_is_found(tmp_path: Path) -> None:
    """A flipped bit must fail the import, not change a document."""
    content = bytearray(archive({"news/documents.jsonl": lines(*({"n": n} for n in range(500)))}))
    content[200] ^= 0xFF
    assert "damaged" in refusal(tmp_path, bytes(content)) or "not JSON" in refusal(
        tmp_path, bytes(content)
    )


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "IMPORT_RATIO_FROM_BYTES", 2**20)
    content = archive({"news/documents.jsonl": b"\n" * 2**21})
    assert "times its size" in refusal(tmp_path, content)
    monkeypatch.setattr(limits, "IMPORT_UNPACKED_BYTES_MAX", 2**20)
    assert "unpacks to 2097152 bytes" in refusal(tmp_path, content)
    monkeypatch.setattr(limits, "IMPORT_ENTRIES_MAX", 0)
    assert "more than 0 entries" in refusal(tmp_path, content)


def test_an_entry_that_lies_about_its_size_is_not_read_further(tmp_path: Path) -> None:
    """A bomb would not tell its size; what is announced is all that is read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("news/documents.jsonl", b'{"a":1}\n' * 1000)
    content = bytearray(out.getvalue())
    at = content.rindex(b"PK\1\2") + 24
    content[at : at + 4] = (80).to_bytes(4, "little")
    assert "damaged" in refusal(tmp_path, bytes(content))


def test_other_packings_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("news/documents.jsonl", b"{}")
    assert "other than deflate" in refusal(tmp_path, out.getvalue())
