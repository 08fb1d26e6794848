"""Writing all files of a run, by stage: wall and CPU seconds, and the peak of memory up to its end.

    python benchmarks/writing.py [SCENARIO] [--small] [--lang en] [--kept FILE]

The scenario is solved first, which does not count; --kept keeps its answer in a file, from which the next
call writes at once. --small takes the miniature inputs of the tests: what it takes is nearly the same for
every run. "Whole" is what a run does, imports included the first time; below it are its parts, each once
more.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.run import Meter  # noqa: E402
from model.base.faults import InputError  # noqa: E402
from model.base.garbage import seldom_collected  # noqa: E402
from model.pipeline.clock import Clock  # noqa: E402
from model.pipeline.prepare import INPUTS, read_inputs  # noqa: E402
from model.pipeline.run import Answered, answer, build_cases, write_answer  # noqa: E402
from model.report.messages import load_messages  # noqa: E402
from model.report.page import data  # noqa: E402
from model.report.page.figures import write_figures  # noqa: E402
from model.report.page.report import page  # noqa: E402
from model.report.products.write import write_products  # noqa: E402
from model.report.studies.emergency import write_emergency  # noqa: E402
from model.results.write import write_tables  # noqa: E402
from model.studies.emergency.lists import write_lists  # noqa: E402
from tests.small_inputs import write_small_run  # noqa: E402


def solved(scenario: Path, inputs: Path) -> Answered:
    """A scenario solved and not yet written; InputError where it can not be built."""
    built = build_cases(read_inputs(scenario, [], inputs))
    if built.faults:
        raise InputError(built.faults)
    return answer(built)


def measure(answered: Answered, lang: str, where: Path) -> None:
    """Write everything twice as a run does, then its parts one by one."""
    meter = Meter("writing")
    print(f"{'stage':22} {'wall s':>9} {'CPU s':>9} {'peak MB':>9}")
    for name in ("whole, first", "whole, again"):
        with meter.stage(name):
            write_answer(answered, where / "whole", lang, Clock("whole"))
    results, lists = answered.outcome.results, answered.lists
    m = load_messages(lang, results.names, data.is_small(results))
    with meter.stage("CSV, netCDF"):
        write_tables(results, where)
    with meter.stage("figures"):
        drawn = write_figures(results, m, where / "figures")
    with meter.stage("report.html"):
        page(results, m, drawn)
    with meter.stage("plan.xlsx, report.docx"):
        write_products(results, lists, lang, where)
    if lists is not None:
        with meter.stage("emergency lists"):
            write_lists(lists, where)
            write_emergency(lists, lang, where)


def main() -> None:
    """Solve or load, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    scenario = ROOT / "scenarios" / "inner_mongolia_2018_2020.yaml"
    parser.add_argument("scenario", nargs="?", type=Path, default=scenario)
    parser.add_argument("--small", action="store_true", help="the miniature inputs of the tests")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--kept", type=Path, help="file that keeps the answer from one call to the next")
    given = parser.parse_args()
    with seldom_collected(), tempfile.TemporaryDirectory() as folder:  # as a command does
        if given.kept is not None and given.kept.exists():
            answered = pickle.loads(given.kept.read_bytes())
        elif given.small:
            write_small_run(Path(folder))
            answered = solved(Path(folder) / "toy.yaml", Path(folder) / "inputs")
        else:
            answered = solved(given.scenario, INPUTS)
        if given.kept is not None:
            given.kept.write_bytes(pickle.dumps(answered))
        measure(answered, given.lang, Path(folder))


if __name__ == "__main__":
    main()
