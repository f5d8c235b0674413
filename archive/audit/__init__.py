"""Who did and saw what: two append-only streams, written before the answer leaves, and sealed."""
