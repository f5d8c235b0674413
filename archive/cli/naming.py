"""Whom a command means: by archive number, or by an identity number from standard input."""

import re
import sys

import typer
from sqlmodel import Session

from archive.cli.opened import Opened
from archive.cli.refusals import NumberAsArgumentError, OrganisationNeededError
from archive.people import look_ups, organisations
from archive.people.actors import Actor
from archive.people.identity import read_document
from archive.people.models import Organisation, Worker

STANDARD_INPUT = "-"
_IDENTITY_NUMBER = re.compile(r"\d{15}|\d{17}[\dXx]")


def worker_named(opened: Opened, text: str) -> Worker:
    """Return the worker that WORKER names.

    Raises UnknownWorkerError, NumberAsArgumentError, or an IdentityError for a number on
    standard input that cannot be one.
    """
    if text != STANDARD_INPUT:
        if _IDENTITY_NUMBER.fullmatch(text.strip()):
            raise NumberAsArgumentError
        return look_ups.worker_numbered(opened.session, text)
    document = read_document(_line(), today=opened.today)
    return look_ups.worker_with_document(opened.session, document)


def organisation_acting(session: Session, code: str | None, by: Actor) -> Organisation:
    """Return the organisation that is named, else that of the account.

    Raises UnknownOrganisationError, or OrganisationNeededError when there is neither.
    """
    if code is not None:
        return organisations.coded(session, code)
    if by.organisation_id is None:
        raise OrganisationNeededError
    return organisations.by_id(session, [by.organisation_id])[by.organisation_id]


def _line() -> str:
    """Return the first line of standard input; at a terminal it is typed unseen."""
    if sys.stdin.isatty():
        return str(typer.prompt("ID", hide_input=True, err=True))
    return sys.stdin.readline()
