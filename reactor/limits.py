"""Every number that bounds something: what it is, its unit, and what breaks at either end.

Where Convex has the number, it is Convex's (protocol.md section 7), so that a program that fits
there fits here. `NAME: Final = settable(default, unit, lowest, highest)` is a limit that whoever
runs a node may set as `REACTOR_LIMIT_NAME`; a plain number is part of how the thing is built.
"""

from __future__ import annotations

from typing import Final

from reactor.runtime.settable import declared, settable

# --- values -----------------------------------------------------------------------------------

VALUE_NESTING_MAX: Final = settable(64, "levels", 16, 128)
"""Objects and arrays in each other. More, and recursion over a hostile value overflows."""

DOCUMENT_NESTING_MAX: Final = settable(16, "levels", 4, 64)
"""The same for a stored document."""

ARRAY_LENGTH_MAX: Final = settable(8_192, "elements", 16, 1_000_000)
"""Elements of one array; more belongs in a table of its own."""

OBJECT_FIELDS_MAX: Final = settable(1_024, "fields", 16, 100_000)
"""Fields of one object."""

FIELD_NAME_CHARS_MAX: Final = settable(1_024, "characters", 16, 65_536)
"""Characters of a field name."""

DOCUMENT_BYTES_MAX: Final = settable(2**20, "bytes", 1_024, 2**26)
"""Bytes of a document as `size_of` counts them, system fields included."""

# --- schema -----------------------------------------------------------------------------------

TABLES_MAX: Final = settable(10_000, "tables", 1, 1_000_000)
"""Tables of a deployment."""

INDEXES_PER_TABLE_MAX: Final = settable(64, "indexes", 1, 1_000)
"""Indexes of a table; each makes every write dearer."""

INDEX_FIELDS_MAX: Final = settable(16, "columns", 2, 64)
"""Columns of an index, the implied `_creationTime` included."""

FIRST_SYSTEM_TABLE: Final = 512
FIRST_USER_TABLE: Final = 10_001
"""The first table number of each kind; ids carry it, so it never changes."""

SEARCH_INDEXES_PER_TABLE_MAX: Final = settable(4, "indexes", 1, 64)
SEARCH_FILTERS_PER_INDEX_MAX: Final = settable(16, "columns", 1, 256)
"""Text indexes of a table, and vector indexes; columns that each can be narrowed by."""

VECTOR_DIMENSIONS_MAX: Final = settable(4_096, "dimensions", 2, 65_536)
"""Numbers in a vector; each takes four bytes of memory and a multiplication in every search."""

VECTOR_RESULTS_MAX: Final = settable(256, "documents", 1, 100_000)
VECTOR_FILTERS_MAX: Final = settable(64, "equalities", 1, 10_000)
"""Neighbours that one vector search finds, and equalities it may be narrowed by."""

VECTOR_THREAD_WORK: Final = settable(1_000_000, "multiplications", 1, 2**40)
"""From here on a vector search is worked out in a thread. Less, and small ones wait for a thread
longer than they take; more, and everybody waits for large ones."""

# --- text search --------------------------------------------------------------------------------

SEARCH_TERMS_MAX: Final = settable(16, "words", 1, 256)
SEARCH_PAIRS_MAX: Final = settable(64, "terms", 2, 4096)
"""Distinct words of a query, and terms after scripts without spaces are cut into pairs; each costs
a walk through the index."""

SEARCH_FILTERS_MAX: Final = settable(8, "equalities", 1, 256)
"""Equalities that one search may be narrowed by."""

SEARCH_RESULTS_MAX: Final = settable(1_024, "documents", 1, 100000)
"""Documents that one search finds, before `filter()`; who needs the next one needs another query.
"""

SEARCH_TERM_CHARS_MAX: Final = 32
"""Characters of a word that can be searched for; longer ones are keys and hashes. (Convex: bytes,
which leaves out Russian words of 17 letters.)"""

SEARCH_FOLDS_MAX: Final = 65_536
"""Characters whose folded form is remembered; more are worked out each time."""

# --- one function run -------------------------------------------------------------------------

DOCUMENTS_READ_MAX: Final = settable(32_000, "documents", 1, 10_000_000)
BYTES_READ_MAX: Final = settable(2**24, "bytes", 2**20, 2**34)
RANGES_READ_MAX: Final = settable(4_096, "reads", 1, 1_000_000)
"""Documents, their bytes, and ids plus index ranges that one transaction may read. They keep a
query that will not scale from working until the day it does not."""

