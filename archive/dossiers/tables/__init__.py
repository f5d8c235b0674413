"""The reading of table files, as institutions send them, into plain tables. No meaning yet."""
