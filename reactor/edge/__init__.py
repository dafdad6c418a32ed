"""Where HTTP and WebSockets stop."""
