"""Bytes that survive a crash: everything is read once at the start, batches are appended after."""
