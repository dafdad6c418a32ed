"""Publishes a news item as the demo administrator, through Convex's own client.

python publish.py TITLE [--url URL] [--issuer URL]
"""

from __future__ import annotations

import argparse
import json
import urllib.request

from convex import ConvexClient

parser = argparse.ArgumentParser(description="Publishes a news item as the demo administrator.")
parser.add_argument("title")
parser.add_argument("--url", default="http://127.0.0.1:3210", help="where reactor listens")
parser.add_argument("--issuer", default="http://127.0.0.1:3215/clerk", help="the token issuer")
options = parser.parse_args()

person = {"sub": "admin-1", "email": "admin-1@example.test"}
request = urllib.request.Request(
    f"{options.issuer}/dev/token",
    data=json.dumps(person).encode(),
    headers={"content-type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    token = json.load(response)["token"]

client = ConvexClient(options.url)
client.set_auth(token)
client.mutation("users:createOrUpdate", {"email": person["email"], "name": "Admin"})
news = {
    "title": options.title,
    "summary": "Written by publish.py.",
    "content": "Every open view of the news shows this title the moment it is published.",
    "type": "tool",
    "tags": ["demo"],
    "isPremium": False,
}
news_id = client.mutation("news:create", news)
client.mutation("news:update", {"id": news_id, "isPublished": True})
print(f"Published {options.title!r} as {news_id}.")
