"""One table: messages in channels."""

from __future__ import annotations

from reactor import Field, Index, Table, field


class Message(Table, name="messages"):
    channel: Field[str]
    author: Field[str]
    text: Field[str]
    likes: Field[int] = field(default=0)

    by_channel = Index("channel")
