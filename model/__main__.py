"""Commands: python -m model run|check|inventory|calibrate|curve|cities|sweep|confidence|uncertainty|
emergency SCENARIO ..., compare FOLDER ..., new REGION

Exit status 0 done, 1 an enforced limit or a mandate is missed, 2 bad input or usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from model.base.faults import Fault, InputError
from model.base.garbage import seldom_collected

ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        if faults := _option_faults(options):
            raise InputError(faults)
        with seldom_collected():
            return int(options.does(options))
    except InputError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        print(f"{len(error.faults)} fault(s); nothing was written", file=sys.stderr)
        return 2


def _option_faults(options: argparse.Namespace) -> list[Fault]:
    """What is wrong with options that several commands have."""
    faults = []
    if getattr(options, "workers", 1) < 1:
        faults.append(Fault("--workers", None, None, str(options.workers), "is too few", "write 1 or more"))
    if "out" in options:
        from model.results.write import out_faults

        faults += out_faults(options.out)
    return faults


# What each command does. Imported late: --help and a wrong word answer at once, and check needs no solver.


def _run(options: argparse.Namespace) -> int:
    from model.pipeline.run import run

    where, look = (options.inputs, options.out), (options.lang, options.workers, options.boundaries)
    return run(options.scenario, options.set, *where, *look)


def _check(options: argparse.Namespace) -> int:
    from model.pipeline.check import check_all

    check_all(options.scenario, options.set, options.inputs)
    return 0


def _emergency(options: argparse.Namespace) -> int:
    from model.pipeline.emergency import emergency

    return emergency(options.scenario, options.set, options.inputs, options.out, options.lang)


def _inventory(options: argparse.Namespace) -> int:
    from model.pipeline.inventory import Asked, inventory

    asked, where = Asked(options.against, options.year), (options.inputs, options.out)
    return inventory(options.scenario, options.set, *where, asked, options.lang)


def _calibrate(options: argparse.Namespace) -> int:
    from model.pipeline.calibrate import GLS, Wish, calibrate_all

    told = (tuple(options.account), options.observations, tuple(options.method or (GLS,)))
    wish, where = Wish(*told, options.name, options.draws), (options.inputs, options.out)
    return calibrate_all(options.scenario, options.set, *where, wish, options.lang)


def _compare(options: argparse.Namespace) -> int:
    from model.pipeline.compare import compare

    return compare(options.folder, options.out)


def _sweep(options: argparse.Namespace) -> int:
    from model.pipeline.sweep import sweep

    where, spread = (options.inputs, options.out), (options.workers, options.scheduler)
    return sweep(options.scenario, options.set, *where, *spread, options.gap, options.lang)


def _curve(options: argparse.Namespace) -> int:
    from model.pipeline.curve import Wish, curve

    wish = Wish(tuple(options.pollutant), options.year, options.by == "city", options.points, options.held)
    where = (options.inputs, options.out)
    return curve(options.scenario, options.set, *where, wish, options.workers, options.lang)


def _cities(options: argparse.Namespace) -> int:
    from model.pipeline.cities import PERCENTS, PRICES, Asked, cities
    from model.pipeline.curve import Wish

    wish = Wish(tuple(options.pollutant), options.year, True, options.points, options.held)
    common = (options.percent or PERCENTS, options.tonnes or (), options.price or PRICES)
    asked = Asked(wish, options.target, *(tuple(values) for values in common))
    where = (options.inputs, options.out)
    return cities(options.scenario, options.set, *where, asked, options.workers, options.lang)


def _confidence(options: argparse.Namespace) -> int:
    from model.pipeline.confidence import Asked, confidence

    asked, where = Asked(options.limit, tuple(options.levels)), (options.inputs, options.out)
    return confidence(options.scenario, options.set, *where, asked, options.lang)


def _uncertainty(options: argparse.Namespace) -> int:
    from model.pipeline.uncertainty import Wish, uncertain_plans

    wish = Wish(options.plan, options.draws, options.seed, options.memory, options.sobol)
    where = (options.inputs, options.out)
    return uncertain_plans(options.scenario, options.set, *where, wish, options.lang)


def _new(options: argparse.Namespace) -> int:
    from model.pipeline.new_region import new_region

    names = (options.name_en, options.name_zh)
    places = (options.inputs, options.scenarios)
    print("\n".join(new_region(options.region, *places, names, options.adcode, options.start)))
    return 0


def _parser() -> argparse.ArgumentParser:
    """Every command with its options; `does` is what it does."""
    parser = argparse.ArgumentParser(prog="python -m model", description="Least-cost clean-air plans.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shared, written = _shared(), _written()

    def command(
        name: str, does: Callable[[argparse.Namespace], int], about: str, *more: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=more, help=about)
        made.set_defaults(does=does)
        return made

    command("check", _check, "validate, say what would be built, solve nothing", shared)
    _of_run(command("run", _run, "find the least-cost plan and write the results", shared, written))
    command("emergency", _emergency, "what to stop on days of alert, place by place", shared, written)
    _of_inventory(
        command("inventory", _inventory, "the inventory with ranges, beside those of others", shared, written)
    )
    _of_calibrate(command("calibrate", _calibrate, "what observations say of the tables", shared, written))
    _of_compare(command("compare", _compare, "lay runs side by side, from the folders that they wrote"))
    _of_sweep(command("sweep", _sweep, "solve every case of the scenario's sweep", shared, written))
    curve = command("curve", _curve, "least cost against reduction", shared, written)
    curve.add_argument("--by", choices=["region", "city"], default="region", help="one curve, or one each")
    _of_curves(curve)
    _of_cities(command("cities", _cities, "lay cities side by side", shared, written))
    _of_confidence(
        command(
            "confidence", _confidence, "what it costs to meet a limit with more certainty", shared, written
        )
    )
    _of_uncertainty(command("uncertainty", _uncertainty, "how sure a given plan is", shared, written))
    _of_new(command("new", _new, "write tables and a scenario of a new region that run as they are"))
    return parser


def _shared() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("scenario", nargs="+", type=Path, metavar="SCENARIO.yaml")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="path=value",
        help="change a value, as discount_rate=8 %%",
    )
    parser.add_argument(
        "--inputs", type=Path, default=ROOT / "inputs", metavar="DIR", help="folder of the inputs"
    )
    return parser


def _written() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--out", type=Path, default=ROOT / "outputs", metavar="DIR", help="parent folder of the results"
    )
    parser.add_argument("--lang", choices=["en", "zh"], default="en", help="language of the pages")
    return parser


def _of_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="scenarios solved side by side")
    parser.add_argument("--boundaries", type=Path, metavar="FILE", help="GeoJSON of the cities, for the maps")


def _of_inventory(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="another inventory, in the columns of other_inventories"
    )
    parser.add_argument(
        "--year", type=int, metavar="Y", help="year of the sources; the scenario's start without it"
    )


def _of_compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="+", type=Path, metavar="DIR/SCENARIO")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "outputs", metavar="DIR", help="folder of the tables"
    )


def _of_sweep(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="cases solved side by side")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a Dask cluster in the place of --workers")
    parser.add_argument(
        "--gap", type=float, default=1e-2, metavar="SHARE", help="gap at which a case is done"
    )


def _of_confidence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", required=True, metavar="ID", help="limit of the scenario, on emission")
    parser.add_argument(
        "--levels",
        type=_numbers,
        default=[50.0, 60.0, 70.0, 80.0, 90.0, 95.0],
        metavar="PCT,..",
        help="per cent, 50,60,70,80,90,95 without it",
    )


def _numbers(text: str) -> list[float]:
    """Numbers between commas."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        message = f"'{text}' is not a list of numbers; write such as 50,80,95"
        raise argparse.ArgumentTypeError(message) from None


