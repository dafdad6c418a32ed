"""A component: named tallies, two of which are mounted side by side."""
