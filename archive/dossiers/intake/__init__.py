"""The intake of table files: checked row by row, previewed, committed once."""

from archive.dossiers.intake.desk import check, commit

__all__ = ["check", "commit"]
