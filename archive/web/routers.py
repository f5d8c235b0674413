"""All routers, once: the application includes them, tests walk them."""

from fastapi import APIRouter

from archive.web.pages import public

ALL: tuple[APIRouter, ...] = (public.router,)