DOCUMENTS_WRITTEN_MAX: Final = settable(16_000, "documents", 1, 1_000_000)
BYTES_WRITTEN_MAX: Final = settable(2**24, "bytes", 2**20, 2**30)
"""Documents and bytes that one transaction may write; all of it is one batch on disk."""

WARNING_SHARE: Final = settable(0.8, "of a limit", 0.05, 1.0)
"""A run that uses more than this share of a limit says so in its log, so that the day on which it
fails does not come as a surprise."""

ARGUMENTS_BYTES_MAX: Final = settable(2**24, "bytes", 1_024, 2**28)
RESULT_BYTES_MAX: Final = settable(2**24, "bytes", 1_024, 2**28)
"""Bytes of a function's arguments and of its result, as wire JSON."""

TRANSACTION_MS_MAX: Final = settable(1_000, "milliseconds", 10, 600_000)
"""Processor time of one query or mutation. It stands in everybody's way: longer, and one endless
loop holds up every client for as long."""

TRANSACTION_MIB_MAX: Final = settable(256, "MiB", 16, 1_048_576)
ACTION_MIB_MAX: Final = settable(512, "MiB", 16, 1_048_576)
"""Memory by which the process may grow while a query or mutation, and an action, is at work. Less
refuses those that hold many documents at once (a small one takes 2 kB); more lets one function end
the server. Only Linux tells."""

TRANSACTION_S_MAX: Final = settable(15, "seconds", 1, 3_600)
ACTION_S_MAX: Final = settable(1_800, "seconds", 1, 86_400)
"""Seconds that a query or mutation, and an action, may take with all its waiting. Less cuts off
slow services; more keeps what will never end."""

CALL_DEPTH_MAX: Final = settable(8, "calls", 1, 64)
"""Functions that call each other; a cycle ends here."""

CONFLICT_RETRIES_MAX: Final = settable(4, "retries", 1, 100)
CONFLICT_BACKOFF_MS: Final = settable(100, "milliseconds", 1, 60_000)
CONFLICT_BACKOFF_MAX_MS: Final = settable(2_000, "milliseconds", 1, 60_000)
"""Retries of a transaction whose reads changed, and the wait before them, doubling."""

FUNCTIONS_SCHEDULED_MAX: Final = settable(1_000, "functions", 1, 16_000)
SCHEDULED_ARGS_BYTES_MAX: Final = settable(2**24, "bytes", 1_024, 2**30)
SCHEDULED_ARGS_BYTES_WARNED: Final = settable(2**22, "bytes", 1_024, 2**30)
"""Functions that one mutation may schedule, the bytes of all their arguments, and the bytes of one
function's arguments from which a warning is logged."""

LOG_LINES_MAX: Final = settable(256, "lines", 1, 100_000)
LOG_LINE_CHARS_MAX: Final = settable(32_768, "characters", 64, 2**20)
"""Lines that one function run may print, and their length; they travel to every subscriber."""

# --- environment variables --------------------------------------------------------------------

ENVIRONMENT_VARIABLES_MAX: Final = settable(512, "variables", 1, 100_000)
ENVIRONMENT_NAME_CHARS_MAX: Final = settable(256, "characters", 16, 4_096)
ENVIRONMENT_VALUE_BYTES_MAX: Final = settable(8 * 1024, "bytes", 64, 2**20)
ENVIRONMENT_BYTES_MAX: Final = settable(512 * 1024, "bytes", 1_024, 2**26)
"""Variables of a deployment, characters of a name, bytes of a value, bytes of all names and values.
They are read as a whole by every function that reads one; what is larger belongs in a table."""

# --- the admin's tools ------------------------------------------------------------------------

ADMIN_PAGE_ITEMS_MAX: Final = settable(4_000, "documents", 100, 8_192)
ADMIN_PAGE_SCANNED_MAX: Final = settable(16_000, "documents", 100, 32_000)
ADMIN_PAGE_BYTES_MAX: Final = settable(5_000_000, "bytes", 2**20, 2**28)
"""Documents of one page of a tool, how many of them its filters may look at, and their bytes. Less,
and a table takes many round trips; more, and one page holds the loop, or is no value any more."""

