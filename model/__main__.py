"""Commands: python -m model run|check|inventory|calibrate|curve|confidence|uncertainty|emergency
SCENARIO ..., compare FOLDER ..., new REGION

Exit status 0 done, 1 an enforced limit or a mandate is missed, 2 bad input or usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model.base.faults import Fault, InputError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    # Imported late, so that --help and a wrong word answer at once, and check needs no solver.
    try:
        if getattr(options, "workers", 1) < 1:
            fault = Fault("--workers", None, None, str(options.workers), "is too few", "write 1 or more")
            raise InputError([fault])
        if options.command in ("curve", "cities", "sweep", "emergency"):
            from model.results.write import out_faults

            if faults := out_faults(options.out):
                raise InputError(faults)
        if options.command == "new":
            from model.pipeline.new_region import new_region

            names = (options.name_en, options.name_zh)
            lines = new_region(
                options.region, options.inputs, options.scenarios, names, options.adcode, options.start
            )
            print("\n".join(lines))
            return 0
        if options.command == "check":
            from model.pipeline.check import check_all

            check_all(options.scenario, options.set, options.inputs)
            return 0
        if options.command == "compare":
            from model.pipeline.compare import compare

            return compare(options.folder, options.out)
        if options.command == "inventory":
            from model.pipeline.inventory import Asked, inventory

            looked = Asked(options.against, options.year)
            where = (options.inputs, options.out)
            return inventory(options.scenario, options.set, *where, looked, options.lang)
        if options.command == "emergency":
            from model.pipeline.emergency import emergency

            return emergency(options.scenario, options.set, options.inputs, options.out, options.lang)
        if options.command == "sweep":
            from model.pipeline.sweep import sweep

            where, spread = (options.inputs, options.out), (options.workers, options.scheduler)
            return sweep(options.scenario, options.set, *where, *spread, options.gap, options.lang)
        if options.command == "curve":
            from model.pipeline.curve import Wish, curve

            wish = Wish(
                tuple(options.pollutant), options.year, options.by == "city", options.points, options.held
            )
            where = (options.inputs, options.out)
            return curve(options.scenario, options.set, *where, wish, options.workers, options.lang)
        if options.command == "cities":
            return _run_cities(options)
        if options.command == "calibrate":
            from model.pipeline.calibrate import GLS, calibrate_all
            from model.pipeline.calibrate import Wish as ToCalibrate

            methods = tuple(options.method or (GLS,))
            told = (tuple(options.account), options.observations, methods)
            asked = ToCalibrate(*told, options.name, options.draws)
            where = (options.inputs, options.out)
            return calibrate_all(options.scenario, options.set, *where, asked, options.lang)
        if options.command == "confidence":
            from model.pipeline.confidence import Asked as Levels
            from model.pipeline.confidence import confidence

            levels = Levels(options.limit, tuple(options.levels))
            where = (options.inputs, options.out)
            return confidence(options.scenario, options.set, *where, levels, options.lang)
        if options.command == "uncertainty":
            from model.pipeline.uncertainty import Wish as OfPlan
            from model.pipeline.uncertainty import uncertain_plans

            numbers = (options.draws, options.seed, options.memory, options.sobol)
            where = (options.inputs, options.out)
            return uncertain_plans(
                options.scenario, options.set, *where, OfPlan(options.plan, *numbers), options.lang
            )
        from model.pipeline.run import run

        where, look = (options.inputs, options.out), (options.lang, options.workers, options.boundaries)
        return run(options.scenario, options.set, *where, *look)
    except InputError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        print(f"{len(error.faults)} fault(s); nothing was written", file=sys.stderr)
        return 2


def _run_cities(options: argparse.Namespace) -> int:
    from model.pipeline.cities import PERCENTS, PRICES, Asked, cities
    from model.pipeline.curve import Wish

    wish = Wish(tuple(options.pollutant), options.year, True, options.points, options.held)
    common = (options.percent or PERCENTS, options.tonnes or (), options.price or PRICES)
    asked = Asked(wish, options.target, *(tuple(values) for values in common))
    where = (options.inputs, options.out)
    return cities(options.scenario, options.set, *where, asked, options.workers, options.lang)


def _parser() -> argparse.ArgumentParser:
    root = Path(__file__).parents[1]
    parser = argparse.ArgumentParser(prog="python -m model", description="Least-cost clean-air plans.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("scenario", nargs="+", type=Path, metavar="SCENARIO.yaml")
    shared.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="path=value",
        help="change a value, as discount_rate=8 %%",
    )
    shared.add_argument(
        "--inputs", type=Path, default=root / "inputs", metavar="DIR", help="folder of the inputs"
    )
    commands.add_parser("check", parents=[shared], help="validate, say what would be built, solve nothing")
    written = argparse.ArgumentParser(add_help=False)
    written.add_argument(
        "--out", type=Path, default=root / "outputs", metavar="DIR", help="parent folder of the results"
    )
    written.add_argument("--lang", choices=["en", "zh"], default="en", help="language of the pages")
    run = commands.add_parser(
        "run", parents=[shared, written], help="find the least-cost plan and write the results"
    )
    run.add_argument("--workers", type=int, default=1, metavar="N", help="scenarios solved side by side")
    run.add_argument("--boundaries", type=Path, metavar="FILE", help="GeoJSON of the cities, for the maps")
    commands.add_parser(
        "emergency", parents=[shared, written], help="what to stop on days of alert, place by place"
    )
    looked = commands.add_parser(
        "inventory", parents=[shared, written], help="the inventory with ranges, beside those of others"
    )
    looked.add_argument(
        "--against", type=Path, metavar="FILE", help="another inventory, in the columns of other_inventories"
    )
    looked.add_argument(
        "--year", type=int, metavar="Y", help="year of the sources; the scenario's start without it"
    )
    both = commands.add_parser("compare", help="lay runs side by side, from the folders that they wrote")
    both.add_argument("folder", nargs="+", type=Path, metavar="DIR/SCENARIO")
    both.add_argument(
        "--out", type=Path, default=root / "outputs", metavar="DIR", help="folder of the tables"
    )
    cases = commands.add_parser(
        "sweep", parents=[shared, written], help="solve every case of the scenario's sweep"
    )
    cases.add_argument("--workers", type=int, default=1, metavar="N", help="cases solved side by side")
    cases.add_argument("--scheduler", metavar="ADDRESS", help="a Dask cluster in the place of --workers")
    cases.add_argument("--gap", type=float, default=1e-2, metavar="SHARE", help="gap at which a case is done")
    curve = commands.add_parser("curve", parents=[shared, written], help="least cost against reduction")
    curve.add_argument("--by", choices=["region", "city"], default="region", help="one curve, or one each")
    _curve(curve)
    _cities(commands.add_parser("cities", parents=[shared, written], help="lay cities side by side"))
    sure = commands.add_parser(
        "confidence", parents=[shared, written], help="what it costs to meet a limit with more certainty"
    )
    sure.add_argument("--limit", required=True, metavar="ID", help="limit of the scenario, on emission")
    sure.add_argument(
        "--levels",
        type=_numbers,
        default=[50.0, 60.0, 70.0, 80.0, 90.0, 95.0],
        metavar="PCT,..",
        help="per cent, 50,60,70,80,90,95 without it",
    )
    _uncertainty(
        commands.add_parser("uncertainty", parents=[shared, written], help="how sure a given plan is")
    )
    _calibrate(
        commands.add_parser(
            "calibrate", parents=[shared, written], help="what observations say of the tables"
        )
    )
    _new(
        commands.add_parser("new", help="write tables and a scenario of a new region that run as they are"),
        root,
    )
    return parser


def _numbers(text: str) -> list[float]:
    """Numbers between commas."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        message = f"'{text}' is not a list of numbers; write such as 50,80,95"
        raise argparse.ArgumentTypeError(message) from None


