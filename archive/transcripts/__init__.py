"""What is proved to others."""
