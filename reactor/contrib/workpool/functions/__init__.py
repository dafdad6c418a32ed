"""What the workpool does inside its component."""
