"""One snapshot, one read set, one write buffer."""
