"""Against the hand-written: the compiled kernel (bench_kernel) and the delivery of events (bench_events), each with its
yardstick in one process, in turns. In: the build folder. Out: their JSON, as tables and ratios."""

import json

from .figures import Table
from .program import finished


class Kernel:
    name, needs = "kernel", ("bench_kernel",)
    about = "the compiled kernel against the hand-written one"

    @staticmethod
    def measure(bench):
        command = [bench.build / "bench_kernel", "--json", "--windows", 60 if bench.quick else 300]
        return json.loads(finished(command)[1])

    @staticmethod
    def tables(result):
        rows = [
            [
                f"{k['precision']}, {k['target']}, {k['width']} cells a vector",
                k["floor_ns"]["median"],
                k["floor_ns"]["min"],
                k["kernel_ns"]["median"],
                k["kernel_ns"]["min"],
                k["ratio"]["median"],
                k["ratio"]["min"],
            ]
            for k in result["kernels"]
        ]
        return [
            Table(
                f"The compiled kernel against the hand-written one: {result['cells']} cells, {result['windows']} windows each "
                "in turns; ns a cell and step, thread CPU time.",
                ["", "floor median", "min", "kernel median", "min", "ratio of medians", "of minima"],
                rows,
            )
        ]

    @staticmethod
    def ratios(result):
        return {f"kernel / floor, {k['precision']}, {k['target']}": (k["ratio"]["min"], "less") for k in result["kernels"]}


class Events:
    name, needs = "events", ("bench_events",)
    about = "delivery of events against a hand-written loop"

    @staticmethod
    def measure(bench):
        command = [
            bench.build / "bench_events",
            "--json",
            *(["--windows", 40, "--cells", 4000, "--cells", 65536] if bench.quick else []),
        ]
        return json.loads(finished(command)[1])

    @staticmethod
    def tables(result):
        rows = [
            [
                f"{e['precision']}, {e['cells']} cells",
                e["floor_ns"]["median"],
                e["floor_ns"]["min"],
                e["deliver_ns"]["median"],
                e["deliver_ns"]["min"],
                e["ratio"]["median"],
                e["ratio"]["min"],
            ]
            for e in result["events"]
        ]
        return [
            Table(
                "Delivery of events against a hand-written loop over the same rows; ns an event, thread CPU time.",
                ["", "loop median", "min", "delivery median", "min", "ratio of medians", "of minima"],
                rows,
            )
        ]

    @staticmethod
    def ratios(result):
        return {f"events / loop, {e['precision']}, {e['cells']} cells": (e["ratio"]["min"], "less") for e in result["events"]}
