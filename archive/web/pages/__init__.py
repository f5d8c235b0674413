"""Pages for people, by audience; each reads, calls one service and shows."""
