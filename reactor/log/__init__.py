"""One writer, total order, who must re-run."""
