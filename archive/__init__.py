"""The archive: people, dossiers, transcripts, the bureau, and the doors to them."""
