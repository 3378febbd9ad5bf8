"""What grows with the network: threads at several sizes, building it, its memory. bench/models has what is run."""

import re

from . import machine
from .figures import Table, ratio, summaries, summary
from .machine import ROOT

SCALED, RULES = ROOT / "bench/models/scaled.eic", ROOT / "bench/models/rules.eic"


def sized(cells, targets=80):
    """Arguments that give scaled.eic so many cells, four fifths of them excitatory."""
    return ("--set", f"n_exc={cells * 4 // 5}", "--set", f"n_inh={cells - cells * 4 // 5}", "--set", f"k={targets}")


class Threads:
    name, needs = "threads", ("eic",)
    about = "one, two, … threads at 4 k to 1 M cells"
    # cells, biological time, precisions, turns: about half a second of steps a run
    sizes = (
        (4000, "100 ms", ("single", "double"), 9),
        (40000, "60 ms", ("single", "double"), 5),
        (400000, "8 ms", ("double",), 3),
        (1000000, "4 ms", ("double",), 3),
    )
    quick_sizes = ((4000, "100 ms", ("double",), 4), (40000, "20 ms", ("double",), 3))

    @staticmethod
    def counts():
        """1, 2, 4, … as far as there are processors; 0 stands for what the program chooses by itself."""
        most = len(machine.usable_cpus())
        return [0, *(n for n in (1, 2, 4, 8, 16, 32, 64) if n <= most)]

    @classmethod
    def measure(cls, bench):
        rows = []
        for cells, duration, precisions, turns in cls.quick_sizes if bench.quick else cls.sizes:
            bench.say(f"threads at {cells} cells")
            for precision in precisions:
                loops, chosen = {}, None
                for _ in range(turns):
                    for count in cls.counts():
                        threads = ("--threads", count) if count else ()
                        report = bench.eic.run(
                            *sized(cells), "--duration", duration, "--precision", precision, *threads, model=SCALED
                        )[1]
                        loops.setdefault(count, []).append(1e9 * report["run_s"] / report["steps"] / cells)
                        if count == 0:
                            chosen = report["threads"]
                rows.append(
                    {
                        "cells": cells,
                        "precision": precision,
                        "duration": duration,
                        "turns": turns,
                        "chosen": chosen,
                        "ns": {str(count): summary(values) for count, values in loops.items()},
                    }
                )
        return {"rows": rows}

    @staticmethod
    def gain(row, count):
        """How many times as fast as one thread; `0` is what the program chose."""
        return ratio(row["ns"]["1"], row["ns"][str(count)])

    @classmethod
    def tables(cls, result):
        counts = [int(n) for n in result["rows"][0]["ns"] if n not in ("0", "1")]
        rows = []
        for row in result["rows"]:
            cells = [f"{row['cells']:,} cells, {row['precision']}", row["ns"]["1"]["min"]]
            for count in (*counts, 0):
                gain = cls.gain(row, count)
                cells += [gain["median"], gain["min"]]
            rows.append([*cells, str(row["chosen"])])
        header = ["", "1 thread, ns a cell and step"]
        for count in counts:
            header += [f"{count} threads, ×", "of minima"]
        return [
            Table(
                "Threads: how many times as fast as one; the step loop of bench/models/scaled.eic, 80 synapses a cell.",
                [*header, "by itself, ×", "of minima", "chosen"],
                rows,
            )
        ]

    @classmethod
    def ratios(cls, result):
        found = {}
        for row in result["rows"]:
            for count in row["ns"]:
                if count not in ("0", "1"):
                    found[f"{count} threads / 1, {row['cells']} cells, {row['precision']}"] = (
                        cls.gain(row, count)["min"],
                        "more",
                    )
        return found


