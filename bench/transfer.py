"""Export and import of a million documents, beside what the machine does without a database.

python bench/transfer.py [--quick] [--count N] [--dir FOLDER]

`--quick` takes 100,000. While each runs, a client asks for `/version` all the time: its slowest
answer is the worst stall that anybody saw.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bench.processes import Process, reactor
from bench.run import disk
from bench.usage import family
from reactor.values.ids import encode_id

TABLE = 10_777
PART_BYTES = 5 * 2**20
TEXT = "The quick brown fox jumps over the lazy dog, and then it does so once more. "


def documents(count: int) -> Iterator[dict[str, Any]]:
    """Messages of some 250 bytes, in the order of their creation."""
    for n in range(count):
        yield {
            "_creationTime": 1.7672256e12 + n,
            "_id": encode_id(TABLE, n.to_bytes(16, "big")),
            "author": f"author{n % 997}",
            "channel": f"channel{n % 1000}",
            "likes": float(n % 13),
            "text": TEXT + str(n),
        }


def write_archive(path: Path, count: int) -> float:
    """A plain dump, as anybody would write it; seconds without making the documents up."""
    spent = 0.0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("_tables/documents.jsonl", orjson.dumps({"name": "messages", "id": TABLE}))
        packed.writestr("messages/generated_schema.jsonl", b'"uniform"')
        with packed.open("messages/documents.jsonl", "w", force_zip64=True) as entry:
            piece: list[dict[str, Any]] = []
            for document in documents(count):
                piece.append(document)
                if len(piece) == 1_000:
                    began = time.perf_counter()
                    entry.write(b"".join([orjson.dumps(one) + b"\n" for one in piece]))
                    spent += time.perf_counter() - began
                    piece = []
            entry.write(b"".join([orjson.dumps(one) + b"\n" for one in piece]))
    return spent


def insert_rows(path: Path, count: int) -> float:
    """The same documents into SQLite, one transaction; seconds without making them up."""
    rows = [(TABLE, one["_id"], 1, orjson.dumps(one).decode()) for one in documents(count)]
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE documents (table_number INTEGER, id TEXT, ts INTEGER, body TEXT, "
        "PRIMARY KEY (table_number, id)) WITHOUT ROWID"
    )
    began = time.perf_counter()
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO documents VALUES (?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    spent = time.perf_counter() - began
    connection.close()
    return spent


def resident_bytes(pid: int) -> int:
    """The memory of one process that is in use."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


@dataclass
class Watch:
    """What somebody beside an export or import sees, from `start` to `stop`.

    Args:
        process: the server.
    """

    process: Process
    waits_ms: list[float] = field(default_factory=list[float])
    resident: list[int] = field(default_factory=list[int])
    readers: list[int] = field(default_factory=list[int])

    def start(self) -> None:
        """Begins to watch, from a process and a thread of its own."""
        command = [sys.executable, "-m", "bench.transfer", "--ping", str(self.process.port)]
        self._pinger = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._pinger.stdout is not None, "it was asked for"
        self._pinger.stdout.readline()  # it has had its first answer
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> None:
        """Ends, and takes in what was seen."""
        self._is_over.set()
        self._thread.join()
        out, _ = self._pinger.communicate()
        self.waits_ms = sorted(json.loads(out))

    def _look(self) -> None:
        while not self._is_over.wait(0.02):
            self.resident.append(resident_bytes(self.process.pid))
            for pid in family(self.process.pid)[1:]:
                try:
                    if b"transfer.reader" in Path(f"/proc/{pid}/cmdline").read_bytes():
                        self.readers.append(resident_bytes(pid))
                except OSError:
                    continue

    def said(self) -> str:
        """The waits in words."""
        waits = self.waits_ms
        return (
            f"p50 {waits[len(waits) // 2]:.1f} ms, p99 {waits[len(waits) * 99 // 100]:.1f} ms, "
            f"worst {', '.join(f'{wait:.0f}' for wait in waits[-3:])} ms"
        )


def ping(port: int) -> None:
    """Asks all the time until its input ends; prints how long each answer took, in ms."""
    is_over = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        is_over.set()

    threading.Thread(target=wait, daemon=True).start()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    waits: list[float] = []
    while not is_over.wait(0.002):
        began = time.perf_counter()
        connection.request("GET", "/version")
        connection.getresponse().read()
        waits.append((time.perf_counter() - began) * 1e3)
        if len(waits) == 1:
            print("ready", flush=True)
    print(json.dumps(waits))


