"""``schema NAME``: the JSON schema of what a command answers under ``--json``."""

import json
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.cli.answer_schemas import CONTRACTS, SCHEMA_OF_COMMAND
from archive.cli.options import Json
from archive.cli.plainly import plainly
from archive.cli.refusals import UnknownSchemaError

if TYPE_CHECKING:
    from schemas.contracts import Contract

__all__ = ["CONTRACTS", "RECORD", "SCHEMA_OF_COMMAND", "app"]

app = typer.Typer()
SchemaName = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Without a name all names are listed.")
]

RECORD = "record"
"""What ``record add`` reads: the only input among the schemas."""

CONTRACTS = {
    "access-matrix": "schemas.access:AccessMatrix",
    "access-request": "schemas.access_requests:RequestView",
    "access-request-list": "schemas.access_requests:RequestList",
    "share": "schemas.shares:ShareView",
    "share-list": "schemas.shares:ShareList",
    "share-made": "schemas.shares:ShareMade",
    "account": "schemas.outputs:PasswordReceipt",
    "account-bind": "schemas.sign_ins:AccountBound",
    "account-factor-reset": "schemas.sign_ins:FactorsReset",
    "account-invite": "schemas.sign_ins:ActivationReceipt",
    "account-list": "schemas.outputs:AccountList",
    "account-sessions": "schemas.sign_ins:SessionList",
    "account-unbind": "schemas.sign_ins:AccountUnbound",
    "account-unlock": "schemas.sign_ins:Unlocked",
    "accreditation-list": "schemas.accreditation:AccreditationList",
    "agreement-draft": "schemas.agreements:AgreementDraft",
    "agreement-list": "schemas.agreements:AgreementList",
    "appeal": "schemas.appeals:AppealView",
    "appeal-list": "schemas.appeals:AppealList",
    "correction": "schemas.corrections:CorrectionView",
    "correction-list": "schemas.corrections:CorrectionList",
    "access-log": "schemas.audit:LookList",
    "incident": "schemas.incidents:IncidentReceiptOf",
    "incidents": "schemas.incidents:IncidentList",
    "audit-export": "schemas.audit:AuditExportReceipt",
    "audit-search": "schemas.audit:AuditLines",
    "audit-seal": "schemas.audit:SealReceipt",
    "audit-verify": "schemas.audit:SealReport",
    "chain": "schemas.reports:ChainReport",
    "checkpoint": "schemas.outputs:CheckpointReceipt",
    "db-check": "schemas.outputs:DatabaseReport",
    "db-upgrade": "schemas.outputs:DatabaseUpgrade",
    "demo": "schemas.outputs:DemoBuilt",
    "demo-accounts": "schemas.outputs:DemoSignIns",
    "demo-code": "schemas.sign_ins:DemoCode",
    "demo-purge": "schemas.outputs:DemoPurged",
    "dossier": "schemas.dossiers:DossierView",
    "exchange": "schemas.exchange:ExchangeFile",
    "exchange-receipt": "schemas.exchange:ExchangeReceipt",
    "exchange-report": "schemas.exchange:ExchangeReport",
    "intake": "schemas.reports:IntakeReport",
    "posted": "schemas.intake:PostedFile",
    "posted-list": "schemas.intake:PostedFiles",
    "posted-template": "schemas.intake:ListTemplate",
    "keys-index": "schemas.keys:IndexKeyList",
    "keys-master": "schemas.keys:MasterKeyList",
    "keys-rotation": "schemas.keys:RotationReport",
    "ledger-audit": "schemas.proofs:AuditReport",
    "ledger-export": "schemas.proofs:ExportReceipt",
    "ledger-rebuild": "schemas.proofs:RebuildReport",
    "organisation": "schemas.dossiers:OrganisationView",
    "organisation-list": "schemas.outputs:OrganisationList",
    "nightly": "schemas.nightly:NightlyReport",
    "nightly-runs": "schemas.nightly:NightlyRuns",
    "pair": "schemas.reviews:PairView",
    "pair-list": "schemas.reviews:PairList",
    "proposal": "archive.people.approvals:ProposalView",
    "proposals": "archive.people.approvals:ProposalList",
    "next-step": "schemas.redemptions:NextStep",
    "offer": "schemas.redemptions:OfferPublished",
    "offers": "schemas.redemptions:OfferList",
    "provenance": "schemas.provenance:ProvenanceView",
    "receipt": "schemas.outputs:RecordReceipt",
    "record-show": "schemas.outputs:RecordShown",
    "redemption": "schemas.redemptions:RedemptionView",
    "redemption-preview": "schemas.redemptions:Preview",
    "redemptions": "schemas.redemptions:RedemptionList",
    "refusal": "schemas.outputs:RefusalView",
    "rules": "schemas.outputs:RuleList",
    "rules-check": "schemas.outputs:RulesChecked",
    "rules-diff": "schemas.rules:RulesCompared",
    "rules-explain": "schemas.rules:EntryExplanation",
    "schema": "schemas.outputs:SchemaList",
    "dossier-export": "schemas.personal:ExportedView",
    "eligibility": "schemas.applications:EligibilityView",
    "scheme": "schemas.agreements:SchemeView",
    "scheme-list": "schemas.agreements:SchemeList",
    "statement": "schemas.outputs:StatementView",
    "merger": "schemas.mergers:MergerProposed",
    "merger-list": "schemas.mergers:MergerList",
    "merger-preview": "schemas.mergers:MergerPreview",
    "suspension-list": "schemas.suspensions:SuspensionList",
    "token": "schemas.outputs:TokenReceipt",
    "transcript": "schemas.outputs:TranscriptReceipt",
    "verify": "schemas.reports:VerificationReport",
    "what-if": "schemas.what_if:TrialAnswer",
    "key-list": "schemas.api_keys:KeyList",
    "key-secret": "schemas.api_keys:KeySecret",
    "key-revoked": "schemas.api_keys:KeyRevoked",
    "worker-street": "schemas.streets:StreetView",
    "worker-list": "schemas.outputs:WorkerList",
}
"""Where the contract of each output stands; loaded when it is asked for."""

