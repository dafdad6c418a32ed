"""The sync protocol: what a connected client may say, and what it is told."""
