"""Each line of the table of permissions, taken away, is noticed at a route."""

from typing import Annotated, get_args, get_origin, get_type_hints

import pytest

from archive.people import access, permissions
from archive.people.actors import Acting
from archive.people.permissions import TABLE
from archive.web.audiences import May
from schemas.ids import new_id
from schemas.vocabulary import Permission, Role, Scope
from tests.access_rows import ROUTES, Row, rows
from tests.access_stage import asked, stage
from tests.doors import STAFF

__all__ = ["stage"]
ROLE_OF: dict[str, Role | None] = {"stranger": None, "worker": Role.WORKER, **STAFF}


def _permission_of(name: str) -> Permission:
    """Return the permission that a route names."""
    hints = get_type_hints(ROUTES[name].endpoint, include_extras=True)
    (found,) = (
        dependency.permission
        for hint in hints.values()
        if get_origin(hint) is Annotated
        for dependency in (getattr(get_args(hint)[1], "dependency", None),)
        if isinstance(dependency, May)
    )
    return found


def _watched() -> dict[tuple[Permission, Role | None], tuple[Row, str]]:
    """Return, by line of the table and role, a row and an actor that would notice its loss."""
    found: dict[tuple[Permission, Role | None], tuple[Row, str]] = {}
    for name, row in sorted(rows().items()):
        named = row.all if row.all is not None else row.own | row.others
        for actor in sorted(named & ROLE_OF.keys()):
            found.setdefault((_permission_of(name), ROLE_OF[actor]), (row, actor))
    return found


ASKED_BY_SERVICES = {
    (Permission.ANSWER_APPLICATION, Role.EMPLOYER),
    (Permission.ANSWER_APPLICATION, Role.EMPLOYER_ADMINISTRATOR),
    (Permission.READ_APPEAL, Role.DEPARTMENT_CLERK),
    (Permission.READ_RECORD, Role.DEPARTMENT_CLERK),
    (Permission.READ_RECORD, Role.EMPLOYER),
    (Permission.READ_RECORD, Role.EMPLOYER_ADMINISTRATOR),
    (Permission.POST_IDENTITY, Role.CLERK),
    (Permission.POST_IDENTITY, Role.APPROVER),
    (Permission.READ_GRANTED, Role.DEPARTMENT_CLERK),
    (Permission.READ_GRANTED, Role.EMPLOYER),
    (Permission.READ_GRANTED, Role.EMPLOYER_ADMINISTRATOR),
    (Permission.EXPORT_DOSSIER, Role.CLERK),
    (Permission.EXPORT_DOSSIER, Role.APPROVER),
    (Permission.MANAGE_SYSTEM, Role.ADMINISTRATOR),
}

WATCHED = _watched()
NAMED = {permission for permission, _ in WATCHED} | {one for one, _ in ASKED_BY_SERVICES}
UNWATCHED = {
    (permission, role)
    for permission, reach in TABLE.items()
    for role in reach
    if role is not Role.CONSOLE and (permission, role) not in WATCHED and permission in NAMED
}
"""Lines that no route asks by itself; test_permissions.py asks them of the services."""


@pytest.mark.parametrize("permission", sorted({one for one, _ in WATCHED}))
def test_a_line_that_is_missing_from_the_table_is_noticed_at_a_route(
    stage, monkeypatch, permission
):
    whole = TABLE[permission]
    for role in whole:
        if (permission, role) not in WATCHED:
            continue
        row, actor = WATCHED[permission, role]
        shorter = {one: scope for one, scope in whole.items() if one != role}
        monkeypatch.setattr(permissions, "TABLE", {**TABLE, permission: shorter})
        assert asked(stage.door, stage.scene, row, actor, "own").is_refused, (role, row.route)


def test_every_line_of_the_table_is_watched_by_a_route_or_asked_by_a_service():
    assert UNWATCHED == ASKED_BY_SERVICES


@pytest.mark.parametrize(("permission", "role"), sorted(ASKED_BY_SERVICES))
def test_a_role_reaches_as_far_as_its_line_says_and_no_farther(permission, role):
    own = new_id()
    actor = Acting(new_id(), "somebody", role, organisation_id=own)
    reached = [access.reaches_organisation(actor, permission, one) for one in (own, new_id())]
    scope = TABLE[permission][role]
    assert access.may(actor, permission)
    assert reached == [scope is not Scope.GRANTED, scope is Scope.ALL]
