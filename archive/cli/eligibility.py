"""``eligibility``: which levels a worker can apply for, and what is missing."""

from typing import Annotated

import typer

from archive.cli.options import Json, On, Worker
from archive.cli.plainly import plainly

app = typer.Typer()
Occupation = Annotated[
    str,
    typer.Option("--occupation", metavar="CODE", help="The occupation's code or name."),
]
RankAsked = Annotated[
    int | None,
    typer.Option(
        "--rank",
        metavar="N",
        min=1,
        max=7,
        help="One level, 1 (五级) to 7, with every condition; default all five in short.",
    ),
]
EmployerAsked = Annotated[
    str | None,
    typer.Option(
        "--employer", metavar="CODE", help="An employer that filed conditions of its own."
    ),
]


@app.command("eligibility")
@plainly
def show(
    worker: Worker,
    *,
    occupation: Occupation,
    rank: RankAsked = None,
    on: On = None,
    employer: EmployerAsked = None,
    as_json: Json = False,
) -> None:
    """Show which levels a worker can apply for on a day, and what is missing."""
    from archive.cli.answers import answer
    from archive.cli.eligibility_sheet import show_level, show_levels
    from archive.cli.naming import worker_named
    from archive.cli.opened import reading
    from archive.cli.voice import Voice
    from archive.dossiers import eligibility as eligible
    from archive.dossiers.occupations import find_occupation
    from schemas.vocabulary import Rank

    with reading() as opened:
        view = eligible.eligibility_of(
            opened.session,
            worker_named(opened, worker),
            occupation=find_occupation(occupation).code,
            ranks=eligible.USUAL if rank is None else (Rank(rank),),
            on=on or opened.today,
            employer=employer,
        )

    def tell(voice: Voice) -> None:
        if rank is None:
            show_levels(voice, view)
        else:
            show_level(voice, view, view.levels[0])

    answer(view, opened.settings, tell, as_json=as_json)
