"""Where tables stand: every space has names of its own, storage has one list of places.

The root's table `news` stands at `news`, the table `limits` of the component mounted at
`rateLimiter` at `rateLimiter/limits`. Numbers are unique over all places, so an id belongs to one
table of one space and is nothing but a text to the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reactor import limits
from reactor.errors import LimitError


def place_of(space: str, table: str) -> str:
    """Where a table of a space stands in storage.

    Args:
        space: the path of the space, "" for the root.
        table: the table's own name.
    """
    return f"{space}/{table}" if space else table


def split_place(place: str) -> tuple[str, str]:
    """The space and the own name of the table at a place."""
    space, _, table = place.rpartition("/")
    return space, table


class TableNumbers(Mapping[str, int]):
    """The number of the table at each place; live, because tables appear while a node runs.

    Args:
        known: the places that storage knows.
    """

    def __init__(self, known: Mapping[str, int] | None = None) -> None:
        self._by_place: dict[str, int] = {}
        self._by_space: dict[str, dict[str, int]] = {}
        self._last = {True: limits.FIRST_SYSTEM_TABLE - 1, False: limits.FIRST_USER_TABLE - 1}
        self.learn(known or {})

    def __getitem__(self, place: str) -> int:
        return self._by_place[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_place)

    def __len__(self) -> int:
        return len(self._by_place)

    def of(self, space: str) -> dict[str, int]:
        """The tables of one space by their own names: the same dictionary every time."""
        return self._by_space.setdefault(space, {})

    def learn(self, known: Mapping[str, int]) -> None:
        """Takes in places that have their numbers already."""
        for place, number in known.items():
            self._add(place, number)

    def allocate(self, place: str) -> int:
        """Gives the table at a new place the next free number of its kind.

        Raises:
            LimitError: there are as many tables as there may be.
        """
        assert place not in self._by_place, "a table keeps its number"
        if len(self) >= limits.TABLES_MAX:
            raise LimitError(f"more than {limits.TABLES_MAX} tables")
        number = self._last[_is_system(place)] + 1
        self._add(place, number)
        return number

    def move(self, numbers: Mapping[str, int]) -> None:
        """Gives places other numbers, or their first; two places may change theirs with each other.

        An id tells its table by the number, so this is for tables whose documents are replaced.
        """
        self.learn(numbers)
        assert len({*self._by_place.values()}) == len(self), "each number is one place's"

    def _add(self, place: str, number: int) -> None:
        space, table = split_place(place)
        self._by_place[place] = self.of(space)[table] = number
        is_system = _is_system(place)
        self._last[is_system] = max(self._last[is_system], number)


def _is_system(place: str) -> bool:
    return split_place(place)[1].startswith("_")
