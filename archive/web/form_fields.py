"""All fields of a form, for forms whose fields are as many as the people on them."""

from typing import Annotated

from fastapi import Depends, Request

from archive.web.guard import carries_form


async def fields_of(request: Request) -> list[tuple[str, object]]:
    """Return the fields of a form, each as often as it was sent; none where there is no form."""
    if not carries_form(request):
        return []
    return [(name, value) for name, value in (await request.form()).multi_items()]


FormFields = Annotated[list[tuple[str, object]], Depends(fields_of)]
