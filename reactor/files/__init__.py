"""File storage: which bytes belong to which document, who may upload, what may be removed."""
