"""Texts of the load data set: words that follow Zipf's law, titles, names.

Nobody reads them; what matters is that they weigh, sort and are found like real ones.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from typing import Final

from functions._load.sizes import Chance, chance_of, repeats_title, script_of
from functions.utils import slugify

_COMMON: Final = """\
yang dan untuk dengan dari data model kerja cara baru tim hasil alat belajar kantor bahasa bisnis
keputusan contoh pengguna layanan biaya waktu laporan dokumen rapat pelanggan aturan privasi risiko
the of and to for with work tool team report policy research training privacy cost prompt agent
automation document meeting customer search summary office learning example result
"""
_SYLLABLES: Final = """\
ba bi ca da de di ga ha ja ka ke ki la le li ma me mi na ni nya pa pe ra ri sa se si ta te ti wa ya
ang eng ing ung an kan er tion ment al
"""
_VOCABULARY_WORDS: Final = 8_000

_OPENINGS: Final = (
    "Mengenal", "Panduan", "Kabar dari", "Membandingkan", "Memakai", "A look at", "How to use",
    "Aturan baru untuk", "Studi kasus:", "Tips", "The state of", "Belajar",
)  # fmt: skip
_OTHER_SCRIPTS: Final = {
    "emoji": "\U0001f680\U0001f916 AI \u2764\ufe0f \U0001f1ee\U0001f1e9",
    "arabic": "\u0627\u0644\u0630\u0643\u0627\u0621 \u0627\u0644\u0627\u0635\u0637\u0646\u0627"
    "\u0639\u064a",
    "javanese": "\ua98f\ua9a4\ua99d\ua9aa\ua9b6\ua9ab\ua9a4\ua9c0",
}
_FIRST_NAMES: Final = (
    "Agus", "Ayu", "Budi", "Citra", "Dewi", "Eko", "Fitri", "Gilang", "Hana", "Indra", "Joko",
    "Kartika", "Lestari", "Made", "Nadia", "Oka", "Putu", "Rina", "Sari", "Tono", "Wahyu", "Yusuf",
)  # fmt: skip
_LAST_NAMES: Final = (
    "Hidayat", "Lubis", "Nasution", "Permata", "Pratama", "Rahman", "Saputra", "Siregar",
    "Sitompul", "Suryani", "Utami", "Wibowo", "Wijaya",
)  # fmt: skip
TAGS: Final = (
    "ChatGPT", "Produktivitas", "UU PDP", "Pendidikan", "Gemini", "No-code", "Pemasaran",
    "EU AI Act", "Claude", "Kesehatan", "Hukum", "Keuangan", "Open source", "Agen", "Desain",
    "Pemerintah", "Bias", "Evaluasi", "Robotika", "Bahasa daerah",
)  # fmt: skip


@cache
def _vocabulary() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The words, the commonest first, and their weights summed up."""
    chance, syllables = chance_of("words"), _SYLLABLES.split()
    words = dict.fromkeys(_COMMON.split())
    while len(words) < _VOCABULARY_WORDS:
        words["".join(chance.choices(syllables, k=chance.choice((2, 3, 3, 4))))] = None
    return tuple(words), tuple(accumulate(1 / rank for rank in range(1, len(words) + 1)))


def words(chance: Chance, count: int) -> str:
    """That many words in a row."""
    known, weights = _vocabulary()
    return " ".join(chance.choices(known, cum_weights=weights, k=count))


def prose(chance: Chance, paragraphs: int) -> str:
    """Markdown of some paragraphs, each 20 to 60 words long."""
    texts = [words(chance, chance.randint(20, 60)).capitalize() for _ in range(paragraphs)]
    return f"## {texts[0].partition(' ')[0]}\n\n" + "\n\n".join(f"{text}." for text in texts)


def title(kind: str, number: int) -> str:
    """The title of one item; no two of a kind agree unless they are meant to."""
    if repeats_title(number):
        number -= 1
    script = script_of(number)
    if script != "latin":
        return _OTHER_SCRIPTS[script]
    chance = chance_of(f"{kind} title {number}")
    return f"{chance.choice(_OPENINGS)} {words(chance, 3)} #{number + 1}"


def slug_base(kind: str, number: int, text: str) -> str:
    """What the slug of a title starts from; a title without plain letters gives a code."""
    code = chance_of(f"{kind} slug {number}").randbytes(4).hex()
    return slugify(text) or f"{kind}-{code}"


def tags(chance: Chance) -> list[str]:
    """One to four tags, the first of the list the most popular."""
    weights = [1 / rank for rank in range(1, len(TAGS) + 1)]
    return list(dict.fromkeys(chance.choices(TAGS, weights, k=chance.randint(1, 4))))


def name(chance: Chance) -> str:
    """A person's name."""
    return f"{chance.choice(_FIRST_NAMES)} {chance.choice(_LAST_NAMES)}"


def code(chance: Chance) -> str:
    """The code of a certificate, in Crockford's base32."""
    return "".join(chance.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=12))
