"""The only doors to time, chance and concurrency."""
