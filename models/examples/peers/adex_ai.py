#!/usr/bin/env python3
"""models/examples/adex_ai.eic in Brian2 (pip install brian2). A delay of 0.4 ms acts as 0.5 ms there; Brian2's refractory period is
a step longer."""
import sys

import numpy as np
from brian2 import (Hz, Network, NeuronGroup, PoissonInput, SpikeMonitor, Synapses, defaultclock, mV, ms, nS, pA, pF, prefs, second,
                    seed)

from measures import rate, synchrony, table

prefs.codegen.target = "numpy"


def run(number):
    seed(number)
    np.random.seed(number)
    defaultclock.dt = 0.1*ms
    cells = NeuronGroup(10000, """dv/dt = (10*nS*(-65*mV - v) + 10*nS*D_T*exp((v + 50*mV)/D_T) - w + ge*(0*mV - v)
                                           + gi*(-80*mV - v))/(200*pF) : volt (unless refractory)
                                  dw/dt = (a*(v + 65*mV) - w)/(500*ms) : amp
                                  dge/dt = -ge/(5*ms) : siemens
                                  dgi/dt = -gi/(5*ms) : siemens
                                  D_T : volt
                                  a : siemens
                                  b : amp""",
                        threshold="v > -40*mV", reset="v = -65*mV; w += b", refractory=5.1*ms, method="euler")
    cells.v = "-65*mV + 15*mV*rand()"
    cells.D_T, cells.a, cells.b = "(2 - 1.5*int(i >= 8000))*mV", "4*nS*int(i < 8000)", "20*pA*int(i < 8000)"
    parts = [cells]
    for source, first, variable, weight in ((cells[:8000], 0, "ge", 1*nS), (cells[8000:], 8000, "gi", 5*nS)):
        synapses = Synapses(source, cells, on_pre=f"{variable}_post += weight", delay=0.4*ms, namespace={"weight": weight})
        count = np.random.binomial(10000, 0.05, len(source))
        pre = np.repeat(np.arange(len(source)), count)
        synapses.connect(i=pre, j=np.concatenate([np.random.choice(10000, k, replace=False) for k in count]))
        parts.append(synapses)
    drive = PoissonInput(cells, "ge", 400, 4*Hz, 1*nS)
    spikes = SpikeMonitor(cells)
    Network(parts + [drive, spikes]).run(0.3*second)
    times, index = np.asarray(spikes.t/second) + 1e-4, np.asarray(spikes.i)
    return {"rate E (Hz)": rate(times[index < 8000], 8000, 0.1, 0.3), "rate I (Hz)": rate(times[index >= 8000], 2000, 0.1, 0.3),
            "synchrony": synchrony(times, index, 10000, 0.1, 0.3)}


if __name__ == "__main__":
    table(run, range(1, int(sys.argv[1]) + 1))
