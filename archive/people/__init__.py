"""Who there is, and who may see what."""
