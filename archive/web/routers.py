"""All routers, once: the application includes them, tests walk them."""

from fastapi import APIRouter

from archive.web.pages import bureau, employer, public, sign_in, trainer, worker

ALL: tuple[APIRouter, ...] = (
    public.router,
    sign_in.router,
    worker.router,
    trainer.router,
    employer.router,
    bureau.router,
)
