"""The users a Clerk stand-in knows: the demo people, and whoever a test makes up."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from examples.standins.people import PEOPLE
from examples.standins.sandbox import Clock


class _Profile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    first_name: str | None = None
    last_name: str | None = None
    image_url: str | None = None


class UserChange(_Profile):
    """`PATCH /clerk/dev/users/<id>`: what is left out stays."""

    email: str | None = Field(default=None, min_length=1)


class User(_Profile):
    """`POST /clerk/dev/users`."""

    id: str = Field(min_length=1)
    email: str = Field(min_length=1)


class Users:
    """Users as Clerk's API shows them.

    Args:
        clock: stamps every change; stamps of one user always go up.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._users: dict[str, dict[str, Any]] = {}
        for person in PEOPLE:
            first, _, last = person.name.partition(" ")
            self.create(User(id=person.id, email=person.email, first_name=first, last_name=last))

    def create(self, wanted: User) -> dict[str, Any]:
        """A new user; an id that is taken starts over."""
        now = int(self._clock.now_ms())
        user: dict[str, Any] = {
            "id": wanted.id,
            "object": "user",
            "username": None,
            "created_at": now,
            "updated_at": now - 1,
            "public_metadata": {},
            "private_metadata": {},
            "unsafe_metadata": {},
            "external_id": None,
            "banned": False,
            "locked": False,
            "first_name": None,
            "last_name": None,
            "image_url": "",
        }
        self._users[wanted.id] = user
        return self._apply(user, wanted)

    def change(self, user_id: str, change: UserChange) -> dict[str, Any] | None:
        """The user after the change; None if there is none."""
        user = self._users.get(user_id)
        return None if user is None else self._apply(user, change)

    def delete(self, user_id: str) -> dict[str, Any] | None:
        """What is left of the user; None if there was none."""
        if self._users.pop(user_id, None) is None:
            return None
        return {"id": user_id, "object": "user", "deleted": True}

    def claims(self, user_id: str) -> dict[str, Any]:
        """The claims of the JWT template, for anybody: strangers get plausible ones."""
        user = self._users.get(user_id)
        if user is None:
            return {"email": f"{user_id}@example.test", "email_verified": True, "name": user_id}
        names = [part for part in (user["first_name"], user["last_name"]) if part]
        return {
            "email": user["email_addresses"][0]["email_address"],
            "email_verified": True,
            "name": " ".join(names) or user_id,
            "given_name": user["first_name"],
            "family_name": user["last_name"] or None,
            "picture": user["image_url"] or None,
            "updated_at": user["updated_at"] // 1000,
        }

    def _apply(self, user: dict[str, Any], change: User | UserChange) -> dict[str, Any]:
        given = change.model_dump(exclude_unset=True, exclude={"id", "email"})
        user.update(given)
        if change.email is not None:
            address_id = f"idn_{user['id']}"
            user["primary_email_address_id"] = address_id
            user["email_addresses"] = [
                {
                    "id": address_id,
                    "object": "email_address",
                    "email_address": change.email,
                    "verification": {"status": "verified", "strategy": "email_code"},
                    "linked_to": [],
                }
            ]
        user["has_image"] = bool(user["image_url"])
        user["updated_at"] = max(int(self._clock.now_ms()), user["updated_at"] + 1)
        return dict(user)
