"""What the bureau decides."""
