"""Who is asking: in every kind of function, and on through nested calls."""

from __future__ import annotations

from tests.differential.scenario import Case, Identity, action, case, mutation, query

ADA: Identity = {
    "tokenIdentifier": "https://issuer.test|ada", "issuer": "https://issuer.test", "subject": "ada",
}  # fmt: skip

WHO: dict[str, Identity] = {
    "who has no more than a name in the system": ADA,
    "with a name and an address": {**ADA, "name": "Ada L.", "email": "ada@example.test"},
    "with flags": {**ADA, "emailVerified": True, "phoneNumberVerified": False},
    "with claims of one's own": {**ADA, "role": "admin", "level": 5, "teams": ["a", "b"]},
}


def seen(name: str, identity: Identity) -> Case:
    return case(
        f"somebody {name}",
        query("who:me").by(identity),
        mutation("who:meWrite").by(identity),
        action("who:meAction").by(identity),
        mutation("who:meNested").by(identity),
        action("who:meByAction").by(identity),
    )


CASES = [
    case(
        "nobody is signed in",
        query("who:me"),
        mutation("who:meWrite"),
        action("who:meAction"),
        mutation("who:meNested"),
        action("who:meByAction"),
    ),
    *(seen(name, identity) for name, identity in WHO.items()),
    case(
        "two people are not mixed up",
        query("who:me").by(ADA),
        query("who:me").by({**ADA, "subject": "eve", "tokenIdentifier": "https://issuer.test|eve"}),
        query("who:me"),
        query("who:me").by(ADA),
    ),
]
