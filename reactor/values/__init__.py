"""What a value is, sorts like, and looks like on the wire."""
