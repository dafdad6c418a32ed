"""Text as a project may have it: Indonesian and English documents whose words follow Zipf's law.

The commonest words are the languages' own; behind them stand 30,000 words a language, made of its
syllables. A document is written in one language, with some words of the other, and is 3 to 200
words long.
"""

from __future__ import annotations

import itertools
import random
from bisect import bisect_left
from dataclasses import dataclass

INDONESIAN = """\
yang dan di dengan untuk dari ini itu pada dalam akan tidak adalah ke oleh saya kami anda bisa
juga telah karena atau sebagai dapat ada lebih kita mereka seperti hari tahun orang anak guru
belajar sekolah kelas pelajaran soal ujian nilai siswa buku materi latihan kursus modul bahasa
matematika sejarah ilmu teknologi data model pemerintah negara kota berita penelitian hasil cara
waktu baru besar kecil banyak pertama terakhir harga pasar ekonomi kesehatan rumah air
"""
ENGLISH = """\
the of and to in is that for it as was with be by on not he this are or his from at which but have
an had they you were their one all we can her has there been if more when will would who learn
lesson school course module student teacher book exercise question answer research data model
result language history science technology news market economy health house water time new great
small many first last price city country government people year day way work life
"""
INDONESIAN_SYLLABLES = """\
ba be bi bu ca da de di ga ha ja ka ke ki ku la le li lu ma me mi mu na ni nya pa pe ra ri ru sa
se si su ta te ti tu wa ya ang eng ing ung an kan
"""
ENGLISH_SYLLABLES = """\
al an ar be ble ca con cy de di en er est ex fer ful gen gra ing ion is ist ity land ly man ment
mer mon ness or ous per pre pro re sion sta ter th tion tra ty un ver wa
"""
VOCABULARY = 30_000
QUERY_WORDS = 2


@dataclass(frozen=True, slots=True)
class Text:
    """One document."""

    body: str
    is_published: bool


def _vocabulary(head: str, syllables: list[str], chance: random.Random) -> list[str]:
    words = dict.fromkeys(head.split())
    while len(words) < VOCABULARY:
        words["".join(chance.choices(syllables, k=chance.choice((2, 3, 3, 4, 4, 5))))] = None
    return list(words)


class Corpus:
    """Documents and the queries that somebody would look for them with.

    Args:
        size: how many documents.
        seed: makes it repeat.
    """

    def __init__(self, size: int, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        self._words = [
            _vocabulary(INDONESIAN, INDONESIAN_SYLLABLES.split(), self._chance),
            _vocabulary(ENGLISH, ENGLISH_SYLLABLES.split(), self._chance),
        ]
        weights = (1 / (rank + 2.7) for rank in range(VOCABULARY))
        self._cumulative = list(itertools.accumulate(weights))
        self.texts = [self.text() for _ in range(size)]

    def text(self) -> Text:
        """A further document."""
        chance = self._chance
        own = chance.random() < 0.6
        length = min(max(int(chance.lognormvariate(3.2, 0.8)), 3), 200)
        words = [self._word(own if chance.random() < 0.93 else not own) for _ in range(length)]
        return Text(" ".join(words).capitalize() + ".", chance.random() < 0.7)

    def _word(self, is_indonesian: bool) -> str:
        at = bisect_left(self._cumulative, self._chance.random() * self._cumulative[-1])
        return self._words[0 if is_indonesian else 1][at]

    def queries(self, count: int) -> list[str]:
        """Two words of one document each, the second not typed to its end."""
        found: list[str] = []
        while len(found) < count:
            words = self._chance.choice(self.texts).body.lower().rstrip(".").split()
            first, second = self._chance.choices(words, k=QUERY_WORDS)
            if first != second and len(second) >= 4:
                found.append(f"{first} {second[: self._chance.randint(3, len(second))]}")
        return found
