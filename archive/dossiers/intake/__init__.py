"""The intake of table files: checked row by row, previewed, committed once."""

from archive.dossiers.intake.choices import Choice
from archive.dossiers.intake.desk import check, commit

__all__ = ["Choice", "check", "commit"]
