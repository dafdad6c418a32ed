"""Typed tables in, one frozen Schema out."""
