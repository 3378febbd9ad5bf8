#!/usr/bin/env python3
"""The synfire chain of models/examples/synfire.eic in Brian2 (pip install brian2), and the packets that both are given.

    python3 synfire.py packets ../data     writes the packets
    python3 synfire.py strong|weak         runs them over seeds

Brian2's delay of 4.9 ms acts as 5 ms here."""
import sys

import numpy as np

from measures import table

PACKETS = {"strong": 70, "weak": 40}  # spikes, with a sd of 1 ms about 20 ms


def packet(name):
    return np.sort(np.round(20 + np.random.default_rng(PACKETS[name]).standard_normal(PACKETS[name]), 1))


def run(number, name):
    from brian2 import (Network, NeuronGroup, SpikeGeneratorGroup, SpikeMonitor, Synapses, defaultclock, ms, mV, prefs, second,
                        seed)
    prefs.codegen.target = "numpy"
    seed(number)
    defaultclock.dt = 0.1*ms
    cells = NeuronGroup(1000, """dv/dt = (-(v + 70*mV) + x + n)/(10*ms) : volt (unless refractory)
                                 dx/dt = (y - x)/(0.325*ms) : volt
                                 dy/dt = -y/(0.325*ms) : volt
                                 dn/dt = (8.2*mV - n)/(0.325*ms) + 15.8*mV*sqrt(2/(0.325*ms))*xi : volt""",
                        threshold="v > -55*mV", reset="v = -70*mV", refractory=1.1*ms, method="euler")
    cells.v, cells.n = "-70*mV + 15*mV*rand()", "8.2*mV + 15.8*mV*randn()"
    times = packet(name)
    source = SpikeGeneratorGroup(len(times), np.arange(len(times)), times*ms)
    first = Synapses(source, cells, on_pre="y_post += 4.86*mV")
    first.connect(j="k for k in range(100)")
    chain = Synapses(cells, cells, on_pre="y_post += 4.86*mV", delay=4.9*ms)
    chain.connect(j="k for k in range((i//100 + 1)*100, (i//100 + 2)*100) if i < 900")
    spikes = SpikeMonitor(cells)
    Network(cells, source, first, chain, spikes).run(0.1*second)
    times, layer = np.asarray(spikes.t/ms), np.asarray(spikes.i) // 100
    figures = {"background (Hz)": np.count_nonzero(times < 18) / 1000 / 0.018}
    for k in (0, 4, 9):
        volley = times[(layer == k) & (np.abs(times - 21.1 - 5.52 * k) < 4)]
        middle = volley[np.abs(volley - np.median(volley)) < 3] if len(volley) else volley
        figures |= {f"spikes of layer {k}": len(middle), f"sd of layer {k} (ms)": middle.std() if len(middle) else np.nan,
                    f"median of layer {k} (ms)": np.median(volley) if len(volley) else np.nan}
    return figures


if __name__ == "__main__":
    if sys.argv[1] == "packets":
        for name in PACKETS:
            text = f"# {PACKETS[name]} spikes about 20 ms with a sd of 1 ms\ntime_ms\n" + "".join(f"{t:.1f}\n" for t in packet(name))
            open(f"{sys.argv[2]}/synfire_{name}.csv", "w").write(text)
    else:
        table(lambda number: run(number, sys.argv[1]), range(1, 9))
