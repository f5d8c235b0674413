"""Pure readers of one cell each: what was written becomes a value, or a refusal by name."""
