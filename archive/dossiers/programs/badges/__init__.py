"""Open Badges 3.0 of course platforms: whose word counts, and what a badge says."""
