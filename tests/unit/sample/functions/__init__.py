"""The sample's functions."""
