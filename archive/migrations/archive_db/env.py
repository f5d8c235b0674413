"""Alembic's door to the archive's database; ``running`` hands the connection in."""

from archive.migrations.running import run_migrations
from archive.migrations.tables import METADATA

run_migrations(METADATA)
