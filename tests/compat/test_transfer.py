"""`npx convex export` and `npx convex import`, the real ones, against a real server."""

from __future__ import annotations

import base64
import json
import os
import struct
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.compat.support.server import ADMIN_KEY, Server
from tests.compat.support.wire import integer, raw, special

pytestmark = pytest.mark.timeout(240)
PATIENCE_S = 110
"""For one command, which takes some seconds: the machine may have other things to do."""

CLI = Path(__file__).parent / "node_modules" / ".bin" / "convex"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A JavaScript project, as the command line wants to be run in one."""
    made = tmp_path / "frontend"
    (made / "convex").mkdir(parents=True)
    package = {"name": "frontend", "version": "1.0.0", "dependencies": {"convex": "*"}}
    (made / "package.json").write_text(json.dumps(package))
    (made / "node_modules").symlink_to(CLI.parent.parent)
    return made


def convex(server: Server, folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line without a terminal."""
    env = {
        **os.environ,
        "CONVEX_SELF_HOSTED_URL": server.url,
        "CONVEX_SELF_HOSTED_ADMIN_KEY": ADMIN_KEY,
    }
    return subprocess.run(
        [str(CLI), *args], cwd=folder, env=env, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=PATIENCE_S, check=False,
    )  # fmt: skip


def done(finished: subprocess.CompletedProcess[str]) -> str:
    """What it said; it must have succeeded."""
    text = finished.stdout + finished.stderr
    assert finished.returncode == 0, text
    return text


def call(server: Server, kind: str, path: str, **args: Any) -> Any:
    """A function over HTTP."""
    body = {"path": path, "args": args, "format": "convex_encoded_json"}
    answer = httpx2.post(f"{server.url}/api/{kind}", json=body, timeout=30).json()
    assert answer["status"] == "success", answer
    return answer["value"]


def table(server: Server, name: str) -> list[Any]:
    """Every document of a table, without its system fields."""
    args = {"table": name, "order": "asc", "paginationOpts": {"numItems": 100, "cursor": None}}
    body = {"path": "_system/cli/tableData", "args": args, "format": "convex_encoded_json"}
    headers = {"authorization": f"Convex {ADMIN_KEY}"}
    answer = httpx2.post(f"{server.url}/api/function", json=body, headers=headers, timeout=30)
    return list(answer.json()["value"]["page"])


VALUES = [
    None, True, 1.0, -1.5, integer(5), integer(-(2**63)), special(float("nan")), special(-0.0),
    raw(b"\x00\xff"), "é😀", [integer(1), 1.0], {"a": {"b": integer(2**53 + 1)}},
]  # fmt: skip


def test_export_then_import_brings_every_value_back(own_server: Server, folder: Path) -> None:
    """int64 and float64, ids and creation times: a backup that changes one of them is none."""
    for value in VALUES:
        call(own_server, "mutation", "values:store", value=value)
    before = table(own_server, "values")
    assert [one["value"] for one in before] == VALUES
    said = done(convex(own_server, folder, "export", "--path", "snapshot.zip"))
    assert "Downloaded snapshot export" in said
    call(own_server, "mutation", "values:store", value="later")
    said = done(convex(own_server, folder, "import", "--replace", "--yes", "snapshot.zip"))
    assert "Added" in said
    assert table(own_server, "values") == before


def test_a_folder_gets_a_named_file(own_server: Server, folder: Path) -> None:
    (folder / "backups").mkdir()
    done(convex(own_server, folder, "export", "--path", "backups"))
    (found,) = (folder / "backups").iterdir()
    assert found.name.startswith("snapshot_")
    with zipfile.ZipFile(found) as packed:
        assert packed.testzip() is None
        assert "_tables/documents.jsonl" in packed.namelist()


def test_tables_of_other_formats(own_server: Server, folder: Path) -> None:
    """CSV, JSON lines and a JSON array: each becomes documents that match the schema."""
    rows = [("a", 1, "x"), ("a", 2.5, "y, z")]
    (folder / "items.csv").write_text('bucket,rank,label\na,1,x\na,2.5,"y, z"\n')
    documents = [dict(zip(("bucket", "rank", "label"), row, strict=True)) for row in rows]
    (folder / "items.jsonl").write_text("".join(json.dumps(one) + "\n" for one in documents))
    (folder / "items.json").write_text(json.dumps(documents))
    for name, flag in (("csv", "--append"), ("jsonl", "--append"), ("json", "--replace")):
        file = f"items.{name}"
        said = done(convex(own_server, folder, "import", "--table", "items", flag, "--yes", file))
        assert "Added 2 documents" in said
    found = table(own_server, "items")
    assert [(one["bucket"], one["rank"], one["label"]) for one in found] == rows


def test_a_table_that_is_not_empty_is_left_alone(own_server: Server, folder: Path) -> None:
    """The default mode never touches what is there, and says what to do."""
    call(own_server, "mutation", "values:store", value=1.0)
    (folder / "values.jsonl").write_text('{"value": 2}\n')
    finished = convex(own_server, folder, "import", "--table", "values", "values.jsonl")
    assert finished.returncode == 1
    assert "--replace" in finished.stderr
    assert len(table(own_server, "values")) == 1


def test_a_row_that_does_not_fit_is_named(own_server: Server, folder: Path) -> None:
    (folder / "items.jsonl").write_text(
        '{"bucket":"a","rank":1,"label":"x"}\n{"bucket":"a","rank":"two","label":"x"}\n'
    )
    finished = convex(own_server, folder, "import", "--table", "items", "items.jsonl")
    assert finished.returncode == 1
    assert "items, line 2 does not match the schema" in finished.stderr
    assert table(own_server, "items") == []


