"""List the benchmarks and run them: all, or those named on the command line."""

import argparse
import importlib
import pkgutil
import sys
import time

import benchmarks


def names() -> list[str]:
    """Return the names of all benchmarks, in the order in which they run."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if not module.name.startswith("_")
    )


def run(name: str) -> None:
    """Run one benchmark and say how long it took as a whole."""
    module = importlib.import_module(f"benchmarks.{name}")
    summary = (module.__doc__ or "").strip().split("\n")[0]
    print(f"== {name}: {summary}", flush=True)
    began = time.perf_counter()
    module.main()
    print(f"== {name}: {time.perf_counter() - began:.1f} s in all\n", flush=True)


def main() -> int:
    """Run what was asked for; with nothing to run, say so."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"one of: {', '.join(names()) or 'none yet'}")
    asked = parser.parse_args().name or names()
    unknown = sorted(set(asked) - set(names()))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    print(f"Benchmarks: {', '.join(asked) or 'none yet'}\n", flush=True)
    for name in asked:
        run(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
