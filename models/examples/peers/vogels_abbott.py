#!/usr/bin/env python3
"""CUBA and COBA of models/examples in Brian2 (pip install brian2): python3 vogels_abbott.py cuba|coba

Brian2 holds v for r - 1 steps and a delay of 0 acts in the next step, so its 5.1 ms and no delay are eic's 5 ms and 0.1 ms.
"""
import sys

import numpy as np
from brian2 import Network, NeuronGroup, SpikeMonitor, Synapses, defaultclock, ms, mV, nS, pA, pF, second, seed

from measures import cv_isi, rate, silent, synchrony, table

CURRENTS = """dv/dt = (10*nS*(-49*mV - v) + ge + gi)/(200*pF) : volt (unless refractory)
              dge/dt = -ge/(5*ms) : amp
              dgi/dt = -gi/(10*ms) : amp"""
CONDUCTANCES = """dv/dt = (10*nS*(-60*mV - v) + ge*(0*mV - v) + gi*(-80*mV - v))/(200*pF) : volt (unless refractory)
                  dge/dt = -ge/(5*ms) : siemens
                  dgi/dt = -gi/(10*ms) : siemens"""


def run(number, coba):
    seed(number)
    defaultclock.dt = 0.1*ms
    cells = NeuronGroup(4000, CONDUCTANCES if coba else CURRENTS, threshold="v > -50*mV", reset="v = -60*mV",
                        refractory=5.1*ms, method="exponential_euler")
    if coba:
        cells.v, cells.ge, cells.gi = "-65*mV + 5*mV*randn()", "(40 + 15*randn())*nS", "(200 + 120*randn())*nS"
        weights = {"e": 6*nS, "i": 67*nS}
    else:
        cells.v = "-60*mV + 10*mV*rand()"
        weights = {"e": 16.2*pA, "i": -90*pA}
    excite = Synapses(cells[:3200], cells, on_pre="ge_post += w", namespace={"w": weights["e"]})
    inhibit = Synapses(cells[3200:], cells, on_pre="gi_post += w", namespace={"w": weights["i"]})
    excite.connect(condition="i != j", p=0.02)
    inhibit.connect(condition="i + 3200 != j", p=0.02)
    spikes = SpikeMonitor(cells)
    Network(cells, excite, inhibit, spikes).run(1*second)
    times, index = np.asarray(spikes.t/second) + 1e-4, np.asarray(spikes.i)
    return {"rate E (Hz)": rate(times[index < 3200], 3200, 0.2, 1), "rate I (Hz)": rate(times[index >= 3200], 800, 0.2, 1),
            "CV of ISI": cv_isi(times, index, 0.2, 1), "synchrony": synchrony(times, index, 4000, 0.2, 1),
            "silent": silent(index[times > 0.2], 4000)}


if __name__ == "__main__":
    table(lambda number: run(number, sys.argv[1] == "coba"), range(1, 13))
