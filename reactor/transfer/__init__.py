"""Export and import: all of a deployment's data as one file, and back."""
