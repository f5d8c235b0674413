"""Doors for browsers and programs: thin, they call services."""
