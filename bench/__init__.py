"""The end-to-end benchmarks: `scripts/bench` prints every figure beside its limit."""
