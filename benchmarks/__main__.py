"""List the benchmarks and run them: all, or those named on the command line."""

import argparse
import importlib
import pkgutil
import sys
import time

import benchmarks

_WHOLE_BOOKS = ("audit", "what_if")


def names() -> list[str]:
    """Return the names of all benchmarks, in the order in which they run."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if not module.name.startswith("_")
    )


def run(name: str, workers: int | None) -> None:
    """Run one benchmark, perhaps over a smaller book, and say how long it took as a whole."""
    module = importlib.import_module(f"benchmarks.{name}")
    if workers is not None and name in _WHOLE_BOOKS:
        module.WORKERS = workers  # type: ignore[attr-defined]  # Both have it.
    summary = (module.__doc__ or "").strip().split("\n")[0]
    print(f"== {name}: {summary}", flush=True)
    began = time.perf_counter()
    module.main()
    print(f"== {name}: {time.perf_counter() - began:.1f} s in all\n", flush=True)


def main() -> int:
    """Run what was asked for; with nothing to run, say so."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"one of: {', '.join(names()) or 'none yet'}")
    parser.add_argument(
        "--workers", type=int, help=f"of the whole books ({', '.join(_WHOLE_BOOKS)}): this many"
    )
    given = parser.parse_args()
    asked = given.name or names()
    unknown = sorted(set(asked) - set(names()))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    print(f"Benchmarks: {', '.join(asked) or 'none yet'}\n", flush=True)
    for name in asked:
        run(name, given.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
