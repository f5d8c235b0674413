"""Alembic's door to the access log; ``running`` hands the connection in."""

from archive.audit.tables import ACCESS_STORE
from archive.migrations.running import ACCESSES, run_migrations

run_migrations(ACCESS_STORE, ACCESSES)
