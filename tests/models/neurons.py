#!/usr/bin/env python3
"""Writes what the tests of std.neurons and std.synapses compare with: runs of Brian2 and braincell out of the reference data,
thinned to a sample a ms, and where there are none (Gif, FitzHughNagumo, HindmarshRose, GABAb) solutions of equations typed
from the papers, by Runge-Kutta steps so small that the last digit written does not depend on them. Its output is kept.

    python3 tests/models/neurons.py <folder of the reference data>/library tests/models/data

Numbers of other simulators are copied as text, never re-printed. A spike's time is the end of its step. Needs python3 alone.
"""
import csv
import gzip
import io
import json
import sys
from pathlib import Path

METHODS = {"exponential_euler": "v_mV", "euler": "euler_mV", "rk2": "midpoint_mV", "rk4": "rk4_mV"}
POINTS = {"lif": "LIF", "alif": "ALIF", "expif": "ExpIF", "qif": "QIF", "adex_adapting": "AdEx_adapting",
          "adex_bursting": "AdEx_bursting", "adex_initial_burst": "AdEx_initial_burst", "izhikevich_rs": "Izhikevich_RS",
          "izhikevich_fs": "Izhikevich_FS", "izhikevich_ch": "Izhikevich_CH", "izhikevich_lts": "Izhikevich_LTS",
          "wang_buzsaki": "WangBuzsaki", "morris_lecar": "MorrisLecar"}
CELLS = {"hh1952": "HH1952", "rs_pospischil": "PospischilRS", "tc_relay": "ThalamicRelay", "re_reticular": "ThalamicReticular"}
SYNAPSES = {"dual_exp": "DualExp", "alpha": "Alpha", "ampa": "AMPA", "gabaa": "GABAa", "nmda": "NMDA", "bionmda": "BioNMDA"}


def rows(path):
    path = path if path.exists() else path.with_name(path.name + ".gz")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="") as file:
        return list(csv.DictReader(file))


def write(path, comment, header, lines):
    text = io.StringIO()
    text.write(f"# {comment}\n" + ",".join(header) + "\n")
    for line in lines:
        text.write(",".join(line) + "\n")
    path.write_text(text.getvalue())


def points(source, target):
    for name, model in POINTS.items():
        for stimulus in ("step", "sine"):
            about = json.loads((source / f"{name}_{stimulus}.json").read_text())
            table = [r for r in rows(source / f"{name}_{stimulus}.csv") if float(r["time_ms"]) % 1 == 0]
            columns = {f"v_{method}_mV": new for method, new in METHODS.items() if f"v_{method}_mV" in table[0]}
            columns["v_converged_mV"] = "converged_mV"
            write(target / f"{model}_{stimulus}.csv",
                  f"Brian2 2.11.0, dt 0.01 ms ({', '.join(about['methods'])}), and scipy (converged): {about['model']}",
                  ["time_ms", *columns.values()], ([r["time_ms"]] + [r[c] for c in columns] for r in table))
            spikes = rows(source / f"{name}_{stimulus}_spikes.csv")
            for method in [*about["methods"], "converged"]:
                ending = "" if method == "exponential_euler" else f"_{METHODS.get(method, method).removesuffix('_mV')}"
                write(target / f"{model}_{stimulus}_spikes{ending}.csv", f"of the same run, {method}", ["time_ms"],
                      ([r["time_end_ms"]] for r in spikes if r["method"] == method))


def cells(source, target):
    for name, model in CELLS.items():
        about = json.loads((source / f"{name}.json").read_text())
        table = [r for r in rows(source / f"{name}_v.csv") if float(r["time_ms"]) % 1 == 0]
        write(target / f"{model}.csv", f"braincell 0.2.0, ind_exp_euler, dt 0.025 ms, and scipy (converged): {about['model']['note']}",
              ["time_ms", "v_mV", "converged_mV"], ([r["time_ms"], r["v_indexpeuler_mV"], r["v_converged_mV"]] for r in table))
        write(target / f"{model}_spikes.csv", "of the same run: upward crossings of 0 mV", ["time_ms"],
              ([str(t)] for t in about["spikes_indexpeuler"]["times_ms"]))


def synapses(source, target):
    """Of 11 events the first three. Brian2's states that decay by themselves are in a row what the step that begins there
    uses, which stands in eic's next row; the others are those of the row's time in both."""
    for name, model in SYNAPSES.items():
        table = [r for r in rows(source / f"{name}.csv") if float(r["time_ms"]) <= 130]
        about = json.loads((source / f"{name}.json").read_text())
        columns = {"v_mV": "v_mV", "v_converged_mV": "converged_mV"}
        if "v_expeuler_full_mV" in table[0]:
            columns = {"v_expeuler_full_mV": "v_mV", "v_expeuler_frozenB_mV": "frozen_mV", "v_converged_mV": "converged_mV"}
        made = f"{about['method']}, dt 0.01 ms, scipy (converged)" if "frozen_mV" not in columns.values() else \
            "numpy (exponential Euler, the block's slope in J or frozen) and scipy (converged), dt 0.01 ms"
        write(target / f"{model}_v.csv", f"{made}: events raised at 20, 70, 120 ms, into 200 pF and 10 nS at -60 mV",
              ["time_ms", *columns.values()], ([r["time_ms"]] + [r[c] for c in columns] for r in table))
        if name in ("alpha", "ampa", "gabaa"):
            state, new = {"alpha": ("g_nS", "in.g_nS")}.get(name, ("s_1", "in.s"))
            write(target / f"{model}_s.csv", "of the same run", ["time_ms", new], ([r["time_ms"], r[state]] for r in table))


