"""All routers, once: the application serves them, tests walk them."""

from fastapi import APIRouter, Depends

from archive.web.api import access_log as access_log_api
from archive.web.api import accounts as accounts_api
from archive.web.api import accreditations as accreditations_api
from archive.web.api import agreements as agreements_api
from archive.web.api import audit as audit_api
from archive.web.api import (
    badges,
    batches,
    document_lists,
    documents,
    dossiers,
    exchange,
    intake,
    people,
    records,
    redemptions,
    tokens,
    verification,
)
from archive.web.api import bureau as bureau_api
from archive.web.api import cases as cases_api
from archive.web.api import classes as classes_api
from archive.web.api import corrections as corrections_api
from archive.web.api import courses as courses_api
from archive.web.api import keys as keys_api
from archive.web.api import mergers as mergers_api
from archive.web.api import personal as personal_api
from archive.web.api import proofs as proofs_api
from archive.web.api import rules as rules_api
from archive.web.api import shares as shares_api
from archive.web.api import sightings as sightings_api
from archive.web.api import streets as streets_api
from archive.web.api import what_if as what_if_api
from archive.web.api import xapi as xapi_api
from archive.web.guard import own_site_only
from archive.web.pages import (
    access,
    access_log,
    account,
    account_factors,
    accreditations,
    admin,
    agreements,
    appeals,
    arriving,
    audit,
    bureau,
    cases,
    class_checks,
    classes,
    closures,
    correction_desks,
    corrections,
    counter,
    courses,
    declarations,
    document_batches,
    eligibility,
    employer,
    enrolling,
    exchanging,
    incidents,
    intake_runs,
    interface,
    keys,
    mergers,
    own_records,
    passkey_sign_in,
    personal,
    platforms,
    proofs,
    proving,
    public,
    receiving,
    relatives,
    rights,
    rules,
    shared,
    shares,
    sign_in,
    sign_ins,
    single_records,
    staff,
    statements,
    teaching,
    trainer,
    trust,
    vouching,
    well_known,
    what_if,
    worker,
)
from archive.web.pages import documents as document_pages
from archive.web.pages import redemptions as redemption_pages
from archive.web.plain_fields import plain_fields_only

API: tuple[APIRouter, ...] = (
    people.router,
    personal_api.router,
    dossiers.router,
    document_lists.router,
    documents.router,
    proofs_api.router,
    access_log_api.router,
    records.router,
    batches.router,
    badges.router,
    xapi_api.router,
    streets_api.router,
    sightings_api.router,
    intake.router,
    verification.router,
    accreditations_api.router,
    bureau_api.router,
    rules_api.router,
    agreements_api.router,
    exchange.router,
    what_if_api.router,
    redemptions.router,
    courses_api.router,
    classes_api.router,
    cases_api.router,
    corrections_api.router,
    mergers_api.router,
    shares_api.router,
    audit_api.router,
    accounts_api.router,
    keys_api.router,
    tokens.router,
)
PAGES: tuple[APIRouter, ...] = (
    public.router,
    trust.router,
    well_known.router,
    sign_in.router,
    enrolling.router,
    passkey_sign_in.router,
    vouching.router,
    proving.router,
    account.router,
    account_factors.router,
    arriving.router,
    worker.router,
    document_pages.router,
    document_batches.router,
    proofs.router,
    access_log.router,
    access.router,  # Before the shares': its addresses would be taken for one of them.
    shares.router,
    shared.router,
    redemption_pages.router,
    receiving.router,
    courses.router,
    classes.router,
    teaching.router,
    class_checks.router,
    statements.router,  # Before the bureau's, as eligibility.
    appeals.router,
    corrections.router,
    correction_desks.router,
    declarations.router,
    cases.router,
    mergers.router,
    relatives.router,
    intake_runs.router,  # Before the next: its addresses would be taken for uploads.
    single_records.router,  # Before what was posted: its addresses would be taken for records.
    own_records.router,
    trainer.router,
    platforms.router,
    employer.router,
    staff.router,
    sign_ins.router,
    admin.router,
    keys.router,
    counter.router,  # Before the bureau's, as eligibility.
    eligibility.router,  # Before the bureau's: its addresses would be taken for records.
    personal.router,  # Before the bureau's, too.
    closures.router,
    rights.router,
    bureau.router,
    accreditations.router,
    what_if.router,  # Before the rules': its address would be taken for a family.
    rules.router,
    exchanging.router,
    agreements.router,
    audit.router,
    incidents.router,
    interface.router,
)
ALL = API + PAGES

SITE = APIRouter(dependencies=[Depends(own_site_only), Depends(plain_fields_only)])
"""What the application serves, behind the cross-site guard.

It is put together once a process: the framework works a route's parameters out anew for each
application that includes it, at its first request, and 300 routes take most of a second.
"""
for _router in ALL:
    SITE.include_router(_router)
