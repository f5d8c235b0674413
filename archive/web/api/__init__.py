"""The JSON API under /api/v1, by resource; the same services as the pages."""
