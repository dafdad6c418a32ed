"""What e-mails say: every fact in it, and nothing that somebody smuggled in."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any, get_args

import pytest

from functions._env import Env
from functions._templates import Letter, render
from functions.constants import Template
from reactor.runner.env import read_env
from schema import Language
from tests.app.support import ENV, URLS
from tests.app.test_mail import FACTS

TURN = "\u202e\u2066"
HOSTILE = (
    f"{TURN}]]></p></body><!-- \x1b\ud800\uffff "
    "<script>alert('x')</script> & \"quoted\" {amount}\r\nBcc: all@example.test\x00\u2028x"
)


def letter(template: Template, language: Language = "id", **facts: Any) -> Letter:
    """A letter with every fact that any template tells."""
    return render(template, language, {**FACTS, **facts}, read_env(Env, {**URLS, **ENV}))


def test_a_receipt_shows_what_was_paid() -> None:
    """Amount, plan, the end of the period in the platform's day, and where the receipt is."""
    receipt = letter("payment_confirmation", name="Ayu")
    assert receipt.subject == "Pembayaran diterima \u2013 Reimaji Pro"
    link = "http://localhost:3000/billing/success?invoice_id=INV_1"
    for part in ("Halo Ayu,", "Rp99.000", "Reimaji Pro Bulanan", "15 Januari 2027", link):
        assert part in receipt.text
        assert part in receipt.html
    english = letter("payment_confirmation", "en")
    assert english.subject == "Payment received \u2013 Reimaji Pro"
    assert "15 January 2027" in english.text
    assert "Hello,\n" in english.text


def test_the_subjects_of_the_specification() -> None:
    """Clients of the log branch on none of them, people recognise them."""
    assert letter("renewal_reminder", days=3.0).subject == (
        "Langganan Pro Anda berakhir dalam 3 hari"
    )
    assert letter("renewal_reminder", "en").subject == "Your Pro subscription ends in 3 days"
    assert letter("welcome", "en").subject == "Welcome to Reimaji"
    assert letter("announcement", title="Baru").subject == "Baru"


@pytest.mark.parametrize("template", get_args(Template))
@pytest.mark.parametrize("language", get_args(Language))
def test_nothing_that_people_write_becomes_markup_or_a_header(
    template: Template, language: Language
) -> None:
    """Names, titles and messages are text, wherever they stand."""
    texts = ("name", "courseTitle", "title", "message", "externalId", "code")
    hostile = letter(template, language, **dict.fromkeys(texts, HOSTILE))
    assert "<script" not in hostile.html
    assert 'href="http://localhost:3000/' in hostile.html
    assert hostile.html.count("<a ") == 1
    assert not any(char in hostile.subject for char in "\r\n\x00\u2028")
    link = hostile.html.partition('href="')[2].partition('"')[0]
    assert not any(char in link for char in " <>'\r\n")


class Elements(HTMLParser):
    """The elements and the text that a mail program finds in a letter."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(f"<!--{data}")


@pytest.mark.parametrize("template", get_args(Template))
@pytest.mark.parametrize("language", get_args(Language))
def test_hostile_letters_are_built_like_friendly_ones(
    template: Template, language: Language
) -> None:
    """For a parser, not for a search of words; each part can be sent, and nothing is turned."""
    texts = ("name", "courseTitle", "title", "message", "externalId", "code")
    friendly = letter(template, language, **dict.fromkeys(texts, "a\nb"))
    hostile = letter(template, language, **dict.fromkeys(texts, HOSTILE))
    plain, spoilt = Elements(friendly.html), Elements(hostile.html)
    assert spoilt.tags == plain.tags
    assert [name for name, _ in spoilt.attributes] == [name for name, _ in plain.attributes]
    assert "]]></p></body><!--  <script>alert('x')</script>" in spoilt.words
    for part in (hostile.subject, hostile.html, hostile.text):
        part.encode()
        assert not any(char in part for char in f"{TURN}\x00\x1b\uffff")
