"""Alembic's door to the key store; ``running`` hands the connection in."""

from archive.migrations.running import run_migrations
from archive.people.key_store import KEY_STORE

run_migrations(KEY_STORE)