def test_int64_is_exact(own_server: Server, folder: Path) -> None:
    """JSON numbers lose digits past 2^53; an export must not."""
    value = {"$integer": base64.b64encode(struct.pack("<q", 2**62 + 1)).decode()}
    call(own_server, "mutation", "values:store", value=value)
    done(convex(own_server, folder, "export", "--path", "s.zip"))
    with zipfile.ZipFile(folder / "s.zip") as packed:
        assert str(2**62 + 1).encode() in packed.read("values/documents.jsonl")
        assert json.loads(packed.read("values/generated_schema.jsonl")) == "uniform"


def big_table(path: Path, count: int) -> None:
    """A file of so many items, as JSON lines."""
    row = '{"bucket":"b%d","rank":%d,"label":"' + "x" * 100 + '"}\n'
    with path.open("w") as file:
        for n in range(count):
            file.write(row % (n % 100, n))


def admin(server: Server, endpoint: str, /, **body: Any) -> Any:
    """A POST by the admin."""
    headers = {"authorization": f"Convex {ADMIN_KEY}"}
    answer = httpx2.post(f"{server.url}/api/{endpoint}", json=body, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json() if answer.content else None


def state_of(server: Server, id: str) -> dict[str, Any]:
    args = {"importId": id}
    body = {"path": "_system/cli/queryImport", "args": args, "format": "json"}
    state: dict[str, Any] = admin(server, "function", **body)["value"]["state"]
    return state


def ranks(server: Server, bucket: str) -> list[float]:
    found: list[float] = call(server, "query", "items:between", bucket=bucket, low=0, high=1e9)
    return found


def until(server: Server, id: str, test: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while not test(state := state_of(server, id)):
        assert time.monotonic() < deadline, state
        assert state["state"] != "failed", state
        time.sleep(0.01)
    return state


@pytest.mark.parametrize("mode", ["replace", "append"])
def test_kill_9_in_the_middle_of_an_import(own_server: Server, folder: Path, mode: str) -> None:
    """The old data is there as if nothing had happened, and the import goes on by itself; one that
    appends adds no document twice."""
    for n in range(50):
        call(own_server, "mutation", "items:add", bucket="old", rank=n)
    big_table(folder / "items.jsonl", 20_000)
    token = admin(own_server, "import/start_upload")["uploadToken"]
    part = httpx2.post(
        f"{own_server.url}/api/import/upload_part?uploadToken={token}&partNumber=1",
        content=(folder / "items.jsonl").read_bytes(),
        headers={"authorization": f"Convex {ADMIN_KEY}"},
        timeout=30,
    ).json()
    spec = {"mode": mode, "format": "jsonLines", "tableName": "items"}
    body = {"import": spec, "uploadToken": token, "partTokens": [part]}
    id = admin(own_server, "import/finish_upload", **body)["importId"]
    until(own_server, id, lambda state: state["state"] == "waiting_for_confirmation")
    admin(own_server, "perform_import", importId=id)
    until(own_server, id, lambda state: "of 20,000" in state.get("progress_message", ""))
    own_server.crash()
    own_server.start()
    found = ranks(own_server, "old")
    if state_of(own_server, id)["state"] == "in_progress":
        assert found == [float(n) for n in range(50)]
    ended = until(own_server, id, lambda state: state["state"] == "completed")
    assert ended["num_rows_written"] == "20000"
    assert ranks(own_server, "b7") == [float(n) for n in range(7, 20_000, 100)]
    kept = [] if mode == "replace" else [float(n) for n in range(50)]
    assert ranks(own_server, "old") == kept
    assert own_server.stop() == 0
    own_server.start()
    assert len(ranks(own_server, "b7")) == 200


def test_kill_9_in_the_middle_of_an_export(own_server: Server, folder: Path) -> None:
    """The client is told, no half file is served, and the next export works."""
    big_table(folder / "items.jsonl", 30_000)
    done(convex(own_server, folder, "import", "--table", "items", "--yes", "items.jsonl"))
    admin(own_server, "export/request/zip?includeStorage=false")
    own_server.crash()
    own_server.start()
    latest = "_system/cli/exports:getLatest"
    found = admin(own_server, "function", path=latest, args={}, format="json")["value"]
    assert found is None or found["state"] in ("failed", "completed")
    left = [path.name for path in (own_server.data_dir / "exports").glob("*.part")]
    assert left == []
    done(convex(own_server, folder, "export", "--path", "snapshot.zip"))
    with zipfile.ZipFile(folder / "snapshot.zip") as packed:
        assert packed.read("items/documents.jsonl").count(b"\n") == 30_000


def test_stored_files_come_back_with_their_addresses(own_server: Server, folder: Path) -> None:
    """`--include-file-storage`: bytes, ids and public addresses, after a restart as well."""
    upload = call(own_server, "mutation", "files:uploadUrl")
    content = bytes(range(256)) * 5_000
    stored = httpx2.post(upload, content=content, headers={"content-type": "image/png"}).json()
    call(own_server, "mutation", "files:save", name="cat", file=stored["storageId"])
    url = call(own_server, "query", "files:url", name="cat")
    options = ("export", "--include-file-storage", "--path", "s.zip")
    done(convex(own_server, folder, *options))
    with zipfile.ZipFile(folder / "s.zip") as packed:
        assert packed.read(f"_storage/{stored['storageId']}.png") == content
    call(own_server, "mutation", "files:remove", name="cat")
    assert httpx2.get(url).status_code == 404
    done(convex(own_server, folder, "import", "--replace", "--yes", "s.zip"))
    own_server.crash()
    own_server.start()
    assert call(own_server, "query", "files:url", name="cat") == url
    answer = httpx2.get(url)
    assert (answer.content, answer.headers["content-type"]) == (content, "image/png")
