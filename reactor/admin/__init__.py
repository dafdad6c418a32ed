"""System functions: what `npx convex` and dashboards ask of a deployment, served to its admin."""
