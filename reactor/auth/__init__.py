"""Token in, identity out; no HTTP framework."""
