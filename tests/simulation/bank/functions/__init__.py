"""What clients of the bank call."""
