"""What clients get: result shapes, and the presenters that build them from documents.

Documents never leave the server as they are. `Flat` puts the fields of one shape beside those of
another, so a card, the whole item and the item with a like are one object on the wire.
"""