SCHEMA_OF_COMMAND = {
    "access matrix": "access-matrix",
    "account add": "account",
    "account bind": "account-bind",
    "account factor reset": "account-factor-reset",
    "account invite": "account-invite",
    "account list": "account-list",
    "account password": "account",
    "account sessions": "account-sessions",
    "account unbind": "account-unbind",
    "account unlock": "account-unlock",
    "accreditation end": "proposal",
    "accreditation list": "accreditation-list",
    "accreditation narrow": "proposal",
    "accreditation propose": "proposal",
    "agreements accept": "proposal",
    "agreements decline": "proposal",
    "agreements end": "proposal",
    "agreements list": "agreement-list",
    "agreements propose": "proposal",
    "agreements scheme": "scheme",
    "agreements schemes": "scheme-list",
    "appeal answer": "appeal",
    "appeal decide": "appeal",
    "appeal escalate": "appeal",
    "appeal file": "appeal",
    "access-request decline": "access-request",
    "access-request grant": "access-request",
    "access-request list": "access-request-list",
    "share list": "share-list",
    "share make": "share-made",
    "share revoke": "share",
    "appeal list": "appeal-list",
    "appeal show": "appeal",
    "correction list": "correction-list",
    "correction show": "correction",
    "appeal withdraw": "appeal",
    "approve": "proposal",
    "access log": "access-log",
    "audit export": "audit-export",
    "incident list": "incidents",
    "incident open": "incident",
    "incident tell": "incident",
    "incident close": "incident",
    "audit search": "audit-search",
    "audit seal": "audit-seal",
    "audit verify": "audit-verify",
    "nightly": "nightly",
    "nightly-runs": "nightly-runs",
    "review decide": "pair",
    "review list": "pair-list",
    "suspension list": "suspension-list",
    "suspension next": "proposal",
    "suspension propose": "proposal",
    "chain checkpoint": "checkpoint",
    "chain verify": "chain",
    "db check": "db-check",
    "db upgrade": "db-upgrade",
    "demo": "demo",
    "demo accounts": "demo-accounts",
    "demo code": "demo-code",
    "demo purge": "demo-purge",
    "dossier": "dossier",
    "dossier erase": "proposal",
    "dossier export": "dossier-export",
    "dossier show": "dossier",
    "dossier freeze": "proposal",
    "dossier unfreeze": "proposal",
    "exchange export": "exchange-receipt",
    "exchange import": "exchange-report",
    "intake": "intake",
    "keys index retire": "keys-index",
    "keys index rotate": "keys-rotation",
    "keys index status": "keys-index",
    "keys master new": "keys-master",
    "keys master retire": "keys-master",
    "keys master rotate": "keys-rotation",
    "keys master status": "keys-master",
    "ledger audit": "ledger-audit",
    "ledger export": "ledger-export",
    "ledger rebuild": "ledger-rebuild",
    "merger list": "merger-list",
    "merger preview": "merger-preview",
    "merger propose": "proposal",
    "merger show": "merger",
    "organisation add": "organisation",
    "organisation list": "organisation-list",
    "proposals decline": "proposal",
    "posted cancel": "posted",
    "posted list": "posted-list",
    "posted resume": "posted",
    "posted show": "posted",
    "posted template": "posted-template",
    "posted undo": "posted",
    "posted workbook": "posted",
    "proposals list": "proposals",
    "provenance": "provenance",
    "record add": "receipt",
    "record correct": "receipt",
    "record show": "record-show",
    "record withdraw": "receipt",
    "next-step": "next-step",
    "redemption accept": "redemption",
    "redemption annul": "proposal",
    "redemption apply": "redemption",
    "redemption decline": "redemption",
    "redemption list": "redemptions",
    "redemption end": "offer",
    "redemption offers": "offers",
    "redemption preview": "redemption-preview",
    "redemption publish": "offer",
    "redemption withdraw": "redemption",
    "rules check": "rules-check",
    "rules diff": "rules-diff",
    "rules explain": "rules-explain",
    "rules publish": "proposal",
    "rules show": "rules",
    "rules what-if": "what-if",
    "schema": "schema",
    "eligibility": "eligibility",
    "statement": "statement",
    "token": "token",
    "transcript": "transcript",
    "verify": "verify",
    "key list": "key-list",
    "key make": "key-secret",
    "key rotate": "key-secret",
    "key revoke": "key-revoked",
    "worker street": "worker-street",
    "worker list": "worker-list",
}
"""Which schema describes the answer of each command."""


