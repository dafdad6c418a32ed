"""The published news, live, through Convex's own client: prints the titles whenever they change.

python live.py [URL] [--once]
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import datetime

from convex import ConvexClient

words = sys.argv[1:]
once = "--once" in words
urls = [word for word in words if word != "--once"]
url = urls[0] if urls else os.environ.get("REACTOR_URL", "http://127.0.0.1:3210")
client = ConvexClient(url)

with suppress(KeyboardInterrupt):
    for result in client.subscribe("news:list", {"limit": 10, "fields": "card"}):
        print(f"\nPublished news, newest first ({datetime.now().astimezone():%H:%M:%S})")
        for item in result["news"]:
            print(f"{' * ' if item['isPremium'] else '   '}{item['title']}", flush=True)
        if once:
            break
