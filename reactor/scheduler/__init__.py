"""Functions that run later: jobs that were scheduled, and crons."""
