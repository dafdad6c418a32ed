"""Announcements, and who has not read the newest notifications yet."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Bulletin

BULLETINS: Final[tuple[Bulletin, ...]] = (
    Bulletin(
        title="Kursus baru: Prompting untuk Profesional",
        message=(
            "Enam belas pelajaran tentang menyusun permintaan yang jelas sudah tersedia. Modul "
            "pertama gratis untuk semua anggota."
        ),
        author="admin-1",
        days_ago=30.2,
    ),
    Bulletin(
        title="Pemeliharaan sistem Minggu malam",
        message=(
            "Reimaji akan berhenti sejenak pada Minggu pukul 23.00 sampai 23.30 WIB. "
            "Progres belajar Anda tetap tersimpan."
        ),
        author="admin-2",
        days_ago=2.2,
    ),
)

UNREAD: Final[dict[str, int]] = {
    "admin-2": 1,
    "pro-1": 1,
    "pro-2": 1,
    "pro-3": 1,
    "pro-4": 1,
    "expired-1": 3,
    "free-1": 1,
    "free-3": 1,
    "free-4": 1,
    "free-5": 2,
    "free-6": 1,
    "free-7": 1,
}
"""How many notifications of a person, counted from the newest, are unread; 0 for the others."""
