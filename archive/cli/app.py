"""All commands, put together; their help in the language of ARCHIVE_LANG."""

import typer
from typer.main import get_command

from archive.cli import (
    access,
    accounts,
    accreditations,
    agreements,
    api_keys,
    appeals,
    approvals,
    audits,
    cases,
    chains,
    classes,
    corrections,
    courses,
    databases,
    demos,
    document_lists,
    dossier_commands,
    dossiers,
    eligibility,
    exchange,
    incidents,
    intake,
    keys,
    ledgers,
    mergers,
    nightly,
    organisations,
    posted,
    proofs,
    provenance,
    records,
    redemptions,
    rules,
    schemas,
    serving,
    shares,
    transcripts,
    verification,
    workers,
)
from archive.cli.usage import PlainGroup
from schemas.vocabulary import Language

HELP = "The skills archive: dossiers, credits, transcripts and their verification."
GROUPS = {
    "demo": (demos.app, "Fill an empty archive with a synthetic district, or show and remove it."),
    "worker": (workers.app, "Workers and their archive numbers."),
    "dossier": (
        dossier_commands.app,
        "Show a worker's dossier (dossier WORKER), or decide on the whole of it.",
    ),
    "transcript": (
        transcripts.app,
        "Documents about a dossier: transcript WORKER issues one of the whole.",
    ),
    "document-list": (document_lists.app, "Documents made for many, by a job."),
    "posted": (posted.app, "The files that organisations posted, and empty lists to fill in."),
    "record": (records.app, "Single records of a dossier."),
    "merger": (mergers.app, "Two dossiers of one person become one."),
    "chain": (chains.app, "The hash chains of dossiers."),
    "incident": (incidents.app, "The register of incidents with personal data."),
    "audit": (audits.app, "Who did and saw what, and whether that is as it was told."),
    "ledger": (ledgers.app, "Proofs of the credit bank's ledgers."),
    "share": (shares.shares, "Links by which workers show parts of their dossiers."),
    "access-request": (shares.requests, "Requests of organisations for access to a dossier."),
    "course": (courses.app, "What organisations teach."),
    "class": (classes.app, "Classes: filed, held, and closed so that completions are posted."),
    "redemption": (redemptions.app, "What credits can do: offers, applications, answers."),
    "correction": (corrections.app, "Requests for correction and addition."),
    "appeal": (appeals.app, "Appeals against lines of a statement."),
    "review": (cases.reviews, "Pairs of courses that may be one."),
    "suspension": (cases.suspensions, "Decisions on the credits of organisations."),
    "rules": (rules.app, "The dated rules of the credit bank."),
    "agreements": (agreements.app, "Agreements on mutual recognition."),
    "exchange": (exchange.app, "Lists that credit banks exchange."),
    "proposals": (approvals.proposals, "What waits for a second person."),
    "access": (access.app, "Who may do what."),
    "account": (accounts.app, "Who can sign in."),
    "organisation": (organisations.app, "Who posts records and employs people."),
    "accreditation": (accreditations.app, "What organisations are accredited to post."),
    "key": (api_keys.app, "Keys by which programs of organisations act."),
    "keys": (keys.app, "The keys that sign documents, and those that protect persons."),
    "db": (databases.app, "The databases."),
}
SINGLE = (
    serving.app,
    intake.app,
    dossiers.app,
    provenance.app,
    eligibility.app,
    redemptions.next_app,
    proofs.app,
    verification.app,
    approvals.app,
    accounts.token_app,
    schemas.app,
    nightly.app,
)


def assembled() -> typer.Typer:
    """Return the whole command line; nothing heavy is loaded yet."""
    app = typer.Typer(
        name="skills-archive",
        help=HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        cls=PlainGroup,
    )
    for single in SINGLE:
        app.registered_commands += single.registered_commands
    for name, (group, help_text) in GROUPS.items():
        app.add_typer(group, name=name, help=help_text)
    return app


def run() -> None:
    """Run the command that the arguments name; ends the process with its exit status."""
    from archive.cli.help_texts import translate
    from archive.cli.voice import language_here

    command = get_command(assembled())
    if language_here() is not Language.ENGLISH:  # The texts in the code are English.
        translate(command, language_here())
    command()
