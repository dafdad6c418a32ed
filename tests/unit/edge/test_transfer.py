"""Export and import over HTTP: who may, and what malformed requests are told."""

from __future__ import annotations

import orjson
import pytest

from tests.unit.edge.http import ADMIN, request
from tests.unit.sample.world import World


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "export/zip/5", b"", 404, "ExportNotFound"),
        ("GET", "export/zip/..%2F..%2Fetc", b"", 404, None),
        ("GET", "export/zip/-1", b"", 404, "ExportNotFound"),
        ("POST", "import/upload_part?uploadToken=x&partNumber=1", b"", 400, "InvalidUpload"),
        ("POST", "import/upload_part?uploadToken=x&partNumber=one", b"", 400, "BadRequest"),
        ("POST", "import/upload_part?uploadToken=../x&partNumber=1", b"", 400, "InvalidUpload"),
        ("POST", "import/finish_upload", b"nonsense", 400, "BadJsonBody"),
        ("POST", "perform_import", b"{}", 400, "BadJsonBody"),
        ("POST", "perform_import", b'{"importId":"x"}', 404, "ImportNotFound"),
        ("POST", "cancel_import", b'{"importId":"x"}', 404, "ImportNotFound"),
    ],
)
async def test_what_is_refused(
    world: World, method: str, path: str, body: bytes, status: int, code: str | None
) -> None:
    answer = await request(world.node.http, method, f"/api/{path}", body=body, headers=ADMIN)
    assert answer.status_code == status, answer.text
    assert code is None or answer.json()["code"] == code


async def test_the_key_may_stand_in_the_url(world: World) -> None:
    """A browser that downloads an export cannot send a header."""
    refused = await request(world.node.http, "GET", "/api/export/zip/5?adminKey=wrong")
    assert refused.status_code == 403
    answer = await request(world.node.http, "GET", "/api/export/zip/5?adminKey=test-admin-key")
    assert answer.json()["code"] == "ExportNotFound"


async def test_an_upload_token_is_given(world: World) -> None:
    answer = await request(world.node.http, "POST", "/api/import/start_upload", headers=ADMIN)
    assert len(orjson.loads(answer.content)["uploadToken"]) == 32