ADMIN_CLEAR_DOCUMENTS_MAX: Final = settable(4_000, "documents", 1, 16_000)
"""Documents that one step of clearing or deleting a table removes; all of them are one commit."""

ADMIN_CANCELED_MAX: Final = settable(1_000, "jobs", 1, 16_000)
"""Scheduled functions that one step of canceling all of them ends; all of them are one commit."""

AUDIT_EVENTS_MAX: Final = settable(10_000, "events", 100, 1_000_000)
"""Events that the log of what was done by hand keeps, the newest. Fewer, and one cannot tell who
changed what last month; each costs its document."""
EXECUTIONS_KEPT_MAX: Final = settable(4_096, "entries", 16, 1_000_000)
EXECUTION_CHARS_KEPT_MAX: Final = settable(2**24, "characters", 2**16, 2**32)
"""Entries of the execution log, and characters of their lines and errors, kept in memory for `npx
convex logs`. An entry without lines takes about 1 kB."""

EXECUTIONS_POLL_S: Final = settable(60, "seconds", 1, 300)
"""How long somebody who reads the execution log waits for news before asking again."""

RERUN_ONE_IN: Final = settable(16, "queries", 1, 1_000_000)
"""In development one in so many queries runs twice, to find out whether both runs agree."""

# --- pagination -------------------------------------------------------------------------------

PAGE_ITEMS_MAX: Final = settable(32_000, "documents", 1, 1_000_000)
"""Items that a page may ask for."""

PAGE_SPLIT_DOCUMENTS: Final = settable(6_144, "documents", 1, 1_000_000)
PAGE_SPLIT_SHARE: Final = settable(0.75, "of a read limit", 0.05, 1.0)
"""From here on a page recommends to be split: documents scanned, or this share of a read limit."""

# --- the log ----------------------------------------------------------------------------------

LOG_WINDOW_NS: Final = settable(60 * 10**9, "nanoseconds", 10**9, 3_600 * 10**9)
LOG_WINDOW_WRITES_MAX: Final = settable(100_000, "writes", 1_000, 10_000_000)
"""Age and number of the writes kept in memory. Shorter, and suspended functions and reads at a
recent timestamp fail; longer costs memory (about 1 kB a write)."""

LOAD_TOLD: Final = settable(250_000, "documents", 1, 10_000_000)
"""Documents that are read at a start between two lines of the log: some four seconds; fewer lines
make a long start look like a hang."""

FILL_BATCH: Final = settable(200, "documents", 1, 100_000)
"""Documents that a staged index takes in before others have their turn; more would be felt as a
pause (about two microseconds a document)."""

FOLLOWER_FILL_BATCH: Final = settable(10, "documents", 1, 10_000)
FOLLOWER_FILL_BYTES: Final = settable(4_096, "bytes", 1, 16_777_216)
"""The same for a staged text or vector index, whose documents take 40 microseconds and more, long
ones in proportion. A request takes some ten turns of the loop and waits for a slice in each, so
more is felt tenfold; one larger document is a slice of its own."""

# --- live queries and sessions ----------------------------------------------------------------

CACHED_QUERIES_MAX: Final = settable(10_000, "queries", 1, 10_000_000)
"""Results kept that nobody watches; each costs its result and its read set."""

CLOCK_RESULT_AGE_MS: Final = settable(17_000, "milliseconds", 1, 3_600_000)
"""How long a result that read the clock serves new requests, in milliseconds."""

SUBSCRIPTIONS_PER_SESSION_MAX: Final = settable(10_000, "queries", 1, 1_000_000)
"""Queries of one socket; a client that leaks subscriptions ends here."""

SESSION_INBOX_MAX: Final = settable(1_000, "messages", 1, 1_000_000)
"""Messages that wait while a token is being verified."""

QUEUED_MUTATIONS_MAX: Final = settable(1_000, "mutations", 1, 1_000_000)
ACTIONS_PER_SESSION_MAX: Final = settable(1_000, "actions", 1, 1_000_000)
"""Mutations that wait, and actions that run, for one socket."""

TRANSITIONS_HELD_MAX: Final = settable(2, "transitions", 1, 1_000)
"""Transitions that wait for the disk on one socket; further changes are folded into the next."""

