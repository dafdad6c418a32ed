"""Every number that bounds something: what it is, its unit, and what breaks at either end.

Where Convex has the number, it is Convex's (protocol.md section 7), so that a program that fits
there fits here.
"""

from __future__ import annotations

from typing import Final

# --- values -----------------------------------------------------------------------------------

VALUE_NESTING_MAX: Final = 64
"""Objects and arrays in each other. More, and recursion over a hostile value overflows."""

DOCUMENT_NESTING_MAX: Final = 16
"""The same for a stored document."""

ARRAY_LENGTH_MAX: Final = 8_192
"""Elements of one array; more belongs in a table of its own."""

OBJECT_FIELDS_MAX: Final = 1_024
"""Fields of one object."""

FIELD_NAME_CHARS_MAX: Final = 1_024
"""Characters of a field name."""

DOCUMENT_BYTES_MAX: Final = 2**20
"""Bytes of a document as `size_of` counts them, system fields included."""

# --- schema -----------------------------------------------------------------------------------

TABLES_MAX: Final = 10_000
"""Tables of a deployment."""

INDEXES_PER_TABLE_MAX: Final = 64
"""Indexes of a table; each makes every write dearer."""

INDEX_FIELDS_MAX: Final = 16
"""Columns of an index, the implied `_creationTime` included."""

FIRST_SYSTEM_TABLE: Final = 512
FIRST_USER_TABLE: Final = 10_001
"""The first table number of each kind; ids carry it, so it never changes."""

# --- one function run -------------------------------------------------------------------------

DOCUMENTS_READ_MAX: Final = 32_000
BYTES_READ_MAX: Final = 2**24
RANGES_READ_MAX: Final = 4_096
"""Documents, their bytes, and ids plus index ranges that one transaction may read. They keep a
query that will not scale from working until the day it does not."""

DOCUMENTS_WRITTEN_MAX: Final = 16_000
BYTES_WRITTEN_MAX: Final = 2**24
"""Documents and bytes that one transaction may write; all of it is one batch on disk."""

ARGUMENTS_BYTES_MAX: Final = 2**24
RESULT_BYTES_MAX: Final = 2**24
"""Bytes of a function's arguments and of its result, as wire JSON."""

CALL_DEPTH_MAX: Final = 8
"""Functions that call each other; a cycle ends here."""

CONFLICT_RETRIES_MAX: Final = 4
CONFLICT_BACKOFF_MS: Final = 100
CONFLICT_BACKOFF_MAX_MS: Final = 2_000
"""Retries of a transaction whose reads changed, and the wait before them, doubling."""

LOG_LINES_MAX: Final = 256
LOG_LINE_CHARS_MAX: Final = 32_768
"""Lines that one function run may print, and their length; they travel to every subscriber."""

# --- pagination -------------------------------------------------------------------------------

PAGE_ITEMS_MAX: Final = 32_000
"""Items that a page may ask for."""

PAGE_SPLIT_DOCUMENTS: Final = 6_144
PAGE_SPLIT_SHARE: Final = 0.75
"""From here on a page recommends to be split: documents scanned, or this share of a read limit."""

# --- the log ----------------------------------------------------------------------------------

LOG_WINDOW_NS: Final = 60 * 10**9
LOG_WINDOW_WRITES_MAX: Final = 100_000
"""Age and number of the writes kept in memory. Shorter, and suspended functions and reads at a
recent timestamp fail; longer costs memory (about 1 kB a write)."""

# --- live queries and sessions ----------------------------------------------------------------

CACHED_QUERIES_MAX: Final = 10_000
"""Results kept that nobody watches; each costs its result and its read set."""

CLOCK_RESULT_AGE_MS: Final = 17_000
"""How long a result that read the clock serves new requests, in milliseconds."""

SUBSCRIPTIONS_PER_SESSION_MAX: Final = 10_000
"""Queries of one socket; a client that leaks subscriptions ends here."""

SESSION_INBOX_MAX: Final = 1_000
"""Messages that wait while a token is being verified."""

QUEUED_MUTATIONS_MAX: Final = 1_000
ACTIONS_PER_SESSION_MAX: Final = 1_000
"""Mutations that wait, and actions that run, for one socket."""

TRANSITIONS_HELD_MAX: Final = 2
"""Transitions that wait for the disk on one socket; further changes are folded into the next."""

HEARTBEAT_S: Final = 5
PING_AFTER_S: Final = 15
SILENCE_MAX_S: Final = 120
"""Seconds between looks at every socket, of our silence before npm's client is told that the line
is alive (it gives up after 60), and of the client's silence before it is dropped."""

WEBSOCKET_MESSAGE_BYTES_MAX: Final = 2**25
"""Bytes of one message: twice the largest arguments, so that arguments that are somewhat too large
are refused by name and cost no connection."""

SESSION_REQUESTS_MAX: Final = 1_000_000
SESSION_REQUEST_RETENTION_MS: Final = 14 * 86_400_000
"""How many mutations are remembered to be deduplicated, and for how long. Fewer or shorter, and a
client that was away runs a mutation twice; a million take about 600 MB."""

PRUNE_BATCH: Final = 1_000
"""Request records forgotten in one commit; more would hold the loop."""

HEAD_BYTES_MAX: Final = 64 * 1024
"""The largest request head. Less refuses browsers with many cookies; more is strangers' memory."""

BACKLOG_BYTES_MAX: Final = 64 * 1024 * 1024
"""What may wait for a client that does not read. Less cuts off slow clients in the middle of large
results; more lets a few of them fill the memory."""

CLOSE_WAIT_S: Final = 5.0
"""How long a closing socket waits for its peer. Less cuts off the close frame of distant clients;
more holds up a graceful shutdown behind half-open ones."""

# --- HTTP -------------------------------------------------------------------------------------

RPC_BODY_BYTES_MAX: Final = 2**24 + 2_000
"""Bytes of a function call's body."""

SITE_BODY_BYTES_MAX: Final = 20 * 2**20
"""Bytes of a request to the project's own HTTP routes."""

ECHO_BODY_BYTES_MAX: Final = 128 * 2**20
"""Bytes that `/echo` sends back."""

ACCEPT_BACKLOG: Final = 4_096
"""Connections that the kernel holds until they are accepted; fewer, and a reconnecting crowd is
refused."""

KEEP_ALIVE_S: Final = 75
SHUTDOWN_S: Final = 5
"""Seconds that an idle HTTP connection is kept, and that open requests get when a node stops."""
