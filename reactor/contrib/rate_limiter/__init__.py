"""The rate limiter: how often something may happen, decided inside the mutation that does it."""