HEARTBEAT_S: Final = settable(5, "seconds", 1, 15)
PING_AFTER_S: Final = settable(15, "seconds", 1, 50)
SILENCE_MAX_S: Final = settable(120, "seconds", 31, 86_400)
"""Seconds between looks at every socket, of our silence before npm's client is told that the line
is alive (it gives up after 60), and of the client's silence before it is dropped."""

WEBSOCKET_MESSAGE_BYTES_MAX: Final = settable(2**25, "bytes", 2_048, 2**29)
"""Bytes of one message: twice the largest arguments, so that arguments that are somewhat too large
are refused by name and cost no connection."""

SESSION_REQUESTS_MAX: Final = settable(1_000_000, "mutations", 1_000, 100_000_000)
SESSION_REQUEST_RETENTION_MS: Final = settable(
    14 * 86_400_000, "milliseconds", 60_000, 366 * 86_400_000
)
"""How many mutations are remembered to be deduplicated, and for how long. Fewer or shorter, and a
client that was away runs a mutation twice; a million take about 600 MB."""

PRUNE_BATCH: Final = settable(1_000, "records", 1, 10_000)
"""Request records forgotten in one commit; more would hold the loop."""

HEAD_BYTES_MAX: Final = settable(64 * 1024, "bytes", 4_096, 2**20)
"""The largest request head. Less refuses browsers with many cookies; more is strangers' memory."""

BACKLOG_BYTES_MAX: Final = settable(64 * 1024 * 1024, "bytes", 2**20, 2**32)
"""What may wait for a client that does not read. Less cuts off slow clients in the middle of large
results; more lets a few of them fill the memory."""

CLOSE_WAIT_S: Final = settable(5.0, "seconds", 0.1, 60.0)
"""How long a closing socket waits for its peer. Less cuts off the close frame of distant clients;
more holds up a graceful shutdown behind half-open ones."""

# --- the scheduler ----------------------------------------------------------------------------

SCHEDULED_OUTSTANDING_MAX: Final = settable(1_000_000, "functions", 1, 100_000_000)
"""Scheduled functions that have not ended. Each costs its document and about 200 bytes."""

SCHEDULE_HORIZON_MS: Final = 5 * 365 * 86_400_000
"""How far from now, either way, a function may be scheduled, in milliseconds."""

SCHEDULED_MUTATIONS_MAX: Final = settable(1_000, "mutations", 1, 100_000)
SCHEDULED_ACTIONS_MAX: Final = settable(1_000, "actions", 1, 100_000)
"""Scheduled mutations and actions that run at the same time; further ones wait. A mutation counts
only while its handler is suspended. Fewer, and slow jobs hold up the rest; more actions than the
services behind them can bear only fail sooner."""

SCHEDULED_STARTS_PER_TURN: Final = settable(32, "functions", 1, 10_000)
"""Jobs begun before the loop looks after everyone else. Fewer lowers the rate of a large backlog;
more makes clients wait while it is worked off (about 0.15 ms a job)."""

SCHEDULED_CONFLICT_BACKOFF_MS: Final = 100
SCHEDULED_CONFLICT_BACKOFF_MAX_MS: Final = 60_000
SCHEDULED_ERROR_BACKOFF_MS: Final = 500
SCHEDULED_ERROR_BACKOFF_MAX_MS: Final = 2 * 3_600_000
"""The wait before a scheduled mutation is tried again, doubling up to the second number: after lost
races, and after errors of the engine's own."""

SCHEDULED_RETENTION_MS: Final = settable(7 * 86_400_000, "milliseconds", 0, 366 * 86_400_000)
SCHEDULED_PRUNE_EVERY_MS: Final = 10 * 60_000
"""How long a job that has ended is kept, and the least time between two looks for old ones."""

AGENDA_SLEEP_MAX_S: Final = 60.0
"""The longest single sleep before something that is due. Shorter wakes an idle server for nothing;
longer makes jobs late by as much when the machine's clock is set forward."""

CRON_SPLAY_S: Final = 60
"""Cron jobs start up to so many seconds late, each by a time of its own, so that not all of them
start on the minute; `CRON_SPLAY_SECONDS=0` turns it off."""

CRON_RUNS_KEPT: Final = settable(20, "runs", 1, 1_000)
CRON_LOG_BYTES_MAX: Final = settable(1_000, "bytes", 100, 100_000)
"""Runs of a cron job that are remembered, and the bytes kept of one run's result and log lines."""

# --- files ------------------------------------------------------------------------------------

