"""What the rate limiter does inside its component."""
