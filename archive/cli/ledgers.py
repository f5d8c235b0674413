"""``ledger audit | rebuild | export``: proofs that no credit was lost, doubled or invented."""

from pathlib import Path
from typing import Annotated

import typer

from archive.cli.options import CONSOLE, As, Json
from archive.cli.plainly import plainly
from archive.cli.refusals import Status
from archive.cli.usage import UnusableError

app = typer.Typer(no_args_is_help=True)
OneOrAll = Annotated[
    str | None,
    typer.Argument(metavar="[WORKER]", help="One ledger only; without it all are meant."),
]
OnlyCheck = Annotated[
    bool, typer.Option("--check", help="Compare only; post nothing, whatever is found.")
]
Beancount = Annotated[
    bool, typer.Option("--beancount", help="As text that the program bean-check can verify.")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write it; default is here."),
]


@app.command("audit")
@plainly
def audit(worker: OneOrAll = None, *, as_json: Json = False) -> None:
    """Check the invariants I1 to I14 and name what does not hold."""
    from archive.cli.answers import answer
    from archive.cli.ledger_sheet import show_audit
    from archive.cli.proving import audited

    report, settings = audited(worker)
    answer(report, settings, lambda voice: show_audit(voice, report), as_json=as_json)
    if not report.is_right:
        raise typer.Exit(Status.REFUSED)


@app.command("rebuild")
@plainly
def rebuild(
    worker: OneOrAll = None,
    *,
    check: OnlyCheck = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Compute every ledger anew from records, rules and cases, and compare."""
    from archive.cli.answers import answer
    from archive.cli.ledger_sheet import show_rebuilt
    from archive.cli.proving import compared, rebuilt

    report, settings = compared(worker) if check else rebuilt(worker, account)
    answer(report, settings, lambda voice: show_rebuilt(voice, report), as_json=as_json)
    if not report.is_same:
        raise typer.Exit(Status.REFUSED)


@app.command("export")
@plainly
def export(
    worker: OneOrAll = None,
    *,
    beancount: Beancount = False,
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Write ledgers as text that an independent program can check."""
    from archive.cli.answers import answer
    from archive.cli.ledger_sheet import show_exported
    from archive.cli.proving import exported, exported_to

    if not beancount:
        raise UnusableError("name the format: --beancount")
    if output is None:
        if as_json:
            raise UnusableError("--json tells of a file: name it with --output")
        exported(worker)
        return
    receipt, settings = exported_to(output, worker)
    answer(receipt, settings, lambda voice: show_exported(voice, receipt, output), as_json=as_json)
