"""How shares and requests for access are shown to people."""

from archive.cli.voice import Voice
from archive.dossiers.scope_words import in_words
from schemas.access_requests import RequestList, RequestView
from schemas.shares import ShareList, ShareMade, ShareView


def show_made(voice: Voice, found: ShareMade) -> None:
    """Print a new share with its link, which is told this once."""
    voice.line(found.url)
    voice.say("Copy it now: it is shown only this once")
    voice.line()
    show_share(voice, found.share)


def show_share(voice: Voice, one: ShareView) -> None:
    """Print the terms of one share."""
    voice.facts(
        [
            ("Share link", str(one.id)),
            ("State", voice.word("share_state", one.state)),
            ("Shared with", one.for_whom),
            ("Purpose of use", one.purpose),
            ("Covers", voice.pick(in_words(one.scope))),
            ("As it stood at", voice.moment(one.frozen_at)),
            ("Link works until", voice.moment(one.expires_at)),
        ]
    )


def show_shares(voice: Voice, found: ShareList) -> None:
    """Print a worker's shares, a row each."""
    if not found.shares:
        voice.say("No share links.")
        return
    voice.table(
        ("Share link", "State", "Shared with", "Link works until", "Looks"),
        [
            (
                str(one.id),
                voice.word("share_state", one.state),
                one.for_whom,
                voice.moment(one.expires_at),
                str(len(one.looks)),
            )
            for one in found.shares
        ],
        right=("Looks",),
    )


def show_request(voice: Voice, one: RequestView) -> None:
    """Print one request, and the words of the consent where there is one."""
    voice.facts(
        [
            ("Request for access", str(one.id)),
            ("State", voice.word("request_state", one.state)),
            ("Organisation", f"{voice.pick(one.organisation.name)} ({one.organisation.code})"),
            ("Contact", one.contact),
            ("Purpose of use", one.purpose),
            ("Covers", voice.pick(in_words(one.granted or one.wanted))),
        ]
    )
    if one.words:
        voice.line()
        voice.line(voice.pick(one.words))


def show_requests(voice: Voice, found: RequestList) -> None:
    """Print the requests that a worker got, a row each."""
    if not found.requests:
        voice.say("No requests for access.")
        return
    voice.table(
        ("Request for access", "State", "Organisation", "Purpose of use"),
        [
            (
                str(one.id),
                voice.word("request_state", one.state),
                one.organisation.code,
                one.purpose,
            )
            for one in found.requests
        ],
    )
