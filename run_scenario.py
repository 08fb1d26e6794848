"""Run scenarios: python run_scenario.py SCENARIO.yaml [more ...] [--set path=value] [--out DIR]."""

import sys

from model.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["run", *sys.argv[1:]]))
