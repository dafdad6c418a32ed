"""A component with one table."""
