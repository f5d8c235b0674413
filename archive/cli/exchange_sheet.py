"""How an imported file is shown to people."""

from archive.cli.voice import Voice
from schemas.exchange import ExchangeReport


def show_report(voice: Voice, report: ExchangeReport) -> None:
    """Print what is wrong and where, and what was done or would be."""
    if report.findings:
        voice.table(
            ("Place", "Kind of finding", "Code", "What is wrong and what to do"),
            [
                (
                    one.place,
                    voice.word("severity", one.severity),
                    one.code,
                    voice.pick(one.message),
                )
                for one in report.findings
            ],
        )
    for state, count in report.counts.items():
        voice.line(f"{voice.word('row_state', state)}: {count}")
    if report.committed:
        voice.say("It was written.")
    elif report.is_clean:
        voice.say("Nothing is written yet; --commit writes it.")
    else:
        voice.say("Nothing was written: correct the file first.")
