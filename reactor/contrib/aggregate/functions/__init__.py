"""What the aggregate does inside its component."""
