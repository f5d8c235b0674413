"""What a worker has done."""