class Client:
    """The admin of a server."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def send(self, method: str, path: str, body: bytes = b"") -> bytes:
        """A request; its answer."""
        headers = {"authorization": "Convex bench", "content-type": "application/json"}
        self._connection.request(method, f"/api/{path}", body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(content.decode())
        return content

    def ask(self, path: str, **args: Any) -> Any:
        """A system query."""
        body = {"path": path, "args": args, "format": "json"}
        return json.loads(self.send("POST", "function", orjson.dumps(body)))["value"]

    def until(self, look: Callable[[], str], *ends: str) -> None:
        """Waits for a state."""
        while (state := look()) not in ends:
            if state == "failed":
                raise RuntimeError("it failed")
            time.sleep(0.05)

    def upload(self, path: Path) -> str:
        """Uploads an archive; the id of its import, once it waits to be confirmed."""
        token = json.loads(self.send("POST", "import/start_upload"))["uploadToken"]
        parts: list[str] = []
        with path.open("rb") as file:
            while piece := file.read(PART_BYTES):
                where = f"import/upload_part?uploadToken={token}&partNumber={len(parts) + 1}"
                parts.append(json.loads(self.send("POST", where, piece)))
        body = {
            "import": {"mode": "replace", "format": "zip"},
            "uploadToken": token,
            "partTokens": parts,
        }
        answer = self.send("POST", "import/finish_upload", orjson.dumps(body))
        id: str = json.loads(answer)["importId"]
        return id

    def state_of(self, id: str) -> str:
        """Where an import stands."""
        state: str = self.ask("_system/cli/queryImport", importId=id)["state"]["state"]
        return state


def report(name: str, count: int, seconds: float, limit: float, beside: str) -> None:
    rate, bare = count / seconds, count / limit
    print(
        f"{name:<22} {rate:>10,.0f} documents/s {bare:>12,.0f}/s {rate / bare:>6.2f}x  {beside}",
        flush=True,
    )


def imported(name: str, client: Client, server: Process, path: Path, count: int) -> None:
    """Imports the archive and says how it went."""
    before = resident_bytes(server.pid)
    watch = Watch(server)
    began = time.perf_counter()
    watch.start()
    id = client.upload(path)
    client.until(lambda: client.state_of(id), "waiting_for_confirmation")
    looked = time.perf_counter()
    client.send("POST", "perform_import", orjson.dumps({"importId": id}))
    client.until(lambda: client.state_of(id), "completed")
    ended = time.perf_counter()
    watch.stop()
    time.sleep(3 + count / 100_000)  # what was replaced is let go of
    after = resident_bytes(server.pid)
    limit = insert_rows(path.with_suffix(".sqlite"), count)
    path.with_suffix(".sqlite").unlink()
    report(name, count, ended - looked, limit, "SQLite, one transaction")
    peak = max(watch.resident)
    print(f"  uploaded and looked at in {looked - began:.1f} s; while it ran: {watch.said()}")
    print(
        f"  server: {before / 2**20:,.0f} MiB before, {after / 2**20:,.0f} after, "
        f"peak {(peak - max(before, after)) / 2**20:+,.0f}; "
        f"reader: {max(watch.readers, default=0) / 2**20:,.0f} MiB",
        flush=True,
    )


def exported(client: Client, server: Process, limit: float, count: int) -> None:
    """Exports everything and says how it went."""
    before = resident_bytes(server.pid)
    watch = Watch(server)
    watch.start()
    began = time.perf_counter()
    client.send("POST", "export/request/zip?includeStorage=false")
    client.until(lambda: client.ask("_system/cli/exports:getLatest")["state"], "completed")
    ended = time.perf_counter()
    watch.stop()
    start_ts = client.ask("_system/cli/exports:getLatest")["start_ts"]
    content = client.send("GET", f"export/zip/{start_ts}")
    packed = zipfile.ZipFile(io.BytesIO(content))
    with packed, packed.open("messages/documents.jsonl") as entry:
        found = sum(1 for _ in entry)
    if found != count:
        raise RuntimeError(f"{found} documents in the export")
    report("export", count, ended - began, limit, "orjson and zipfile, no database")
    print(f"  while it ran: {watch.said()}")
    peak = max(watch.resident)
    print(f"  server: {before / 2**20:,.0f} MiB before, peak {(peak - before) / 2**20:+,.0f} MiB")


def measure(folder: Path, count: int) -> None:
    """Import into nothing, export, and import over what is there."""
    path = folder / "snapshot.zip"
    dumped = write_archive(path, count)
    with reactor(folder) as server:
        client = Client(server.port)
        idle = Watch(server)
        idle.start()
        time.sleep(3)
        idle.stop()
        print(f"idle: {idle.said()}", flush=True)
        imported("import", client, server, path, count)
        exported(client, server, dumped, count)
        imported("import over it", client, server, path, count)


def main() -> None:
    parser = argparse.ArgumentParser(description="Export and import, beside bare tools.")
    parser.add_argument("--quick", action="store_true", help="100,000 documents")
    parser.add_argument("--count", type=int, default=0, help="so many documents")
    parser.add_argument("--dir", default=disk(), help="a folder on the disk to be measured")
    parser.add_argument("--ping", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ping:
        ping(options.ping)
        return
    count = options.count or (100_000 if options.quick else 1_000_000)
    with tempfile.TemporaryDirectory(prefix="reactor-bench-", dir=options.dir) as folder:
        measure(Path(folder), count)


if __name__ == "__main__":
    main()
