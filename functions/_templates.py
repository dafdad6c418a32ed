"""What Reimaji's e-mails say, as HTML and as text.

Texts hold names in braces. What they stand for comes from people: it is escaped in HTML, quoted in
addresses, and kept on one line in the subject.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from functions import utils
from functions._env import Env
from functions.constants import PLAN_NAMES, SUBJECTS, TEMPLATES, Template
from schema import EmailLog, Language


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail without its envelope."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class _Body:
    """Paragraphs between empty lines, then a button; its path is below the address of the app."""

    text: str
    button: str
    path: str


def render(
    template: Template, language: Language, values: Mapping[str, Any], settings: Env
) -> Letter:
    """Writes an e-mail.

    Args:
        template: which one; its values are the names in braces of `_BODIES` and `SUBJECTS`.
        language: of the person it is for.
        values: facts as they are stored: `amount` in rupiah, `periodEnd` and `expiresAt` in ms,
            `plan`, texts. `name` may be missing.
        settings: the address of the app, and where its days begin.

    Raises:
        KeyError: a value is missing.
    """
    facts = {name: _fact(name, value, language, settings) for name, value in values.items()}
    body = _BODIES[template][language]
    greeting = _GREETINGS[language][0 if facts.get("name") else 1]
    paragraphs = (greeting, *body.text.split("\n\n"))
    base = settings.next_public_app_url.rstrip("/")
    link = base + body.path.format_map({name: quote(fact, safe="") for name, fact in facts.items()})
    farewell = _FAREWELLS[language]
    return Letter(
        subject=_one_line(SUBJECTS[template][language].format_map(facts)),
        html=_page(paragraphs, facts, body.button, link, farewell),
        text=_plain(paragraphs, facts, body.button, link, farewell),
    )


def render_row(row: EmailLog, settings: Env) -> Letter:
    """Writes the e-mail of a row of the log, always in the same words: a second try is no news.

    Raises:
        KeyError: the templates have changed so much that the row's values no longer fit.
    """
    return render(TEMPLATES[row.template], row.vars["language"], row.vars, settings)


def _fact(name: str, value: Any, language: Language, settings: Env) -> str:
    match name:
        case "amount":
            return utils.format_idr(int(value))
        case "plan" if value in PLAN_NAMES:
            return PLAN_NAMES[value][language]
        case "periodEnd" | "expiresAt":
            return utils.format_date(value, settings.reimaji_day_utc_offset_minutes, language)
        case _ if isinstance(value, float) and value.is_integer():
            return str(int(value))
        case _:
            return utils.readable(str(value))


def _one_line(text: str) -> str:
    """A subject without line ends and control characters: it becomes a header."""
    visible = (" " if unicodedata.category(char) == "Cc" else char for char in text)
    return " ".join("".join(visible).split())


def _plain(
    paragraphs: tuple[str, ...], facts: Mapping[str, str], button: str, link: str, farewell: str
) -> str:
    parts = [paragraph.format_map(facts) for paragraph in paragraphs]
    return "\n\n".join((*parts, f"{button}: {link}", f"{farewell}\nReimaji")) + "\n"


def _page(
    paragraphs: tuple[str, ...], facts: Mapping[str, str], button: str, link: str, farewell: str
) -> str:
    escaped = {name: html.escape(fact).replace("\n", "<br>") for name, fact in facts.items()}
    parts = [f"<p>{html.escape(part).format_map(escaped)}</p>" for part in paragraphs]
    action = f'<p><a href="{html.escape(link)}" style="{_BUTTON}">{html.escape(button)}</a></p>'
    content = "\n".join((*parts, action, f"<p>{html.escape(farewell)}<br>Reimaji</p>"))
    return f'<!doctype html>\n<html><body style="{_BODY}">\n{content}\n</body></html>\n'


_BODY: Final = "font-family:sans-serif;font-size:16px;line-height:1.5;color:#1f2937;max-width:36rem"
_BUTTON: Final = (
    "display:inline-block;padding:10px 18px;border-radius:6px;background:#1d4ed8;"
    "color:#ffffff;text-decoration:none"
)

_GREETINGS: Final[dict[Language, tuple[str, str]]] = {
    "id": ("Halo {name},", "Halo,"),
    "en": ("Hello {name},", "Hello,"),
}
_FAREWELLS: Final[dict[Language, str]] = {"id": "Salam,", "en": "Best wishes,"}

_BODIES: Final[dict[Template, dict[Language, _Body]]] = {
    "welcome": {
        "id": _Body(
            "Selamat datang di Reimaji. Di sini Anda mengikuti berita AI yang penting bagi "
            "pekerjaan Anda, membaca ringkasan riset, dan belajar lewat kursus singkat.\n\n"
            "Mulailah dari kursus gratis kami.",
            "Lihat kursus",
            "/courses",
        ),
        "en": _Body(
            "Welcome to Reimaji. Here you follow the AI news that matters for your work, read "
            "digests of research, and learn with short courses.\n\n"
            "Our free courses are a good place to start.",
            "See the courses",
            "/courses",
        ),
    },
    "payment_confirmation": {
        "id": _Body(
            "Terima kasih, pembayaran Anda sudah kami terima.\n\n"
            "Paket: {plan}\n\n"
            "Jumlah: {amount}\n\n"
            "Berlaku sampai: {periodEnd}\n\n"
            "Nomor tagihan: {externalId}",
            "Lihat kuitansi",
            "/billing/success?invoice_id={externalId}",
        ),
        "en": _Body(
            "Thank you, we have received your payment.\n\n"
            "Plan: {plan}\n\n"
            "Amount: {amount}\n\n"
            "Valid until: {periodEnd}\n\n"
            "Invoice: {externalId}",
            "See the receipt",
            "/billing/success?invoice_id={externalId}",
        ),
    },
    "renewal_reminder": {
        "id": _Body(
            "{plan} Anda berlaku sampai {expiresAt}, {days} hari lagi.\n\n"
            "Langganan tidak diperpanjang secara otomatis. Perpanjang sekarang agar akses Anda "
            "tidak terputus; sisa masa aktif tidak hilang.",
            "Perpanjang",
            "/billing",
        ),
        "en": _Body(
            "Your {plan} runs until {expiresAt}, {days} days from now.\n\n"
            "Subscriptions do not renew by themselves. Renew now to keep your access; you lose "
            "none of the days that are left.",
            "Renew",
            "/billing",
        ),
    },
    "subscription_expired": {
        "id": _Body(
            "{plan} Anda berakhir pada {expiresAt}.\n\n"
            "Kemajuan belajar dan sertifikat Anda tetap tersimpan. Berlangganan lagi kapan "
            "saja untuk membuka semua materi premium.",
            "Berlangganan lagi",
            "/billing",
        ),
        "en": _Body(
            "Your {plan} ended on {expiresAt}.\n\n"
            "Your progress and your certificates are kept. Subscribe again whenever you like "
            "to open everything premium.",
            "Subscribe again",
            "/billing",
        ),
    },
    "course_completed": {
        "id": _Body(
            "Selamat! Anda telah menyelesaikan kursus \u201c{courseTitle}\u201d.",
            "Lihat kursus lain",
            "/courses",
        ),
        "en": _Body(
            "Congratulations! You have completed \u201c{courseTitle}\u201d.",
            "See other courses",
            "/courses",
        ),
    },
    "certificate": {
        "id": _Body(
            "Sertifikat Anda untuk kursus \u201c{courseTitle}\u201d sudah terbit.\n\n"
            "Kode: {code}. Siapa pun dapat memeriksa keasliannya dengan kode ini.",
            "Buka sertifikat",
            "/certificates/{code}",
        ),
        "en": _Body(
            "Your certificate for \u201c{courseTitle}\u201d has been issued.\n\n"
            "Code: {code}. With it anybody can check that the certificate is genuine.",
            "Open the certificate",
            "/certificates/{code}",
        ),
    },
    "announcement": {
        "id": _Body("{message}", "Buka Reimaji", "/notifications"),
        "en": _Body("{message}", "Open Reimaji", "/notifications"),
    },
}