UPLOAD_BYTES_MAX: Final = settable(2**53, "bytes", 1, 2**53)
"""Bytes of one file; so many that there is no limit. Lower it where strangers may upload."""

UPLOAD_S: Final = settable(120, "seconds", 1, 86_400)
UPLOAD_URL_S: Final = settable(3_600, "seconds", 1, 7 * 86_400)
"""Seconds that the POST of an upload may take, and that an upload URL can be used. Shorter cuts off
large files on slow lines; longer lets a trickle hold a connection, and a leaked URL be of use."""

UPLOAD_URLS_SPENT_MAX: Final = settable(500_000, "URLs", 1, 100_000_000)
"""Used upload URLs remembered until they expire, so that each works once; each takes about 600 B.
At the bound uploads are refused for a while."""

FILE_SWEEP_S: Final = settable(5, "seconds", 1, 3_600)
FILE_SWEEP_BATCH: Final = settable(500, "files", 1, 1_000)
"""Seconds between looks for deleted files, and how many are removed at a time. Seldom, and deleted
bytes stay longer; larger batches hold the loop while their records are removed."""

ORPHAN_SWEEP_S: Final = settable(6 * 3_600, "seconds", 60, 30 * 86_400)
ORPHAN_AGE_S: Final = settable(24 * 3_600, "seconds", 3_600, 365 * 86_400)
"""Seconds between looks for blobs without a document, and the age at which one may be removed. A
younger one may belong to an upload that is under way on another node."""

# --- HTTP -------------------------------------------------------------------------------------

RPC_BODY_BYTES_MAX: Final = settable(2**24 + 2_000, "bytes", 2_048, 2**29)
"""Bytes of a function call's body."""

SITE_BODY_BYTES_MAX: Final = settable(20 * 2**20, "bytes", 1_024, 2**32)
SITE_RESPONSE_BYTES_MAX: Final = settable(20 * 2**20, "bytes", 1_024, 2**32)
"""Bytes of a request to the project's own HTTP routes, and of what they answer. Files go through
file storage, which has no such bounds."""

ECHO_BODY_BYTES_MAX: Final = settable(128 * 2**20, "bytes", 1_024, 2**32)
"""Bytes that `/echo` sends back."""

ACCEPT_BACKLOG: Final = settable(4_096, "connections", 1, 65_535)
"""Connections that the kernel holds until they are accepted; fewer, and a reconnecting crowd is
refused."""

KEEP_ALIVE_S: Final = settable(75, "seconds", 1, 86_400)
SHUTDOWN_S: Final = settable(5, "seconds", 1, 3_600)
"""Seconds that an idle HTTP connection is kept, and that open requests get when a node stops."""

# --- export and import ------------------------------------------------------------------------

EXPORTS_KEPT_MAX: Final = settable(3, "exports", 1, 1_000)
EXPORT_RETENTION_MS: Final = settable(
    14 * 86_400_000, "milliseconds", 60_000, 10 * 365 * 86_400_000
)
"""How many finished exports stay in the data folder, and for how long. More fills the disk with
copies of the data; fewer, and one may be gone before it was fetched."""

EXPORT_PIECE_BYTES: Final = settable(2**18, "bytes", 1_024, 2**26)
"""Documents compressed at a time. More holds the GIL longer while they are put together; fewer
takes it more often."""

IMPORTS_KEPT_MAX: Final = settable(50, "imports", 1, 10_000)
IMPORT_RETENTION_MS: Final = settable(7 * 86_400_000, "milliseconds", 60_000, 3_650 * 86_400_000)
"""How many imports are remembered, and how long one waits to be confirmed before its file goes."""

IMPORT_PART_BYTES_MAX: Final = settable(2**28, "bytes", 2**20, 2**32)
IMPORT_PARTS_MAX: Final = settable(10_000, "parts", 1, 100_000)
IMPORT_UPLOADS_MAX: Final = settable(10, "uploads", 1, 1_000)
"""Bytes of one uploaded part, parts of one upload, and uploads that are under way. npm sends parts
of 5 MiB, or larger ones when there would be more than 9,999."""

IMPORT_LINE_BYTES_MAX: Final = settable(2**24, "bytes", 1_024, 2**28)
IMPORT_ARRAY_BYTES_MAX: Final = settable(2**24, "bytes", 1_024, 2**30)
"""Bytes of one line, and of a whole file that is one JSON array. Longer ones are read into memory
before anybody can say what is wrong with them."""

