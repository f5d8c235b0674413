"""What the header Content-Type says of a body."""

from email.message import Message


def media_type(written: str) -> str:
    """Return the type without its parameters, in lower case; empty when there is none."""
    return written.partition(";")[0].strip().lower()


def charset_is_utf8(written: str) -> bool:
    """Whether the text is said to be written in UTF-8, or nothing is said of it."""
    told = Message()
    told["content-type"] = written
    charset = told.get_param("charset", "utf-8")
    return str(charset).strip().lower().replace("_", "-") in {"utf-8", "utf8", "us-ascii"}
