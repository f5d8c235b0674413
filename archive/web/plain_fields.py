"""What is typed is text: a NUL in an address or a form is refused, before a database meets it."""

from fastapi import Request

from archive.web.guard import carries_form
from archive.web.refusals import RequestUnreadableError


async def plain_fields_only(request: Request) -> None:
    """Raise RequestUnreadableError where a field holds what PostgreSQL can keep in no text."""
    told: list[object] = [*request.query_params.values(), *request.path_params.values()]
    if carries_form(request):
        told += [value for _, value in (await request.form()).multi_items()]
    if any(isinstance(one, str) and "\0" in one for one in told):
        raise RequestUnreadableError
