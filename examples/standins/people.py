"""The fourteen demo people one can sign in as; the demo data knows them by the same ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to sign in as."""

    id: str
    name: str
    language: Literal["id", "en"]
    note: str

    @property
    def email(self) -> str:
        return f"{self.id}@example.test"


PEOPLE: Final = (
    Person("admin-1", "Ratna Wulandari", "id", "Admin"),
    Person("admin-2", "Dimas Prasetyo", "en", "Admin"),
    Person("pro-1", "Siti Rahmawati", "id", "Pro, bulanan"),
    Person("pro-2", "Yohanes Manurung", "en", "Pro, yearly"),
    Person("pro-3", "Putri Ayu Lestari", "id", "Pro, dibatalkan"),
    Person("pro-4", "Made Wirawan", "en", "Pro, complimentary"),
    Person("expired-1", "Bambang Sutrisno", "id", "Pro, kedaluwarsa"),
    Person("free-1", "Andi Saputra", "id", "Gratis"),
    Person("free-2", "Maria Goretti Tukan", "en", "Free"),
    Person("free-3", "Rizky Hidayat", "id", "Gratis"),
    Person("free-4", "Clara Wijaya", "en", "Free"),
    Person("free-5", "Nur Aini", "id", "Gratis"),
    Person("free-6", "Teuku Iskandar", "en", "Free"),
    Person("free-7", "Lidya Pattiasina", "en", "Free"),
)
