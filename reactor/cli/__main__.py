"""`python -m reactor.cli`: the same as `reactor`."""

from __future__ import annotations

from reactor.cli.commands import main

main()
