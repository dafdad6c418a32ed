"""The HTML pages: plain, self-contained, no asset from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from typing import Final

from starlette.responses import HTMLResponse

from examples.standins.invoices import Invoice
from examples.standins.people import Person
from examples.standins.sandbox import Service

_STYLE: Final = """
:root { color-scheme: light dark; --line: #d9dde5; --ink: #1b2230; --soft: #5d6879;
  --paper: #f5f6f9; --card: #fff; --accent: #4338ca; --on-accent: #fff; }
@media (prefers-color-scheme: dark) { :root { --line: #333b49; --ink: #e8ebf1; --soft: #9aa5b7;
  --paper: #12161e; --card: #1b212c; --accent: #a5b4fc; --on-accent: #12161e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: 0 0 1rem; color: var(--soft); }
ul { list-style: none; margin: 0; padding: 0; }
.people { display: grid; gap: .75rem;
  grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); }
.people button { width: 100%; height: 100%; text-align: left; padding: .8rem 1rem; cursor: pointer;
  color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  font: inherit; }
.people button:hover, button:focus-visible, a:focus-visible { border-color: var(--accent);
  outline: 2px solid var(--accent); outline-offset: 1px; }
.people strong, .people span { display: block; }
.people span { color: var(--soft); font-size: .875rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: .25rem 1rem; }
.card li { padding: .6rem 0; border-top: 1px solid var(--line); }
.card li:first-child { border-top: 0; }
.card span { display: block; color: var(--soft); font-size: .875rem; }
a { color: var(--accent); }
code { font: .875rem ui-monospace, "Cascadia Mono", Menlo, monospace; overflow-wrap: anywhere; }
textarea { width: 100%; min-height: 11rem; padding: .75rem; resize: vertical; color: inherit;
  background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  font: .8rem/1.4 ui-monospace, Menlo, monospace; overflow-wrap: anywhere; }
.pay { display: grid; gap: .6rem; margin: 1rem 0; }
.pay button { padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .6rem;
  font: inherit; cursor: pointer; color: inherit; background: var(--card); text-align: left; }
.pay .quiet { color: var(--soft); background: none; }
.amount { font-size: 2rem; font-weight: 650; color: var(--ink); margin: .5rem 0 0; }
iframe { width: 100%; height: 28rem; border: 1px solid var(--line); border-radius: .6rem;
  background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--card); padding: 1rem;
  border: 1px solid var(--line); border-radius: .6rem; }
.copy { padding: .55rem 1.1rem; border: 0; border-radius: .5rem; font: inherit; cursor: pointer;
  background: var(--accent); color: var(--on-accent); }
"""

_COPY_SCRIPT: Final = """
const token = document.getElementById("token"), copy = document.getElementById("copy");
copy.addEventListener("click", async () => {
  token.select();
  await navigator.clipboard.writeText(token.value);
  copy.textContent = "Tersalin / Copied";
});
"""


def _csp_hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


_HEADERS: Final = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    # Signing in redirects to the app that asked for it, and browsers count that as form-action.
    "content-security-policy": (
        f"default-src 'none'; style-src {_csp_hash(_STYLE)}; script-src {_csp_hash(_COPY_SCRIPT)}; "
        "form-action 'self' http://localhost:* http://127.0.0.1:* https://localhost:*; "
        "frame-src 'self'; base-uri 'none'"
    ),
}


def sign_in_page(people: Iterable[Person], action: str, redirect_url: str | None) -> HTMLResponse:
    """Everybody one can sign in as, a button each."""
    hidden = (
        ""
        if redirect_url is None
        else f'<input type="hidden" name="redirect_url" value="{escape(redirect_url)}">'
    )
    where = (
        "Anda mendapat token untuk disalin. / You get a token to copy."
        if redirect_url is None
        else f"Lanjut ke / continues to <code>{escape(redirect_url)}</code>"
    )
    buttons = "".join(
        f'<li><button name="sub" value="{escape(p.id)}" lang="{p.language}">'
        f"<strong>{escape(p.name)}</strong><span>{escape(p.note)}</span>"
        f"<span><code>{escape(p.id)}</code></span></button></li>"
        for p in people
    )
    return page(
        "Masuk / Sign in",
        f"<p>Tanpa kata sandi: ini penerbit token tiruan. / No password: a stand-in token issuer. "
        f"{where}</p>"
        f'<form method="post" action="{escape(action)}">{hidden}'
        f'<ul class="people">{buttons}</ul></form>',
    )


def token_page(name: str, token: str, back: str) -> HTMLResponse:
    """A fresh token, to copy."""
    return page(
        f"Token: {name}",
        "<p>Berlaku satu jam. Tempelkan ke <code>client.setAuth</code>. / "
        "Valid for an hour. Hand it to <code>client.setAuth</code>.</p>"
        f'<textarea id="token" readonly aria-label="Token">{escape(token)}</textarea>'
        '<p></p><p><button class="copy" id="copy" type="button">Salin / Copy</button></p>'
        f'<p><a href="{escape(back)}">Orang lain / Somebody else</a></p>',
        script=_COPY_SCRIPT,
    )


_CHOICES: Final = (
    ("BCA", "BCA virtual account", ""),
    ("QRIS", "QRIS", ""),
    ("GOPAY", "GoPay", ""),
    ("EXPIRE", "Biarkan kedaluwarsa / Let it expire", "quiet"),
)

_STATES: Final = {
    "PENDING": "Menunggu pembayaran / Waiting for payment",
    "PAID": "Lunas / Paid",
    "SETTLED": "Lunas / Paid",
    "EXPIRED": "Kedaluwarsa / Expired",
}


def pay_page(invoice: Invoice, action: str, now_ms: float) -> HTMLResponse:
    """The hosted page of an invoice: what is to be paid, until when, and how."""
    asked = invoice.asked
    amount = f"{asked.currency} {asked.amount:,.0f}".replace(",", ".")
    items = "".join(
        f"<li>{escape(item.name)}<span>{item.quantity:g} x {item.price:,.0f}</span></li>"
        for item in asked.items
    )
    minutes = max(0, int((invoice.expires_at - now_ms) / 60_000))
    left = f"{minutes // 60} jam {minutes % 60} menit / {minutes // 60} h {minutes % 60} min"
    buttons = "".join(
        f'<button name="choice" value="{value}" class="{kind}">{escape(label)}</button>'
        for value, label, kind in _CHOICES
    )
    form = f'<form class="pay" method="post" action="{escape(action)}">{buttons}</form>'
    is_open = invoice.status == "PENDING"
    return page(
        asked.description or "Tagihan / Invoice",
        f'<p class="amount">{escape(amount)}</p><p>{_STATES[invoice.status]}'
        f"{f' · {left}' if is_open else ''}</p>"
        f'<ul class="card">{items}<li>{escape(asked.external_id)}'
        f"<span>{escape(asked.payer_email or '')}</span></li></ul>"
        f"{form if is_open else ''}",
    )


def index_page(services: Iterable[Service]) -> HTMLResponse:
    """Links to everything the stand-ins serve."""
    shared = (
        ("/_sandbox/requests", "GET /_sandbox/requests?service=", "every API request seen"),
        (None, "POST /_sandbox/faults", "make the next matching request fail"),
        (None, "DELETE /_sandbox/faults", "forget the faults still waiting"),
        (None, "POST /_sandbox/reset", "back to a fresh start"),
    )
    sections = "".join(
        f"<h2>{escape(s.title)}</h2>"
        + links((link.href, link.label, link.note) for link in s.links)
        for s in services
    )
    return page(
        "Stand-ins",
        "<p>The outside services this project talks to, played on this machine: no network, "
        "no keys, everything in memory.</p>"
        f"{sections}<h2>Faults and requests</h2>{links(shared)}",
    )


def error_page(message: str) -> HTMLResponse:
    """A refusal, status 400."""
    return page("Tidak bisa / Not possible", f"<p>{escape(message)}</p>", status=400)


def links(rows: Iterable[tuple[str | None, str, str]]) -> str:
    """A card of lines, each with a note; with an address, a link."""
    lines: list[str] = []
    for href, label, note in rows:
        text = f"<code>{escape(label)}</code>"
        if href is not None:
            text = f'<a href="{escape(href)}">{text}</a>'
        lines.append(f"<li>{text}<span>{escape(note)}</span></li>")
    return f'<ul class="card">{"".join(lines)}</ul>'


def page(title: str, content: str, *, status: int = 200, script: str = "") -> HTMLResponse:
    """A whole page; `content` is HTML."""
    tail = f"<script>{script}</script>" if script else ""
    return HTMLResponse(
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{content}</main>{tail}</body></html>",
        status_code=status,
        headers=_HEADERS,
    )
