#!/usr/bin/env python3
"""models/examples/population_bursts.eic in Brian2 (pip install brian2). A delay of 0.9 ms acts as 1 ms there; Brian2's refractory
period is a step longer."""
import numpy as np
from brian2 import (Network, NeuronGroup, SpikeMonitor, Synapses, defaultclock, ms, mV, prefs, second, seed)

from measures import rate, synchrony, table

prefs.codegen.target = "numpy"
DURATION = 3


def run(number):
    seed(number)
    defaultclock.dt = 0.5*ms
    cells = NeuronGroup(500, """dv/dt = (I_b + s - v)/(30*ms) : volt (unless refractory)
                                ds/dt = -s/(3*ms) : volt
                                I_b : volt
                                hold : second""",
                        threshold="v > 15*mV", reset="v = 13.5*mV", refractory="hold", method="exponential_euler")
    cells.v, cells.I_b = "13.5*mV + 1.5*mV*rand()", "14.7*mV + 0.35*mV*rand()"
    cells.hold = "(3.5 - int(i >= 400))*ms"
    excite, inhibit = cells[:400], cells[400:]
    parts = [cells]
    for source, target, weight, use, recovery, facilitation in ((excite, excite, 1.8, 0.5, 800, None), (excite, inhibit, 7.2, 0.04, 100, 1000),
                                                          (inhibit, excite, -5.4, 0.5, 800, None), (inhibit, inhibit, -7.2, 0.04, 100, 1000)):
        facilitates = facilitation is not None
        equations = "w : volt\ndx/dt = (1 - x)/tau_rec : 1 (event-driven)\n"
        equations += "du/dt = -u/tau_facil : 1 (event-driven)" if facilitates else ""
        release = "u += U*(1 - u)\ns_post += w*u*x\nx -= u*x" if facilitates else "s_post += w*U*x\nx -= U*x"
        names = {"U": use, "tau_rec": recovery*ms, "tau_facil": (facilitation or 1)*ms}
        synapses = Synapses(source, target, equations, on_pre=release, delay=0.5*ms, namespace=names)
        synapses.connect(p=0.1)
        sigma = np.sqrt(np.log(1.25))  # excitation: lognormal, sd half of the mean; inhibition: normal, a quarter
        synapses.w = (np.random.lognormal(np.log(weight) - sigma**2/2, sigma, len(synapses)) if weight > 0
                      else np.random.normal(weight, abs(weight)/4, len(synapses))) * mV
        synapses.x = 1
        parts.append(synapses)
    spikes = SpikeMonitor(cells)
    Network(parts + [spikes]).run(DURATION*second)
    times, index = np.asarray(spikes.t/second) + 5e-4, np.asarray(spikes.i)
    counts = np.histogram(times[index < 400], np.arange(1, DURATION + 0.001, 0.01))[0]
    above = counts > 100  # a quarter of the excitatory cells within 10 ms
    bursts = np.count_nonzero(above[1:] & ~above[:-1])
    return {"rate E (Hz)": rate(times[index < 400], 400, 1, DURATION), "rate I (Hz)": rate(times[index >= 400], 100, 1, DURATION),
            "synchrony E": synchrony(times[index < 400], index[index < 400], 400, 1, DURATION), "bursts (Hz)": bursts / (DURATION - 1)}


if __name__ == "__main__":
    table(run, range(1, 5))