def _of_curves(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pollutant", action="append", required=True, metavar="P", help="any number of times, as SO2"
    )
    parser.add_argument("--year", type=int, metavar="Y", help="decision year; the last one without it")
    parser.add_argument("--points", type=int, default=25, metavar="N", help="points of a curve at most")
    parser.add_argument(
        "--held", action="store_true", help="the plan's limits on other things, mandates and changes hold"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="curves found side by side")


def _of_cities(parser: argparse.ArgumentParser) -> None:
    _of_curves(parser)
    parser.add_argument(
        "--target", type=float, metavar="PCT", help="per cent to share out; the scenario's without it"
    )
    for name, unit, about in (
        ("percent", "PCT", "common cut, per cent of the frozen emission; 10, 20, 30 without any"),
        ("tonnes", "T", "common cut, t/yr"),
        ("price", "CNY", "common price, CNY/t; 2000, 10000, 50000 without any"),
    ):
        parser.add_argument(f"--{name}", type=float, action="append", metavar=unit, help=about)


def _of_uncertainty(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--plan", type=Path, metavar="FILE", help="a plan.csv; that of the run without it, else solved"
    )
    for name, default, about in (
        ("draws", 10_000, "draws of the uncertain numbers"),
        ("seed", 0, "seed of the draws"),
        ("memory", 500, "MB for draws beside those of the numbers"),
        ("sobol", 0, "base sample of Sobol indices, a power of 2 as 1024; none without it"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N", help=about)


def _of_calibrate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--account",
        action="append",
        default=[],
        metavar="A",
        help="account of observations, any number of times; those of the scenario's calibration without it",
    )
    parser.add_argument("--observations", type=Path, metavar="FILE", help="more rows of observations")
    parser.add_argument(
        "--method",
        action="append",
        metavar="M",
        help="gls; constant_ratio, reduce_offset_2050 ... or tree, to harmonise series; any number of times",
    )
    parser.add_argument("--name", default="posterior", metavar="ID", help="name of the calibration written")
    parser.add_argument("--draws", type=int, default=1000, metavar="N", help="draws for the ranges of totals")


def _of_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("region", metavar="REGION", help="name of the folder and of the scenario, as my_city")
    parser.add_argument("--name-en", metavar="NAME", help="English name; REGION without it")
    parser.add_argument("--name-zh", metavar="NAME", help="Chinese name")
    parser.add_argument(
        "--adcode", default="990000", metavar="CODE", help="six-digit code of the province, city or county"
    )
    parser.add_argument(
        "--start", type=int, default=2020, metavar="YEAR", help="year that the sources describe"
    )
    parser.add_argument(
        "--inputs", type=Path, default=ROOT / "inputs", metavar="DIR", help="folder of the inputs"
    )
    parser.add_argument(
        "--scenarios", type=Path, default=ROOT / "scenarios", metavar="DIR", help="folder of the scenario"
    )


if __name__ == "__main__":
    sys.exit(main())
