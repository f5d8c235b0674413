"""How revisions are added to a finished PDF: its metadata stay as they were written.

pyHanko's own writer writes them anew with each revision, in another form, with the time of the
machine's clock; what they said of PDF/UA would then be said wrongly.
"""

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class Appending(IncrementalPdfFileWriter):
    """Adds a revision, and leaves what the document says of itself alone."""

    def _update_meta(self) -> None:
        """Do nothing: the document's content is the same after a signature as before."""
