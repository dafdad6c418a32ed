"""The load data set: how much of everything, and how each piece is made. It is measured on."""
