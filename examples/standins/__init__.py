"""Stand-ins for the outside services Reimaji talks to, as one local ASGI app.

Serve it with `python -m examples.standins`, or name `examples.standins:app` in `server.py`.
"""

from examples.standins.app import create_app

app = create_app()

__all__ = ["app", "create_app"]
