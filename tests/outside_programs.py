"""What the programs of others say of a document of ours, each asked once.

    python -m tests.outside_programs FOLDER     # a table of every class, language and profile

``pdfsig`` answers with status 0 whatever it finds, so that words are read; ``openssl`` knows no
PDF and is handed the parts; who looks at the cryptography alone says nothing of what was added.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pdfsigner
from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko_certvalidator import ValidationContext

from archive.transcripts.keys import DevelopmentKeys, development_keys
from archive.transcripts.list_files import ListFolder
from archive.transcripts.refreshing import Refresher, refreshed
from archive.transcripts.signing import PadesSigner
from schemas.keys import SigningProfile
from schemas.vocabulary import DocumentLanguage
from tests.document_samples import EVERY, rendered
from tests.transcript_samples import NOW

LATER = NOW + timedelta(days=3 * 365)
"""When a file is refreshed."""
FINE = {  # And each time stamp is one that openssl ts finds good.
    "qpdf": "no errors",
    "pdfsig": "valid, whole",
    "pdfsigner": "valid, intact, trusted",
    "openssl cms": "successful",
    "pyHanko": "valid, trusted",
}


def answers(pdf: bytes, keys: DevelopmentKeys, folder: Path) -> dict[str, str]:
    """Return what each program says, in few words; the time stamps are counted."""
    file, roots = folder / "asked.pdf", folder / "roots.pem"
    file.write_bytes(pdf)
    roots.write_bytes(keys.trust.to_pem())
    signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
    stamps = [_stamp_good(data, token, folder) for data, token in _stamps(pdf, signatures)]
    return {
        "qpdf": _qpdf(file),
        "pdfsig": _pdfsig(file),
        "pdfsigner": _pdfsigner(file, roots),
        "openssl cms": _cms(pdf, signatures[0], folder),
        "openssl ts": f"{sum(stamps)} of {len(stamps)} good" if stamps else "none",
        "pyHanko": _pyhanko(signatures, keys),
    }


def signed(
    name: str, language: DocumentLanguage, profile: SigningProfile, keys: DevelopmentKeys
) -> bytes:
    """Return a document of a class, signed in a profile."""
    return PadesSigner(keys, profile=profile).sign(rendered(name, language), at=NOW).pdf


def stamped_anew(pdf: bytes, keys: DevelopmentKeys, folder: Path) -> bytes:
    """Return a file with another stamp, three years later."""
    using = Refresher(keys.stamps, keys.trust, ListFolder(folder))
    return refreshed(pdf, at=LATER, using=using).pdf


def every(keys: DevelopmentKeys, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every class in each language, one in each profile, and a refreshed one."""
    for name, language in EVERY:
        yield f"{name} {language.value} B-LTA", signed(name, language, SigningProfile.B_LTA, keys)
    for profile in (SigningProfile.B_B, SigningProfile.B_T, SigningProfile.B_LT):
        file = signed("dossier", DocumentLanguage.BOTH, profile, keys)
        yield f"dossier both {profile.value}", file
    file = signed("dossier", DocumentLanguage.BOTH, SigningProfile.B_LTA, keys)
    yield "dossier both B-LTA refreshed", stamped_anew(file, keys, folder)


def _told(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], check=False, capture_output=True)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def _qpdf(file: Path) -> str:
    told = _told("qpdf", "--check", file)
    return "no errors" if "No syntax or stream encoding errors found" in told else told


def _pdfsig(file: Path) -> str:
    """Read what it says of the signature; a stamp of the file it does not know how to judge."""
    parts = _told("pdfsig", "-nocert", file).split("Signature #")[1:]
    is_valid = bool(parts) and "Signature Validation: Signature is Valid." in parts[0]
    is_whole = bool(parts) and "  - Total document signed" in parts[-1]
    return f"{'valid' if is_valid else 'not valid'}, {'whole' if is_whole else 'not whole'}"


def _pdfsigner(file: Path, roots: Path) -> str:
    found = pdfsigner.verify_pdf_report(str(file), roots=str(roots))
    words = {"valid": "all_valid", "intact": "document_intact", "trusted": "all_trusted"}
    return ", ".join(word if found[key] else f"not {word}" for word, key in words.items())


def _cms(pdf: bytes, signature: EmbeddedPdfSignature, folder: Path) -> str:
    message, content = folder / "message.p7s", folder / "content"
    message.write_bytes(cms.ContentInfo.load(signature.pkcs7_content).dump())
    content.write_bytes(_covered(pdf, signature))
    command: list[str | Path] = [
        "openssl",
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        message,
    ]
    command += ["-in", message, "-content", content, "-CAfile", folder / "roots.pem"]
    told = _told(*command, "-purpose", "any", "-attime", _moment(NOW), "-out", "/dev/null")
    return "successful" if "Verification successful" in told else told


def _stamps(pdf: bytes, signatures: list[EmbeddedPdfSignature]) -> Iterator[tuple[bytes, bytes]]:
    """Yield what was stamped, and the stamp: of the signature, and of the file."""
    for one in signatures:
        if one.sig_object["/Type"] == "/DocTimeStamp":
            yield _covered(pdf, one), cms.ContentInfo.load(one.pkcs7_content).dump()
        else:
            for attribute in one.signer_info["unsigned_attrs"] or ():
                yield one.signer_info["signature"].native, attribute["values"][0].dump()


def _stamp_good(data: bytes, token: bytes, folder: Path) -> bool:
    (folder / "stamped").write_bytes(data)
    (folder / "token").write_bytes(token)
    command: list[str | Path] = ["openssl", "ts", "-verify", "-token_in", "-in", folder / "token"]
    command += ["-data", folder / "stamped", "-CAfile", folder / "roots.pem"]
    return "Verification: OK" in _told(*command, "-attime", _moment(LATER))


def _pyhanko(signatures: list[EmbeddedPdfSignature], keys: DevelopmentKeys) -> str:
    context = ValidationContext(trust_roots=list(keys.trust.roots), moment=LATER)
    found = [
        validate_pdf_timestamp(one, context)
        if one.sig_object["/Type"] == "/DocTimeStamp"
        else validate_pdf_signature(one, context, ts_validation_context=context)
        for one in signatures
    ]
    is_valid, is_trusted = all(one.valid for one in found), all(one.trusted for one in found)
    return f"{'valid' if is_valid else 'not valid'}, {'trusted' if is_trusted else 'not trusted'}"


def _covered(pdf: bytes, signature: EmbeddedPdfSignature) -> bytes:
    start, length, behind, rest = (int(part) for part in signature.byte_range)
    return pdf[start : start + length] + pdf[behind : behind + rest]


def _moment(at: datetime) -> str:
    return str(int(at.timestamp()))


def main() -> None:
    """Print the table; what is made lies in the folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    keys = development_keys(folder, now=NOW)
    heads = ("document", "kB", *FINE, "openssl ts")
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for name, pdf in every(keys, folder):
        told = answers(pdf, keys, folder)
        cells = [name, f"{len(pdf) / 1000:.0f}", *(told[head] for head in heads[2:])]
        lines.append("| " + " | ".join(cells) + " |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
