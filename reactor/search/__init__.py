"""Indexes that follow the log."""
