"""A small project whose types are checked."""
