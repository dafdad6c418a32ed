"""What a process costs, read from /proc."""

from __future__ import annotations

from pathlib import Path


def family(pid: int) -> list[int]:
    """The process and all that it started: the storage writer is a process of its own."""
    members = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            members += family(int(child))
    return members


def own_us(pid: int) -> float:
    """CPU time of all threads of one process, in microseconds."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e3


def cpu_us(pid: int) -> float:
    """CPU time of the process and of what it started, in microseconds."""
    return sum(own_us(member) for member in family(pid))


def pss_bytes(pid: int) -> int:
    """The process's own share of memory, in bytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError("smaps_rollup names no Pss")
