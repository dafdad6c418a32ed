"""Its tables."""

from __future__ import annotations

from typing import Literal

from reactor import Field, Id, Index, Object, Table, field

Role = Literal["free", "pro", "admin"]
NewsType = Literal["tool", "use_case", "regulation"]


class Address(Object):
    city: str
    street: str | None = None


class User(Table, name="users"):
    clerk_user_id: Field[str]
    email: Field[str]
    name: Field[str | None] = field(default=None)
    role: Field[Role] = field(default="free")
    address: Field[Address | None] = field(default=None)

    by_clerk_user_id = Index("clerk_user_id", unique=True)


class News(Table, name="news"):
    title: Field[str]
    type_: Field[NewsType]
    tags: Field[list[str]] = field(default_factory=list)
    is_published: Field[bool] = field(default=False)
    published_at: Field[float | None] = field(default=None, doc="ms since epoch")
    created_by: Field[Id[User]]
    view_count: Field[int] = field(default=0)

    by_published = Index("is_published", "published_at")