class Build:
    name, needs = "build", ("eic",)
    about = "synapses a second and core, each rule"

    @staticmethod
    def rules():
        return re.findall(r"^simulate (\w+)", RULES.read_text(), re.M)

    @classmethod
    def measure(cls, bench):
        cells, degree = 40000, 200
        rates, synapses = {}, 0
        for turn in range(3 if bench.quick else 6):
            for rule in cls.rules():
                report = bench.eic.run(
                    "--set", f"n={cells}", "--set", f"k={degree}", "--sim", rule, "--threads", 1, model=RULES, cpus=1
                )[1]
                if turn:
                    rates.setdefault(rule, []).append(1e9 * report["build_s"] / report["synapses"])
                    synapses = report["synapses"]
        return {"cells": cells, "synapses": synapses, "ns": summaries(rates)}

    @staticmethod
    def tables(result):
        rows = [
            [rule.replace("_", " "), s["median"], s["min"], 1e3 / s["median"], 1e3 / s["min"]] for rule, s in result["ns"].items()
        ]
        return [
            Table(
                f"Building a network: {result['cells']} cells, {result['synapses']} synapses by one rule, one core.",
                ["", "ns a synapse", "min", "M synapses/s", "at best"],
                rows,
            )
        ]

    @staticmethod
    def ratios(result):
        """Against each other they would hide what slows all of them; the caller gives a yardstick."""
        return {f"a synapse by {rule} / a cell and step by hand": (s["min"], "less") for rule, s in result["ns"].items()}


class Memory:
    name, needs = "memory", ("eic",)
    about = "bytes a cell and a synapse; a million cells with a thousand synapses each"
    goal_cells, goal_degree = 1_000_000, 1000

    @classmethod
    def measure(cls, bench):
        """Differences of peaks between sizes leave out what the program itself takes; they are large against what it frees before
        the network is built."""

        def peak(cells, degree):
            used, report = bench.eic.peak_memory(
                *sized(cells, degree), "--duration", "0.1 ms", "--precision", "single", "--threads", 1, model=SCALED
            )
            return {"cells": cells, "degree": degree, "peak": used, "counted": report["bytes"], "build_s": report["build_s"]}

        base = 100_000 if bench.quick else 200_000
        peak(base, 1)  # compiles, which takes more memory than a small network
        few, many = peak(2 * base, 1), peak(10 * base, 1)
        # from 16 synapses of a source in a block on targets are of 16 bits: below, the difference would be of two layouts
        thin, dense = peak(base, 100), peak(base, 300)
        result = {"precision": "single", "runs": [few, many, thin, dense], "whole": None}
        for key in ("peak", "counted"):
            a_synapse = (dense[key] - thin[key]) / (base * 200)
            result[f"{key}_a_synapse"] = a_synapse
            result[f"{key}_a_cell"] = (many[key] - few[key]) / (8 * base) - a_synapse
        if not bench.quick and machine.available_bytes() > 8e9:
            bench.say("a million cells with a thousand synapses each")
            result["whole"] = peak(cls.goal_cells, cls.goal_degree)
        return result

    @classmethod
    def whole_gb(cls, result):
        """(GB, whether it was measured): from the bytes a cell and synapse where it was not."""
        if result["whole"]:
            return result["whole"]["peak"] / 1e9, True
        dense = result["runs"][-1]
        cells = cls.goal_cells - dense["cells"]
        synapses = cls.goal_cells * cls.goal_degree - dense["cells"] * dense["degree"]
        return (dense["peak"] + cells * result["peak_a_cell"] + synapses * result["peak_a_synapse"]) / 1e9, False

    @classmethod
    def tables(cls, result):
        gb, measured = cls.whole_gb(result)
        rows = [
            ["bytes a synapse, constant weight", result["peak_a_synapse"], result["counted_a_synapse"]],
            ["bytes a cell of the flagship, single", result["peak_a_cell"], result["counted_a_cell"]],
            [
                "10⁶ cells × 1000 synapses, GB" + ("" if measured else " (reckoned)"),
                gb,
                result["whole"]["counted"] / 1e9 if measured else None,
            ],
        ]
        return [
            Table(
                "Memory: at the peak, as the system counts it, and what the program says it took for the network.",
                ["", "peak", "counted"],
                rows,
            )
        ]

    @staticmethod
    def ratios(result):
        return {"bytes a synapse": (result["peak_a_synapse"], "less"), "bytes a cell": (result["peak_a_cell"], "less")}