def rk4(f, x, t, dt):
    a = f(t, x)
    b = f(t + dt / 2, [y + dt / 2 * k for y, k in zip(x, a)])
    c = f(t + dt / 2, [y + dt / 2 * k for y, k in zip(x, b)])
    d = f(t + dt, [y + dt * k for y, k in zip(x, c)])
    return [y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4) for y, k1, k2, k3, k4 in zip(x, a, b, c, d)]


def solve(f, x, until, every, spike=None, per_ms=1000, crossings=None):
    """Samples and spike times; `spike` = (test, reset): the step that brings it is halved until its end is the spike;
    `crossings`: of what, from step to step, by a straight line."""
    samples, times, dt = [(0, x)], [], 1 / per_ms
    for k in range(until * per_ms):
        t, left = k * dt, dt
        while spike and spike[0](rk4(f, x, t, left)) and not spike[0](x):
            low, high = 0.0, left
            for _ in range(50):
                middle = (low + high) / 2
                low, high = (low, middle) if spike[0](rk4(f, x, t, middle)) else (middle, high)
            x = spike[1](rk4(f, x, t, high))
            t, left = t + high, left - high
            times.append(t)
        before, x = x[0], rk4(f, x, t, left)
        if crossings is not None and before < crossings <= x[0]:
            times.append(t + left * (crossings - before) / (x[0] - before))
        if (k + 1) % (every * per_ms) == 0:
            samples.append(((k + 1) // per_ms, x))
    return samples, times


def digits(x):
    return f"{x:.9g}"


def typed(target):
    """Equations of the papers, in mV, nA, ms, nF."""
    def gif(a, a1, a2, current):
        c, g, e, reset, b, inf, low, k1, k2 = 0.1, 0.005, -70, -70, 0.01, -50, -60, 0.2, 0.02
        f = lambda t, x: [(g * (e - x[0]) + x[1] + x[2] + current) / c, -k1 * x[1], -k2 * x[2], a * (x[0] - e) - b * (x[3] - inf)]
        return solve(f, [e, 0, 0, inf], 300, 5, (lambda x: x[0] > x[3], lambda x: [reset, a1, x[2] + a2, max(x[3], low)]), 200)
    for name, of in {"tonic": (0, 0, 0, 0.15), "adapting": (0.005, 0, 0, 0.2), "bursting": (0.005, 1, -0.06, 0.2)}.items():
        _, times = gif(*of)
        write(target / f"Gif_{name}_spikes.csv", f"Mihalas & Niebur (2009), {name}: neurons.py, Runge-Kutta 4, crossings halved",
              ["time_ms"], ([digits(t)] for t in times))

    def fitzhugh(t, x):
        return [x[0] - x[0]**3 / 3 - x[1] + 0.5, (x[0] + 0.7 - 0.8 * x[1]) / 12.5]
    samples, _ = solve(fitzhugh, [-1.19941, -0.62426], 200, 2)
    write(target / "FitzHughNagumo.csv", "I = 0.5 from V = -1.19941, W = -0.62426: neurons.py, Runge-Kutta 4, dt 0.001",
          ["time_ms", "v_mV", "W"], ([str(t), digits(x[0]), digits(x[1])] for t, x in samples))

    def hindmarsh(t, x):
        return [x[1] - x[0]**3 + 3 * x[0]**2 - x[2] + 2, 1 - 5 * x[0]**2 - x[1], 0.006 * (4 * (x[0] + 1.6) - x[2])]
    samples, times = solve(hindmarsh, [-1.6, -11.8, 0], 300, 2, crossings=1)
    write(target / "HindmarshRose.csv", "I = 2 from x = -1.6, y = -11.8, z = 0: neurons.py, Runge-Kutta 4, dt 0.001",
          ["time_ms", "v_mV", "y", "z"], ([str(t)] + [digits(y) for y in x] for t, x in samples))
    write(target / "HindmarshRose_spikes.csv", "of the same run: x crosses 1", ["time_ms"], ([digits(t)] for t in times))

    def gabab(pulse):  # r, s in uM, v in mV
        def f(t, x):
            g = 20 * x[1]**4 / (x[1]**4 + 100)  # nS
            return [0.09 * pulse * (1 - x[0]) - 0.0012 * x[0], 0.18 * x[0] - 0.034 * x[1],
                    (10 * (-60 - x[2]) + g * (-95 - x[2])) / 200]
        return f
    x, lines = [0, 0, -60], [["0", "-60", "0"]]
    for k in range(400000):  # 0.5 mM for 30 ms
        x = rk4(gabab(0.5 if k < 30000 else 0), x, k / 1000, 1 / 1000)
        if (k + 1) % 5000 == 0:
            lines.append([str((k + 1) // 1000), digits(x[2]), digits(x[1])])
    write(target / "GABAb_v.csv", "20 nS on 200 pF, 10 nS, -60 mV; 0.5 mM from 0 to 30 ms: neurons.py, Runge-Kutta 4, dt 0.001",
          ["time_ms", "v_mV", "in.s_uM"], lines)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = map(Path, sys.argv[1:])
    points(source / "point", target)
    cells(source / "cells", target)
    synapses(source / "synapses", target)
    typed(target)
