#!/usr/bin/env python3
"""Puts tests/errors/planted_<n>_*.txt, what `eic check` says of our six planted models, into docs/diagnostics.md.

    python3 tests/diagnostics/ours.py [--check]

The page marks the places with `<!-- ours N -->`. With --check nothing is written, and the exit status is 1 where the page
says something else than the program.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/diagnostics.md"


def said(match):
    model = next(ROOT.glob(f"tests/errors/planted_{match[1]}_*.eic"))
    answer = model.with_suffix(".txt")
    text = re.sub(r"exit \d+\n$", "", answer.read_text()) if answer.exists() else "(no answer yet)\n"
    return f"<!-- ours {match[1]} -->\n```text\n{text}```\n"


before = PAGE.read_text()
after, count = re.subn(r"<!-- ours (\d) -->\n```text\n.*?```\n", said, before, flags=re.DOTALL)
if count != 6:
    sys.exit(f"{PAGE.name} has {count} places for our answers, 6 are wanted")
if "--check" not in sys.argv:
    PAGE.write_text(after)
elif after != before:
    sys.exit(f"{PAGE.name} does not say what tests/errors/planted_*.txt say: run tests/diagnostics/ours.py")
