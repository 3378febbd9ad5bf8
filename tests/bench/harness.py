#!/usr/bin/env python3
"""The judging and printing of bench/run, on made-up numbers: nothing is measured here."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from harness import check, document, figures, goals, kernels, peers, runs, sizes  # noqa: E402

PARTS = {
    part.name: part
    for part in (kernels.Kernel, kernels.Events, runs.Start, sizes.Threads, sizes.Build, sizes.Memory, runs.Methods)
}


def less(value):
    return {"value": value, "better": "less"}


def more(value):
    return {"value": value, "better": "more"}


def summary(median, least=None):
    return {"median": median, "min": least if least is not None else median, "n": 3}


def kernel(ratio, precision="single"):
    floor = 4.0
    return {
        "cells": 4000,
        "windows": 9,
        "kernels": [
            {
                "precision": precision,
                "target": "avx2",
                "width": 8,
                "floor_ns": summary(floor),
                "kernel_ns": summary(floor * ratio),
                "ratio": {"median": ratio, "min": ratio},
                "spikes": {"floor": 9, "kernel": 9},
            }
        ],
    }


def verdicts(now, then):
    return {name: verdict for name, verdict, *_ in check.compare(now, then)}


class Comparing(unittest.TestCase):
    def test_a_loss_of_16_percent_fails_and_one_of_14_passes(self):
        self.assertEqual(verdicts({"r": less(1.16)}, {"r": less(1.0)}), {"r": "lost"})
        self.assertEqual(verdicts({"r": less(1.14)}, {"r": less(1.0)}), {"r": "kept"})

    def test_where_more_is_better_a_loss_is_a_smaller_number(self):
        self.assertEqual(verdicts({"r": more(1.9 * 0.84)}, {"r": more(1.9)}), {"r": "lost"})
        self.assertEqual(verdicts({"r": more(1.9 * 0.86)}, {"r": more(1.9)}), {"r": "kept"})

    def test_a_gain_passes_however_large(self):
        self.assertEqual(verdicts({"r": less(0.2), "s": more(9)}, {"r": less(1.0), "s": more(1.0)}), {"r": "kept", "s": "kept"})

    def test_rows_of_one_side_only_are_told_and_not_judged(self):
        now, then = {"r": less(9.0)}, {"s": less(1.0)}
        self.assertEqual(verdicts(now, then), {"r": "new", "s": "missing"})
        text = check.text(check.compare(now, then))
        self.assertIn("no committed ratio: not judged", text)
        self.assertIn("not measured in this run", text)

    def test_a_second_measurement_can_only_mend(self):
        merged = check.better_of({"r": less(1.3), "s": more(1.0)}, {"r": less(1.1), "s": more(0.5)})
        self.assertEqual(merged, {"r": less(1.1), "s": more(1.0)})

    def test_machines_of_another_class_have_nothing_to_compare_with(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "baseline.json"
            self.assertIsNone(check.read(path, "x86_64 avx2"))
            check.write(path, "x86_64 avx2", "a machine", {"r": less(1.0)})
            self.assertIsNone(check.read(path, "aarch64 other"))
            self.assertEqual(check.read(path, "x86_64 avx2"), {"r": less(1.0)})

    def test_rows_that_were_not_measured_stay_committed(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "baseline.json"
            check.write(path, "a", "old", {"r": less(1.0), "s": less(2.0)})
            check.write(path, "b", "other", {"r": less(5.0)})
            check.write(path, "a", "new", {"r": less(0.9)})
            self.assertEqual(check.read(path, "a"), {"r": less(0.9), "s": less(2.0)})
            self.assertEqual(check.read(path, "b"), {"r": less(5.0)})


class Ratios(unittest.TestCase):
    def test_every_kernel_is_a_row(self):
        self.assertEqual(check.ratios({"kernel": kernel(1.05)}, PARTS), {"kernel / floor, single, avx2": less(1.05)})

    def test_building_is_set_against_the_hand_written_kernel_and_left_out_without_it(self):
        build = {"cells": 9, "synapses": 9, "ns": {"bernoulli": summary(22, 20)}}
        name = "a synapse by bernoulli / a cell and step by hand"
        self.assertEqual(check.ratios({"kernel": kernel(1.0), "build": build}, PARTS)[name], less(5.0))
        self.assertEqual(check.ratios({"build": build}, PARTS), {})

    def test_threads_gain(self):
        row = {
            "cells": 40000,
            "precision": "double",
            "chosen": 2,
            "ns": {"0": summary(5.0), "1": summary(9.0), "2": summary(5.0)},
        }
        found = check.ratios({"threads": {"rows": [row]}}, PARTS)
        self.assertEqual(found, {"2 threads / 1, 40000 cells, double": more(1.8)})

    def test_bytes_of_cells_and_synapses_come_of_differences(self):
        at = lambda cells, degree: {
            "cells": cells,
            "degree": degree,
            "peak": 7e7 + 40 * cells + 5 * cells * degree,
            "counted": 0,
            "build_s": 1,
        }

        class Eic:
            @staticmethod
            def peak_memory(*arguments, model):
                values = dict(word.split("=") for word in arguments if "=" in str(word))
                one = at(int(values["n_exc"]) + int(values["n_inh"]), int(values["k"]))
                return one["peak"], {"bytes": one["peak"] - 7e7, "build_s": 1.0}

        class Bench:
            quick, eic = True, Eic()

        result = sizes.Memory.measure(Bench())
        self.assertAlmostEqual(result["peak_a_synapse"], 5)
        self.assertAlmostEqual(result["peak_a_cell"], 40)
        self.assertAlmostEqual(sizes.Memory.whole_gb(result)[0], 5.11, places=6)


class Goals(unittest.TestCase):
    def row(self, parts, goal):
        return next(row for row in goals.rows(parts) if row.goal == goal)

    def test_what_was_not_measured_is_open(self):
        self.assertEqual({row.reached() for row in goals.rows({})}, {None})

    def test_a_bound_from_above_and_one_from_below(self):
        self.assertTrue(self.row({"kernel": kernel(1.09)}, "kernel / hand-written, single, avx2").reached())
        self.assertFalse(self.row({"kernel": kernel(1.11)}, "kernel / hand-written, single, avx2").reached())
        threads = {
            "rows": [
                {
                    "cells": 40000,
                    "precision": "double",
                    "chosen": 1,
                    "ns": {"0": summary(9.0), "1": summary(9.0), "2": summary(5.0)},
                }
            ]
        }
        self.assertTrue(self.row({"threads": threads}, "two threads, 40,000 cells, double").reached())
        threads["rows"][0]["ns"]["2"] = summary(5.1)
        self.assertFalse(self.row({"threads": threads}, "two threads, 40,000 cells, double").reached())

    def test_the_nearest_peer_counts_and_precisions_are_not_mixed(self):
        def one(name, precision, ms):
            return {"name": name, "precision": precision, "threads": 1, "ms_per_1000_steps": summary(ms)}

        result = {
            "rows": [
                one("eic", "single", 20),
                one("eic", "double", 50),
                one("Arbor", "double", 1500),
                one("NEST", "double", 390),
                one("braincell (JAX)", "single", 160),
            ]
        }
        row = self.row({"peers": result}, "every other peer / eic, same precision, one core")
        self.assertAlmostEqual(row.figure, 7.8)
        self.assertFalse(row.reached())
        self.assertIn("NEST", row.note)
        self.assertAlmostEqual(self.row({"peers": result}, "braincell / eic, single, one core").figure, 8)
        self.assertIsNone(self.row({"peers": result}, "braincell / eic, double, one core").figure)


class Printing(unittest.TestCase):
    def test_three_digits(self):
        for value, text in (
            (0, "0"),
            (1234.5, "1,234"),
            (123.4, "123"),
            (12.34, "12.3"),
            (1.234, "1.23"),
            (0.1234, "0.123"),
            (0.01234, "0.0123"),
        ):
            self.assertEqual(figures.short(value), text)
        self.assertEqual(figures.short(None), "–")

    def test_only_measured_tables_of_the_page_are_rewritten(self):
        page = "a\n<!-- bench: kernel -->\nold\n<!-- bench end -->\nb\n<!-- bench: start -->\nkept\n<!-- bench end -->\n"
        self.assertEqual(document.rewritten(page, {"kernel": "new"}), page.replace("old", "new"))
        with self.assertRaises(document.NoPlace):
            document.rewritten(page, {"memory": "new"})

    def test_the_page_has_a_place_for_every_part(self):
        page = (pathlib.Path(__file__).resolve().parents[2] / "docs/performance.md").read_text()
        document.rewritten(page, {name: "" for name in (*PARTS, "peers", "goals", "machine")})


class PeersOfTheTable(unittest.TestCase):
    def test_each_has_a_script_and_requirements(self):
        for name in peers.NAMES:
            self.assertTrue((peers.HERE / f"on_{name}.py").exists(), name)
            self.assertTrue((peers.HERE / f"requirements/{name}.txt").exists(), name)

    def test_the_network_is_drawn_alike_each_time_and_the_flagship_takes_it(self):
        sys.path.insert(0, str(peers.HERE))
        import network

        one, two = network.draw(200, 1), network.draw(200, 1)
        self.assertEqual((one.v, one.targets), (two.v, two.targets))
        self.assertEqual(len(one.targets), 200 * network.OUT_DEGREE)
        self.assertEqual(network.listed_model(200).count("csv("), 3)


if __name__ == "__main__":
    unittest.main()
