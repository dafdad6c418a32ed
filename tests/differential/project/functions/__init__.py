"""What both sides can do, module by module the same as convex/*.ts."""
