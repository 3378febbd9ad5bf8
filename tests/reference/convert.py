#!/usr/bin/env python3
"""Converts the reference data of other simulators into the CSV that eic reads (docs/language.md: columns by header,
times in ms, indices from 0 in the whole population). Run once; its output is kept in tests/reference/data, of what the
tests in tests/models and models read, beside these.

    python3 tests/reference/convert.py <folder of the reference data> tests/reference/data tests/models/data models/reference

Numbers are copied as text, never re-printed; only times are computed, exactly, from step numbers (dt = 0.1 ms). Needs
python3 alone.
"""
import csv
import gzip
import io
import json
import shutil
import sys
from pathlib import Path

CELLS = (0, 100, 319, 320, 399)  # of the traces of net400
EXACT = (200, 500, 1000)         # pA, of exact/: the traces that tests/reference reads
EXACT_SPIKES = (100, 200, 500, 1000, 2000)
EXACT_PSPS = ("epsp_6nS_hold-70", "ipsp_67nS_hold-70")  # one event at t = 0, from an exact resting state
METHODS = {"exp_euler": "ind_exp_euler", "euler": "euler", "midpoint": "midpoint", "heun": "heun2", "rk4": "rk4",
           "backward_euler": "backward_euler"}  # eic's name and braincell's
POINT = {"lif": {"exponential_euler": "exp_euler", "rk4": "rk4"}, "qif": {"euler": "euler", "rk4": "rk4"},
         "adex_adapting": {"euler": "euler", "rk2": "midpoint"}}  # Brian2's methods and eic's
GATES = {"Na_HH1952": {"p": "m", "q": "h"}, "K_HH1952": {"p": "n"}, "Na_TM1991": {"p": "m", "q": "h"}, "K_TM1991": {"p": "n"}}
LIBRARY_UNITS = {"cuba_lif400": "_pA", "coba_lif400": "_nS", "adex_delays100": "_nS",
                 "wang_buzsaki_gamma100": "_nS"}  # of gi; mS/cm^2 are nS on 100 um^2
SINGULAR = (-40, -55, -50, -23, -45)  # mV, where a rate of these channels is 0/0 (V_sh of tests/reference/curves.eic)


def rows(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="") as file:
        return list(csv.DictReader(file))


