"""The mailbox: what Resend's stand-in shows of the e-mails that it took."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Any, Final

from starlette.responses import HTMLResponse

from examples.standins.pages import links, page

_FRAME_HEADERS: Final = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    # What a letter holds is somebody's words: it may look as it likes and do nothing.
    "content-security-policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:"
    ),
}


def mailbox_page(letters: Iterable[dict[str, Any]]) -> HTMLResponse:
    """All letters, the newest first."""
    rows = [
        (
            f"/resend/mailbox/{letter['id']}",
            letter["subject"],
            f"{', '.join(letter['to'])} · {_when(letter['createdAt'])} · {_template(letter)}",
        )
        for letter in letters
    ]
    shown = links(rows) if rows else "<p>Belum ada surat. / No letters yet.</p>"
    return page("Kotak surat / Mailbox", shown)


def letter_page(letter: dict[str, Any]) -> HTMLResponse:
    """One letter: its head, its looks, its plain text."""
    head = [
        (None, "Dari / From", letter["from"]),
        (None, "Kepada / To", ", ".join(letter["to"])),
        (None, "Waktu / Time", _when(letter["createdAt"])),
        (None, "Templat / Template", _template(letter)),
        (None, "Idempotency-Key", letter["idempotencyKey"] or "-"),
    ]
    text = letter["text"]
    plain = "" if text is None else f"<h2>Teks / Text</h2><pre>{escape(text)}</pre>"
    frame = f'<iframe sandbox title="HTML" src="/resend/mailbox/{letter["id"]}/html"></iframe>'
    back = '<p><a href="/resend/mailbox">Semua surat / All letters</a></p>'
    return page(letter["subject"], f"{links(head)}<h2>HTML</h2>{frame}{plain}{back}")


def letter_frame(html: str | None, text: str | None) -> HTMLResponse:
    """The letter as a mail program would draw it, for a frame that nothing escapes from."""
    return HTMLResponse(html or f"<pre>{escape(text or '')}</pre>", headers=_FRAME_HEADERS)


def _when(at_ms: float) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _template(letter: dict[str, Any]) -> str:
    found = (tag["value"] for tag in letter["tags"] if tag["name"] == "template")
    return str(next(found, "-"))
