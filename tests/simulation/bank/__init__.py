"""What the simulated node runs: accounts and transfers, with handlers that suspend half-way."""
