"""Prints the table of measurements, each beside its limit.

python bench/run.py [--quick] [--only NAME] [--json] [--dir FOLDER]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from bench.figures import FIGURES, Bench, Figure

NAMES = [figure.__name__ for figure in FIGURES]
LINE = "{:<46} {:>12} {:>12} {:>7}  {}"


def number(value: float, unit: str) -> str:
    """A value with its unit, three digits at least."""
    text = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{text} {unit}"


def line(figure: Figure) -> str:
    """One row of the table."""
    unit, note = figure.unit, f" ({figure.note})" if figure.note else ""
    value, limit = number(figure.value, unit), number(figure.limit, unit)
    return LINE.format(figure.name, value, limit, f"{figure.ratio:.2f}x", figure.beside + note)


def disk() -> str:
    """Where temporary files lie on a disk: /tmp is memory on many systems."""
    return "/var/tmp" if Path("/var/tmp").is_dir() else tempfile.gettempdir()


def main() -> None:
    """Runs the figures that are asked for."""
    parser = argparse.ArgumentParser(description="End-to-end figures, each beside its limit.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    parser.add_argument("--only", action="append", choices=NAMES, help="this group; repeatable")
    parser.add_argument("--json", action="store_true", help="a JSON list in place of the table")
    parser.add_argument("--dir", default=disk(), help="a folder on the disk to be measured")
    options = parser.parse_args()
    found: list[Figure] = []
    if not options.json:
        print(LINE.format("figure", "value", "limit", "ratio", "beside"))
    with tempfile.TemporaryDirectory(prefix="reactor-bench-", dir=options.dir) as folder:
        for measure in FIGURES:
            if options.only and measure.__name__ not in options.only:
                continue
            for figure in measure(Bench(Path(folder), options.quick)):
                found.append(figure)
                if not options.json:
                    print(line(figure), flush=True)
    if options.json:
        rows = [{**asdict(figure), "ratio": figure.ratio} for figure in found]
        json.dump(rows, sys.stdout, indent=2)
        print()


if __name__ == "__main__":
    main()