def write(path, comment, header, lines):
    text = io.StringIO()
    text.write(f"# {comment}\n" + ",".join(header) + "\n")
    for line in lines:
        text.write(",".join(line) + "\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.getvalue().encode()
    # mtime 0: the same input gives the same bytes
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


def ms(step):
    """The time of a step of 0.1 ms, exactly."""
    step = int(step)
    return f"{step // 10}.{step % 10}" if step % 10 else str(step // 10)


def single_cell(source, target):
    for path in sorted(source.glob("hh_*.csv")):
        table = rows(path)
        made = "braincell 0.1.0, ind_exp_euler, float64; row k is the state after k steps of 0.1 ms"
        write(target / f"{path.stem}.csv.gz", made, ["time_ms", "v_mV", "m", "h", "n"],
              ([ms(r["step"]), r["v_mV"], r["m"], r["h"], r["n"]] for r in table))
        write(target / f"{path.stem}_spikes.csv", "braincell 0.1.0: upward crossings of 0 mV", ["time_ms"],
              ([ms(r["step"])] for r in table if int(r["spike"])))


def spikes(path, target):
    """A spike of step k has the time (k + 1) dt."""
    write(target, "braincell 0.1.0, float64: upward crossings of 0 mV", ["time_ms", "index"],
          ([ms(int(r["step"]) + 1), r["neuron"]] for r in rows(path)))


def connections(path, target):
    """Sorted: equal weights add up alike in any order, and sorted rows are small when compressed."""
    pairs = sorted((int(r["pre"]), int(r["post"])) for r in rows(path))
    write(target, "pre within its view, post within the whole population", ["pre", "post"],
          ([str(a), str(b)] for a, b in pairs))


def traces(path, target):
    """Row k is the state at the end of step k; a conductance is what that step used."""
    columns = [(f"V_mV_{c}", f"v[{c}]_mV") for c in CELLS]
    columns += [(f"gE_nS_{c}", f"exc.s[{c}]_nS") for c in CELLS] + [(f"gI_nS_{c}", f"inh.s[{c}]_nS") for c in CELLS]
    write(target, "braincell 0.1.0, float64", ["time_ms"] + [new for _, new in columns],
          ([ms(int(r["step"]) + 1)] + [r[old] for old, _ in columns] for r in rows(path)))


def network(source, target, leaks, ending):
    for name in ("exc", "inh"):
        connections(source / f"{name}.csv{ending}", target / f"{name}.csv.gz")
    start = rows(source / f"v0.csv{ending}")
    write(target / "v0.csv.gz", "the start, a line a cell", ["v_mV"], ([r["v_mV"]] for r in start))
    for leak in leaks:
        spikes(source / f"spikes_{leak}.csv{ending}", target / f"spikes_{leak}.csv.gz")


def exact(source, target):
    for current in EXACT:
        made = "scipy LSODA, rtol 1e-11: the exact solution from -65 mV, gates at steady state"
        write(target / f"trace_I{current}.csv.gz", made,
              ["time_ms", "v_mV", "m", "h", "n"],
              ([r["t_ms"], r["V_mV"], r["m"], r["h"], r["n"]] for r in rows(source / f"trace_I{current}.csv.gz")))
    write(target / "spikes.csv", "scipy: the exact times of upward crossings of -20 mV", ["current_pA", "time_ms"],
          ([r["I_pA"], r["t_ms"]] for r in rows(source / "spikes.csv.gz") if int(r["I_pA"]) in EXACT_SPIKES))
    holding = {r["name"]: r["I_hold_pA"] for r in rows(source / "psp_summary.csv.gz")}
    for name in EXACT_PSPS:
        made = f"scipy LSODA, rtol 1e-11: one event at t = 0, from rest at -70 mV, where {holding[name]} pA hold the cell"
        write(target / f"{name}.csv.gz", made, ["time_ms", "v_mV", "m", "n"],
              ([r["t_ms"], r["V_mV"], r["m"], r["n"]] for r in rows(source / f"{name}.csv.gz")))


def curves(source, target):
    """A row a voltage, a column a gate's inf or tau; and the voltages at which rates are compared with closed forms."""
    table = {}
    for r in rows(source / "channel_curves.csv.gz"):
        if gate := GATES.get(r["channel"], {}).get(r["gate"]):
            row = table.setdefault(float(r["v_mV"]), {"v_mV": r["v_mV"]})
            row[f"{r['channel']}.{gate}.inf"] = r["inf"]
            row[f"{r['channel']}.{gate}.tau_ms"] = r["tau_ms"]
    header = list(next(iter(table.values())))
    write(target / "curves.csv.gz", "braincell 0.2.0's own rates", header,
          ([row[c] for c in header] for _, row in sorted(table.items())))
    volts = set(range(-120, 61)) | {-500, -200, 200, 500}
    beside = [sign * 10.0**power for power in (-13, -12, -9, -6, -4, -2) for sign in (-1, 1)]
    volts |= {at + offset for at in SINGULAR for offset in beside}
    write(target / "voltages.csv", "a grid, and both sides of each singular point", ["v_mV"],
          ([repr(float(v))] for v in sorted(volts)))


def squid(source, target):
    """Samples each 0.1 ms of a run with dt = 0.025 ms."""
    made = "braincell 0.2.0, ind_exp_euler, dt 0.025 ms, 10 uA/cm^2 from 20 to 170 ms"
    write(target / "hh1952.csv.gz", made, ["time_ms", "v_mV"],
          ([r["time_ms"], r["v_indexpeuler_mV"]] for r in rows(source / "hh1952_v.csv.gz")))
    times = json.loads((source / "hh1952.json").read_text())["spikes_indexpeuler"]["times_ms"]
    write(target / "hh1952_spikes.csv", "of the same run: upward crossings of 0 mV", ["time_ms"], ([str(t)] for t in times))


def library_cells(source, target):
    """Samples each 0.1 ms, gates and concentration each 2 ms, spikes of runs with dt = 0.025 ms."""
    for name in ("tc_relay", "re_reticular", "ghk_calcium", "rs_pospischil", "ka_delay"):
        made = f"braincell 0.2.0, ind_exp_euler, dt 0.025 ms: {name}"
        write(target / f"{name}.csv.gz", made, ["time_ms", "v_mV"],
              ([r["time_ms"], r["v_indexpeuler_mV"]] for r in rows(source / f"{name}_v.csv.gz")))
        states = next(source.glob(f"{name}_states.csv*"))
        table = rows(states)
        header = [c for c in table[0] if not c.startswith("conv_") and c != "v_mV"]
        write(target / f"{name}_states.csv.gz", made, header, ([r[c] for c in header] for r in table))
        times = json.loads((source / f"{name}.json").read_text())["spikes_indexpeuler"]["times_ms"]
        write(target / f"{name}_spikes.csv", "of the same run: upward crossings of 0 mV", ["time_ms"], ([str(t)] for t in times))


def model_synapses(source, target):
    """Of 11 events the first three; v of a row is the membrane at that time. Brian2's synaptic state of a row is what the
    step that begins there uses, which stands in eic's next row: the spikes and the delay of one step are arranged so."""
    for name, synapse in (("exp_cond", "ExpCond"), ("exp_curr", "ExpCurr")):
        table = [r for r in rows(source / f"{name}.csv.gz") if float(r["time_ms"]) <= 130]
        state = next(c for c in table[0] if c.startswith("s_"))
        made = f"{name}: events of %s that are raised at 20, 70, 120 ms, into 200 pF and 10 nS at -60 mV"
        made %= "6 nS, E = 0 mV, tau = 5 ms" if name == "exp_cond" else "80 pA, tau = 5 ms"
        write(target / f"{synapse}_v.csv", f"Brian2 2.11.0 (exponential Euler, dt 0.01 ms) and scipy (continuous time), {made}",
              ["time_ms", "v_mV", "converged_mV"], ([r["time_ms"], r["v_mV"], r["v_converged_mV"]] for r in table))
        write(target / f"{synapse}_s.csv", f"Brian2 2.11.0, dt 0.01 ms, {made}; a row is what the step before it used",
              ["time_ms", f"in.{state}"], ([f"{float(r['time_ms']) + 0.01:.2f}", r[state]] for r in table))


def model_plasticity(source, target):
    """u and x after each spike, at the time of eic's row that shows them: a spike raised in step k arrives in step k + 1, which
    the row at (k + 2) dt describes; and the synapse's state each ms. Of STDP the weight after the last event of each time."""
    later = lambda time, steps: f"{float(time) + 0.01 * steps:.2f}"
    for kind in ("depressing", "facilitating"):
        made = f"Brian2 2.11.0: tsodyks_markram_{kind}, spikes raised at 20, 70, ... 470, 970 ms"
        write(target / f"TsodyksMarkram_{kind}.csv", f"{made}; after each", ["time_ms", "u", "x"],
              ([later(r["time_ms"], 2), r["u_after"], r["x_after"]] for r in rows(source / f"tsodyks_markram_{kind}_events.csv")))
        write(target / f"TsodyksMarkram_{kind}_s.csv", f"{made}, 10 nS, tau = 5 ms; a row is what the step before it used",
              ["time_ms", "in.s_nS"],
              ([later(r["time_ms"], 1), r["s_nS"]] for r in rows(source / f"tsodyks_markram_{kind}.csv.gz")
               if float(r["time_ms"]) % 5 == 1))
    last = {r["time_ms"]: r["w_after"] for r in rows(source / "stdp.csv")}
    write(target / "STDP_Song2000.csv", "Brian2 2.11.0: stdp, 15 spikes of the source and 15 of the target; after each time's last",
          ["time_ms", "w_nS"], ([later(time, 2), w] for time, w in last.items()))


def tutorial(source, target):
    """Each ms of a cell of models/cobahh_tutorial.eic."""
    table = rows(source / "hh_tutorial_I0.5nA_zero.csv")
    made = "braincell 0.1.0, ind_exp_euler, float64, dt 0.1 ms: 0.5 nA from the start"
    write(target / "tutorial_0.5nA.csv", made, ["time_ms", "v_mV", "INa.m", "INa.h", "IK.n"],
          ([ms(r["step"]), r["v_mV"], r["m"], r["h"], r["n"]] for r in table if int(r["step"]) % 10 == 0))
    write(target / "tutorial_0.5nA_spikes.csv", "of the same run: upward crossings of 0 mV", ["time_ms"],
          ([ms(r["step"])] for r in table if int(r["spike"])))


def library_network(source, target, ports, start, dt):
    """400 integrate-and-fire or 100 other cells. A spike's time is the end of its step; a synaptic state of a row is what the
    step that begins there uses, which eic's next row shows."""
    name, made = source.name, "Brian2 2.11.0, float64"
    for port, file in ports.items():
        path = next(source.glob(f"connections_{file}.csv*"))
        table = rows(path)
        columns = [c for c in ("pre", "post", "weight_nS", "delay_ms") if c in table[0]]
        write(target / f"{name}_{port}.csv.gz", "pre and post within the whole population", columns,
              ([r[c] for c in columns] for r in table))
    table = rows(source / "initial.csv")
    write(target / f"{name}_start.csv", "a line a cell", list(start.values()), ([r[c] for c in start] for r in table))
    write(target / f"{name}_spikes.csv.gz", made, ["time_ms", "index"], ([r["time_end_ms"], r["cell"]] for r in rows(source / "spikes.csv")))
    table = rows(source / "traces.csv")
    for quantity, unit, late in (("v", "_mV", 0.0), ("gi", "", dt)):
        cells = [c[len(quantity) + 1:].removesuffix(unit) for c in table[0] if c.startswith(quantity + "_")]
        write(target / f"{name}_{quantity}.csv.gz", made + (", a row is what the step before it used" if late else ""),
              ["time_ms"] + [f"{quantity}[{c}]{unit or LIBRARY_UNITS[name]}" for c in cells],
              ([f"{float(r['time_ms']) + late:.2f}"] + [r[f"{quantity}_{c}{unit}"] for c in cells] for r in table))


def library_networks(source, target):
    both = {"exc": "ge", "inh": "gi"}
    v, drive = {"v_mV": "v_mV"}, "iext_uA_per_cm2"
    library_network(source / "cuba_lif400", target, both, v, 0.1)
    library_network(source / "coba_lif400", target, both, v, 0.1)
    library_network(source / "adex_delays100", target, both, v | {"iext_pA": "I0_pA"}, 0.1)
    library_network(source / "wang_buzsaki_gamma100", target, {"inh": "gi"}, v | {drive: "I0_pA"}, 0.02)  # on 100 um^2


def methods(source, target):
    """Of each method that braincell shares with eic, the state after 100 ms and the spikes: upward crossings of 0 mV."""
    given = json.loads((source / "solvers_dt0.01_I0.5nA.json").read_text())["results"]
    for leak in ("tutorial", "cobahh"):
        for ours, theirs in METHODS.items():
            run = given[f"{leak}/{theirs}"]
            made = f"braincell 0.1.0, {theirs}, float64, dt 0.01 ms: 0.5 nA from -65 mV, gates from 0, {leak} leak"
            write(target / f"{leak}_{ours}.csv", made, ["time_ms", "v_mV", "INa.m", "INa.h", "IK.n"],
                  [["100"] + [repr(run["final"][name]) for name in ("V", "m", "h", "n")]])
            write(target / f"{leak}_{ours}_spikes.csv", made, ["time_ms"], ([f"{row / 100:.2f}"] for row in run["spike_rows"]))


def point_methods(source, target):
    """Each ms of integrate-and-fire cells by two methods."""
    for name, columns in POINT.items():
        table = [r for r in rows(source / f"{name}_step.csv.gz") if float(r["time_ms"]) == int(float(r["time_ms"]))]
        write(target / f"{name}.csv", "Brian2 2.11.0, float64, dt 0.01 ms", ["time_ms"] + [f"v_{new}_mV" for new in columns.values()],
              ([r["time_ms"]] + [r[f"v_{old}_mV"] for old in columns] for r in table))
        for old, new in columns.items():
            write(target / f"{name}_{new}_spikes.csv", "of the same run: the ends of the steps", ["time_ms"],
                  ([r["time_end_ms"]] for r in rows(source / f"{name}_step_spikes.csv") if r["method"] == old))


def thalamus(source, target):
    for cell in ("tc_relay", "re_reticular"):
        times = json.loads((source / f"{cell}.json").read_text())["spikes_indexpeuler"]["times_ms"]
        write(target / f"thalamus_{cell.split('_')[1]}_spikes.csv", "braincell 0.2.0, ind_exp_euler, dt 0.025 ms: upward crossings of 0 mV",
              ["time_ms"], ([str(t)] for t in times))


def main(source, target, models, shipped):
    single_cell(source / "single_cell", target / "single_cell")
    network(source / "net400", target / "net400", ("tutorial", "cobahh"), "")
    for leak in ("tutorial", "cobahh"):
        traces(source / "net400" / f"traces_{leak}.csv.gz", target / "net400" / f"traces_{leak}.csv.gz")
    network(source / "net4000", target / "net4000", ("tutorial",), ".gz")
    exact(source / "exact", target / "exact")
    curves(source / "library", target / "library")
    squid(source / "library" / "cells", target / "library")
    library_networks(source / "library" / "networks", target / "networks")
    methods(source, target / "methods")
    point_methods(source / "library" / "point", target / "methods")
    library_cells(source / "library" / "cells", target / "library")
    shutil.copyfile(source / "ensembles.json", target / "ensembles.json")
    model_synapses(source / "library" / "synapses", models)
    model_plasticity(source / "library" / "synapses", models)
    tutorial(source / "single_cell", shipped)
    thalamus(source / "library" / "cells", shipped.parent / "examples" / "data")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:]))