@app.command("schema")
@plainly
def schema(name: SchemaName = None, *, as_json: Json = False) -> None:
    """Print the JSON schema of a command's output, or list the names."""
    from archive.cli.answers import answer
    from archive.cli.voice import Voice
    from archive.settings import load_settings
    from schemas.outputs import SchemaList

    if name is not None:
        typer.echo(json.dumps(schema_named(name), ensure_ascii=False, indent=2).encode())
        return
    names = SchemaList(names=tuple(sorted((*CONTRACTS, RECORD))))

    def show(voice: Voice) -> None:
        for one in names.names:
            voice.line(one)

    answer(names, load_settings(), show, as_json=as_json)


def schema_named(name: str) -> dict[str, Any]:
    """Return a JSON schema by its name, or by the command whose output it describes.

    Raises UnknownSchemaError.
    """
    by_command = {one.replace(" ", "-"): schema for one, schema in SCHEMA_OF_COMMAND.items()}
    known = by_command.get(name.replace(" ", "-"), name)
    if name == RECORD:
        from schemas.records import RECORD as ANY_RECORD

        return ANY_RECORD.json_schema()
    return contract_named(known if known in CONTRACTS else name).model_json_schema(
        mode="serialization"
    )


def contract_named(name: str) -> "type[Contract]":
    """Return the contract of an output. Raises UnknownSchemaError."""
    if name not in CONTRACTS:
        raise UnknownSchemaError
    module, _, attribute = CONTRACTS[name].partition(":")
    found: type[Contract] = getattr(import_module(module), attribute)
    return found
