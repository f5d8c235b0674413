"""Migrations of both databases, and what must hold after each."""
