"""A small project that the tests of the engine share."""
