"""An app that uses every contributed component."""
