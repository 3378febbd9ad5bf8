#!/usr/bin/env python3
"""The gamma rhythms of models/examples, ping.eic and wang_buzsaki.eic, in Brian2 (pip install brian2), 4th-order Runge-Kutta:
python3 gamma.py ping|wb [heterogeneity]

A delay of D steps is D + 1 in eic."""
import sys

import numpy as np
from brian2 import (Network, NeuronGroup, SpikeMonitor, Synapses, cm, defaultclock, mS, ms, mV, nA, nS, pA, second, seed, uF,
                    um)

from measures import cv_isi, frequency, rate, synchrony, table

INTERNEURON = """
dv/dt = (35*mS/cm**2*m**3*h*(55*mV - v) + 9*mS/cm**2*n**4*(-90*mV - v) + 0.1*mS/cm**2*(-65*mV - v)
         + (I + ge*(0*mV - v) + gi*(-75*mV - v))/area)/(1*uF/cm**2) : volt
m = am/(am + bm) : 1
am = 1/exprel(-(v + 35*mV)/(10*mV))/ms : Hz
bm = 4*exp(-(v + 60*mV)/(18*mV))/ms : Hz
dh/dt = 5*(0.07*exp(-(v + 58*mV)/(20*mV))/ms*(1 - h) - 1/(exp(-(v + 28*mV)/(10*mV)) + 1)/ms*h) : 1
dn/dt = 5*(0.1/exprel(-(v + 34*mV)/(10*mV))/ms*(1 - n) - 0.125*exp(-(v + 44*mV)/(80*mV))/ms*n) : 1
dge/dt = -ge/(3*ms) : siemens
dgi/dt = -gi/tau_i : siemens
I : amp
"""
PYRAMIDAL = """
dv/dt = (100*mS/cm**2*m**3*h*(50*mV - v) + 80*mS/cm**2*n**4*(-100*mV - v) + 0.1*mS/cm**2*(-67*mV - v)
         + (I + gi*(-75*mV - v))/area)/(1*uF/cm**2) : volt
dm/dt = 1.28/exprel(-(v + 54*mV)/(4*mV))/ms*(1 - m) - 1.4/exprel((v + 27*mV)/(5*mV))/ms*m : 1
dh/dt = 0.128*exp(-(v + 50*mV)/(18*mV))/ms*(1 - h) - 4/(1 + exp(-(v + 27*mV)/(5*mV)))/ms*h : 1
dn/dt = 0.16/exprel(-(v + 52*mV)/(5*mV))/ms*(1 - n) - 0.5*exp(-(v + 57*mV)/(40*mV))/ms*n : 1
dgi/dt = -gi/(9*ms) : siemens
I : amp
"""
IN_REST = {"h": "0.07*exp(-(v + 58*mV)/(20*mV))/(0.07*exp(-(v + 58*mV)/(20*mV)) + 1/(exp(-(v + 28*mV)/(10*mV)) + 1))",
           "n": "0.1/exprel(-(v + 34*mV)/(10*mV))/(0.1/exprel(-(v + 34*mV)/(10*mV)) + 0.125*exp(-(v + 44*mV)/(80*mV)))"}


def cells(count, equations, threshold, **names):
    crossing = f"v > {threshold}*mV"
    return NeuronGroup(count, equations, threshold=crossing, refractory=crossing, method="rk4", namespace=dict(names, cm=cm))


def wang_buzsaki(number, heterogeneity):
    seed(number)
    defaultclock.dt = 0.05*ms
    population = cells(100, INTERNEURON, 0, area=10000*um**2, tau_i=10*ms)
    population.v = "-70*mV + 20*mV*rand()"
    population.I = f"(100 + {100*heterogeneity}*randn())*pA"
    for name, start in IN_REST.items():
        setattr(population, name, start)
    inhibit = Synapses(population, population, on_pre="gi_post += 10*nS/60", delay=0.45*ms)
    picked = [(j, i) for i in range(100) for j in np.random.choice(np.delete(np.arange(100), i), 60, replace=False)]
    inhibit.connect(i=[j for j, _ in picked], j=[i for _, i in picked])
    spikes = SpikeMonitor(population)
    Network(population, inhibit, spikes).run(0.7*second)
    times, index = np.asarray(spikes.t/second) + 5e-5, np.asarray(spikes.i)
    return {"rate (Hz)": rate(times, 100, 0.2, 0.7), "synchrony": synchrony(times, index, 100, 0.2, 0.7),
            "frequency (Hz)": frequency(times, 0.2, 0.7)}


def ping(number, coupled=1.0):
    seed(number)
    defaultclock.dt = 0.05*ms
    excitatory = cells(200, PYRAMIDAL, -20, area=100000*um**2)
    inhibitory = cells(50, INTERNEURON, -20, area=100000*um**2, tau_i=9*ms)
    excitatory.v, inhibitory.v = "-80*mV + 20*mV*rand()", "-70*mV + 10*mV*rand()"
    excitatory.I = "(1.4 + 0.07*randn())*nA"
    for name, start in IN_REST.items():
        setattr(inhibitory, name, start)
    excitatory.h, excitatory.n = 1, 0
    parts = [excitatory, inhibitory]
    for source, target, variable, count in ((excitatory, inhibitory, "ge", 100), (inhibitory, excitatory, "gi", 25),
                                            (inhibitory, inhibitory, "gi", 25)):
        weight = 250*nS/count * (coupled if variable == "ge" else 1)
        parts.append(Synapses(source, target, on_pre=f"{variable}_post += w", delay=0.45*ms, namespace={"w": weight}))
        parts[-1].connect(p=0.5)
    monitors = [SpikeMonitor(excitatory), SpikeMonitor(inhibitory)]
    Network(parts + monitors).run(0.7*second)
    figures = {}
    for name, monitor, count in (("E", monitors[0], 200), ("I", monitors[1], 50)):
        times, index = np.asarray(monitor.t/second) + 5e-5, np.asarray(monitor.i)
        figures |= {f"rate {name} (Hz)": rate(times, count, 0.2, 0.7), f"frequency {name} (Hz)": frequency(times, 0.2, 0.7),
                    f"synchrony {name}": synchrony(times, index, count, 0.2, 0.7)}
    return figures


if __name__ == "__main__":
    model = {"ping": ping, "wb": wang_buzsaki}[sys.argv[1]]
    table(lambda number: model(number, *map(float, sys.argv[2:])), range(1, 9))
