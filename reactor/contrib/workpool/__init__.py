"""The workpool: jobs that run a few at a time, are tried again, and say how they ended."""
