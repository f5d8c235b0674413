"""What a layout says, kept word by word: texts of fixed payloads, and a digest of each word.

    python -m tests.golden_words        # keeps what is new; it never changes what is kept

A layout in which documents were issued may gain words, for what could not be said before. What
it says already never changes: see decision 0042.
"""

import hashlib
from pathlib import Path
from textwrap import fill

from babel.messages.pofile import read_po

from archive.transcripts.layouts import layout_of
from archive.transcripts.payload import Payload, read_payload, read_report
from archive.transcripts.rendering import words_of
from schemas.vocabulary import DocumentLanguage

FOLDER = Path(__file__).parent / "golden" / "words" / "family-1"
TEMPLATE = "family/1"
_DIGITS = 16


def payloads() -> dict[str, Payload]:
    """Return the fixed payloads by name."""
    return {one.stem: _read(one.read_bytes().strip()) for one in sorted(FOLDER.glob("*.json"))}


def said(payload: Payload, language: DocumentLanguage) -> str:
    """Return what a payload says in a language."""
    return words_of(payload.model_copy(update={"language": language}))


def text_file(name: str, language: DocumentLanguage) -> Path:
    """Return where the words of a payload are kept, with line ends where blanks were."""
    return FOLDER / f"{name}.{language.value}.txt"


def kept(name: str, language: DocumentLanguage) -> str:
    """Return the words that were kept of a payload."""
    return " ".join(text_file(name, language).read_text(encoding="utf-8").split())


def word_digests() -> dict[str, str]:
    """Return a digest of each message of the layout with its words, by language and message."""
    found: dict[str, str] = {}
    for path in sorted((layout_of(TEMPLATE).folder / "words").glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source):
                if message.id:
                    told = f"{path.stem}\0{message.id}\0{message.string}".encode()
                    key = hashlib.sha256(f"{path.stem}\0{message.id}".encode()).hexdigest()
                    found[key[:_DIGITS]] = hashlib.sha256(told).hexdigest()[:_DIGITS]
    return found


def kept_digests() -> dict[str, str]:
    """Return the digests that were kept."""
    lines = (FOLDER / "words.sha256").read_text(encoding="ascii").split()
    return dict(line.split(":") for line in lines)


def main() -> None:
    """Keep what is new."""
    for name, payload in payloads().items():
        for language in DocumentLanguage:
            to = text_file(name, language)
            if not to.exists():
                text = fill(said(payload, language), 100, break_long_words=False)
                to.write_text(text + "\n", encoding="utf-8")
    file = FOLDER / "words.sha256"
    known = kept_digests() if file.exists() else {}
    lines = sorted(f"{key}:{value}" for key, value in (word_digests() | known).items())
    file.write_text("\n".join(lines) + "\n", encoding="ascii")


def _read(data: bytes) -> Payload:
    found = read_payload(data) or read_report(data)
    if found is None:
        message = "a kept payload cannot be read any more: issued documents could not be either"
        raise ValueError(message)
    return found


if __name__ == "__main__":
    main()
