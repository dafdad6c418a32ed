"""The aggregate: counts, sums, ranks and positions of items under keys of your own."""