def _curve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pollutant", action="append", required=True, metavar="P", help="any number of times, as SO2"
    )
    parser.add_argument("--year", type=int, metavar="Y", help="decision year; the last one without it")
    parser.add_argument("--points", type=int, default=25, metavar="N", help="points of a curve at most")
    parser.add_argument(
        "--held", action="store_true", help="the plan's limits on other things, mandates and changes hold"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="curves found side by side")


def _cities(parser: argparse.ArgumentParser) -> None:
    _curve(parser)
    parser.add_argument(
        "--target", type=float, metavar="PCT", help="per cent to share out; the scenario's without it"
    )
    for name, unit, about in (
        ("percent", "PCT", "common cut, per cent of the frozen emission; 10, 20, 30 without any"),
        ("tonnes", "T", "common cut, t/yr"),
        ("price", "CNY", "common price, CNY/t; 2000, 10000, 50000 without any"),
    ):
        parser.add_argument(f"--{name}", type=float, action="append", metavar=unit, help=about)


def _uncertainty(parser: argparse.ArgumentParser) -> None:
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


def _calibrate(parser: argparse.ArgumentParser) -> None:
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


def _new(parser: argparse.ArgumentParser, root: Path) -> None:
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
        "--inputs", type=Path, default=root / "inputs", metavar="DIR", help="folder of the inputs"
    )
    parser.add_argument(
        "--scenarios", type=Path, default=root / "scenarios", metavar="DIR", help="folder of the scenario"
    )


if __name__ == "__main__":
    sys.exit(main())