IMPORT_UNPACKED_BYTES_MAX: Final = settable(2**36, "bytes", 2**20, 2**44)
IMPORT_RATIO_MAX: Final = settable(250, "times", 2, 1_032)
IMPORT_RATIO_FROM_BYTES: Final = settable(2**28, "bytes", 2**20, 2**40)
"""What an archive may unpack to; and how many times its own size, from so many bytes on. Documents
pack to a tenth or a fiftieth; what packs a thousand times better is there to fill a memory."""

IMPORT_ENTRIES_MAX: Final = settable(1_000_000, "entries", 10, 10_000_000)
"""Entries of an archive, stored files among them."""

IMPORT_READER_BYTES_MAX: Final = settable(2**31, "bytes", 2**28, 2**36)
"""Memory of the process that reads an import's file; a file that needs more is refused, and the
server never notices."""

IMPORT_BATCH_ROWS: Final = settable(64, "documents", 1, 10_000)
IMPORT_BATCH_BYTES: Final = settable(2**16, "bytes", 1_024, 2**24)
"""Documents taken in before everybody else gets a turn: about a millisecond of the loop."""

IMPORT_STAGE_ROWS: Final = settable(1_024, "documents", 1, 100_000)
IMPORT_STAGE_BYTES: Final = settable(2**19, "bytes", 1_024, 2**26)
"""Documents written to disk in one batch. More holds up the commits behind them; fewer waits for
the disk more often."""

IMPORT_APPEND_ROWS: Final = settable(256, "documents", 1, 10_000)
"""Documents appended in one transaction."""

# --- components that come along ----------------------------------------------------------------

RATE_SHARDS_MAX: Final = 256
"""Parts of one rate limit. A use that finds it exhausted reads them all, of 4,096 reads in all."""

AGGREGATE_KEY_PARTS_MAX: Final = 6
"""Parts of an aggregate's key: its index has a column for each."""

AGGREGATE_CLEAR_BATCH: Final = settable(1_000, "items", 1, 15_000)
"""Items that one transaction of `clear` removes; all of them at once would hold the loop."""

POOL_PARALLEL_MAX: Final = 1_000
"""Jobs of a workpool that may run at once, and running jobs that one look after a crash checks:
each costs two reads of the 4,096 that it may do."""

POOL_LOOK_S: Final = settable(30, "seconds", 1, 3_600)
"""Seconds between looks for jobs that a crash interrupted, while any run. Until then they take up
room in their pool; looks that come more often read every running job."""

POOL_DELAY_MAX_S: Final = settable(86_400, "seconds", 1, 365 * 86_400)
"""The longest even wait between two attempts of a job: what has failed for a day needs a person."""

POOL_KEPT_S: Final = settable(86_400, "seconds", 60, 365 * 86_400)
POOL_SWEEP_BATCH: Final = settable(20, "jobs", 2, 1_000)
"""Seconds that a job can be asked about after its end, and old jobs that the end of another one
removes: more than one, so that they never pile up."""

POOL_ERROR_CHARS_MAX: Final = settable(8_192, "characters", 64, 65_536)
"""Characters of a job's error that are kept."""

# --- how they hang together (stays last) ------------------------------------------------------

ASCENDING: Final = (
    ("HEARTBEAT_S", "PING_AFTER_S"),
    ("PING_AFTER_S", "SILENCE_MAX_S"),
    ("ARGUMENTS_BYTES_MAX", "WEBSOCKET_MESSAGE_BYTES_MAX"),
    ("ARGUMENTS_BYTES_MAX", "RPC_BODY_BYTES_MAX"),
    ("CONFLICT_BACKOFF_MS", "CONFLICT_BACKOFF_MAX_MS"),
    ("DOCUMENT_NESTING_MAX", "VALUE_NESTING_MAX"),
    ("DOCUMENT_BYTES_MAX", "BYTES_READ_MAX"),
    ("DOCUMENT_BYTES_MAX", "BYTES_WRITTEN_MAX"),
    ("IMPORT_APPEND_ROWS", "DOCUMENTS_WRITTEN_MAX"),
)
"""The first of each pair may not be set above the second: it could never be reached, or a client
would be dropped before it is asked whether it is there."""

SETTABLE: Final = declared(globals())
"""The limits that can be set, by name."""
