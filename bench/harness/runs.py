"""Whole runs of `eic`: what starting takes, what each method costs. Kinds of run take turns, so that what else the machine does
hits all alike."""

import re

from .figures import Table, ratio, summaries
from .machine import ROOT
from .program import Failed

PRECISIONS = ("single", "double")


class Start:
    name, needs = "start", ("eic",)
    about = "the whole `eic run models/cobahh.eic`, cold and warm"

    @staticmethod
    def measure(bench):
        walls, loops, builds, compiles = {}, {}, {}, {}
        turns = 5 if bench.quick else 15
        for precision in PRECISIONS:
            bench.eic.run("--precision", precision, "--threads", 1)
        for turn in range(turns):
            for precision in PRECISIONS:
                for state in ("cold", "warm"):
                    cache = bench.scratch / f"cold-{precision}-{turn}" if state == "cold" else None
                    wall_s, report = bench.eic.run("--precision", precision, "--threads", 1, cache=cache)
                    walls.setdefault(f"{precision}, {state}", []).append(1000 * wall_s)
                    compiles.setdefault(f"{precision}, {state}", []).append(1000 * report["compile_s"])
                    loops.setdefault(precision, []).append(1000 * report["run_s"])
                    builds.setdefault(precision, []).append(1000 * report["build_s"])
        return {
            "turns": turns,
            "cells": report["cells"],
            "synapses": report["synapses"],
            "steps": report["steps"],
            "wall_ms": summaries(walls),
            "compile_ms": summaries(compiles),
            "build_ms": summaries(builds),
            "loop_ms": summaries(loops),
        }

    @staticmethod
    def tables(result):
        rows = []
        for label, key in (
            ("whole process", "wall_ms"),
            ("planning and compiling", "compile_ms"),
            ("building the network", "build_ms"),
            ("step loop", "loop_ms"),
        ):
            rows += [[f"{label}, {kind}", s["median"], s["min"]] for kind, s in sorted(result[key].items(), reverse=True)]
        return [
            Table(
                f"`eic run models/cobahh.eic`: {result['cells']} cells, {result['synapses']} synapses, {result['steps']} steps, "
                f"spikes written, one thread, {result['turns']} runs each in turns; ms.",
                ["", "median", "min"],
                rows,
            )
        ]

    @staticmethod
    def ratios(result):
        """Of what comes before and after the step loop to the loop: both scale with the machine."""
        return {
            f"{kind} start without the loop / step loop": (
                (wall["min"] - result["loop_ms"][kind.split(",")[0]]["min"]) / result["loop_ms"][kind.split(",")[0]]["min"],
                "less",
            )
            for kind, wall in result["wall_ms"].items()
        }


class Methods:
    name, needs = "methods", ("eic",)
    about = "a step by each method against one by exp_euler"
    base = "exp_euler"

    @staticmethod
    def methods():
        return re.findall(r"^EIC_METHOD\((\w+)", (ROOT / "compiler/sema/methods.def").read_text(), re.M)

    @classmethod
    def measure(cls, bench):
        """With a dt of 0.01 ms, at which the explicit ones are stable, too: what a step costs does not depend on it."""
        text = (ROOT / "bench/models/scaled.eic").read_text()
        models = {}
        for method in cls.methods():
            models[method] = bench.scratch / f"scaled_{method}.eic"
            models[method].write_text(text.replace("method = exp_euler", f"method = {method}"))
        arguments = ("--dt", "0.01 ms", "--duration", "5 ms" if bench.quick else "15 ms", "--threads", 1)
        kinds = [(method, precision) for precision in PRECISIONS for method in models]
        loops, failed = {}, {}
        for turn in range(4 if bench.quick else 9):
            for method, precision in list(kinds):
                try:
                    report = bench.eic.run(*arguments, "--precision", precision, model=models[method])[1]
                except Failed as fault:
                    failed[f"{method}, {precision}"] = str(fault).replace(f"{bench.scratch}/", "")
                    kinds.remove((method, precision))
                    continue
                if turn:  # the first compiles
                    per_cell_ns = 1e9 * report["run_s"] / report["steps"] / report["cells"]
                    loops.setdefault(f"{method}, {precision}", []).append(per_cell_ns)
        return {"cells": report["cells"], "steps": report["steps"], "ns": summaries(loops), "failed": failed}

    @classmethod
    def cost(cls, result, method, precision):
        return ratio(result["ns"][f"{method}, {precision}"], result["ns"][f"{cls.base}, {precision}"])

    @classmethod
    def tables(cls, result):
        methods = dict.fromkeys(key.split(",")[0] for key in result["ns"])
        rows = []
        for method in methods:
            row = [f"`{method}`"]
            for precision in PRECISIONS:
                known = f"{method}, {precision}" in result["ns"]
                cost = cls.cost(result, method, precision) if known else {"min": None, "median": None}
                row += [result["ns"][f"{method}, {precision}"]["min"] if known else None, cost["min"], cost["median"]]
            rows.append(row)
        return [
            Table(
                f"A step by each method: {result['cells']} cells, {result['steps']} steps of 0.01 ms, one thread; "
                "ns a cell and step (minimum), and how many times as much as exp_euler.",
                ["", "single, ns", "×, of minima", "of medians", "double, ns", "×, of minima", "of medians"],
                rows,
                [f"{kind} is left out: {why}" for kind, why in result["failed"].items()],
            )
        ]

    @classmethod
    def ratios(cls, result):
        keys = [key.split(", ") for key in result["ns"] if not key.startswith(cls.base + ",")]
        return {
            f"{method} / {cls.base}, {precision}": (cls.cost(result, method, precision)["min"], "less")
            for method, precision in keys
        }
