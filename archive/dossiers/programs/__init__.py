"""What programs post: lists of items, statements and badges of course platforms."""
