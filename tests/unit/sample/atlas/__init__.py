"""A project with vectors."""
