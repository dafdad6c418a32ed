"""Runs a developer's functions, and runs them again when what they read has changed."""
