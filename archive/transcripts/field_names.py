"""What the fields of our signatures are called in a file; for those who sign and who verify."""

FIELD_NAME = "SkillsArchiveSignature"
"""Stands in clear in each signed file: a file that carries it claims to be ours."""
STAMP_FIELD_NAME = "SkillsArchiveTimeStamp"
