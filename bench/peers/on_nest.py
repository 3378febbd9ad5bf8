#!/usr/bin/env python3
"""The network on NEST, with its own cell `hh_cond_exp_traub`: the same currents, advanced by an adaptive Runge-Kutta method.

A spike there is the first fall of v after it rose above -33 mV, and then none for `t_ref`, here 2 ms, which hold nothing: else
the fall would count as several. An event acts one step later than here."""

import os
import time

import network as spec

began = time.perf_counter()
os.environ.setdefault("PYNEST_QUIET", "1")
import nest  # noqa: E402
import numpy as np  # noqa: E402

import_s = time.perf_counter() - began


def main():
    options = spec.arguments()
    net = spec.read(options.network)
    nest.verbosity = nest.VerbosityLevel.ERROR
    began = time.perf_counter()
    nest.ResetKernel()
    nest.resolution = spec.DT
    nest.local_num_threads = options.threads
    cells = nest.Create(
        "hh_cond_exp_traub",
        net.cells,
        params={
            "g_Na": spec.G_NA,
            "g_K": spec.G_K,
            "g_L": spec.LEAK,
            "C_m": spec.CAPACITANCE,
            "E_Na": spec.E_NA,
            "E_K": spec.E_K,
            "E_L": spec.E_LEAK,
            "V_T": spec.SHIFT,
            "tau_syn_ex": spec.TAU_EXC,
            "tau_syn_in": spec.TAU_INH,
            "E_ex": spec.E_EXC,
            "E_in": spec.E_INH,
            "I_e": 0.0,
            "t_ref": 2.0,
        },
    )
    gates = [spec.steady(v) for v in net.v]
    cells.set(
        {
            "V_m": list(net.v),
            "Act_m": [g["m"] for g in gates],
            "Inact_h": [g["h"] for g in gates],
            "Act_n": [g["n"] for g in gates],
        }
    )
    first = cells[0].global_id
    sources, targets = np.array(net.sources(), dtype=np.int64), np.array(net.targets, dtype=np.int64)
    weights = np.where(sources < net.excitatory, float(spec.W_EXC), float(-spec.W_INH))  # negative: to the inhibitory conductance
    nest.Connect(
        sources + first,
        targets + first,
        conn_spec="one_to_one",
        syn_spec={"weight": weights, "delay": np.full(len(weights), spec.DELAY)},
    )
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    nest.Prepare()
    setup_s = time.perf_counter() - began
    began = time.perf_counter()
    nest.Run(options.duration)
    run_s = time.perf_counter() - began
    nest.Cleanup()
    spikes = (recorder.get("events")["senders"] - first).tolist()
    spec.report(net, options, version=nest.__version__, spikes=spikes, run_s=run_s, setup_s=setup_s, import_s=import_s)


main()
