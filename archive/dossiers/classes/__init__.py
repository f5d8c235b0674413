"""Classes: filed, attended, and closed so that their completions are posted."""
