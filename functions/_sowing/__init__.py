"""How the demo data gets into the database: one module per kind of thing, all in one mutation."""
