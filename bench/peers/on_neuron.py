#!/usr/bin/env python3
"""The network on NEURON, or on CoreNEURON (--mode coreneuron): a section of one segment a cell, two ExpSyn for its synapses.

The voltage is solved implicitly and the gates stand half a step aside (`cnexp`), so spikes differ from exponential Euler: it
is the more accurate of the two. A spike is an upward crossing of the threshold. With several threads NEURON refuses a delay as
short as the step; the delay is 0.2 ms then, which the report says. Mechanisms are compiled with nrnivmodl's own flags."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from math import pi, sqrt

import network as spec

HERE = pathlib.Path(__file__).resolve().parent


def compile_mechanisms(folder, core):
    """Seconds; 0 when an earlier call did it."""
    stamp = folder / "made"
    if stamp.exists():
        return 0.0
    began = time.perf_counter()
    shutil.copytree(HERE / "neuron", folder / "mod", dirs_exist_ok=True)
    command = [pathlib.Path(sys.executable).parent / "nrnivmodl", *(["-coreneuron"] if core else []), "mod"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"nrnivmodl: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    stamp.write_text("")
    return time.perf_counter() - began


class Network:
    """Every cell and connection, as objects of NEURON, which drop what nobody holds."""

    def __init__(self, h, net, threads, delay):
        self.context = h.ParallelContext()
        self.context.nthread(threads)
        edge = sqrt(spec.AREA_UM2 / pi)
        self.sections, self.synapses, self.connections = [], [], []
        for gid in range(net.cells):
            cell = h.Section(name=f"cell{gid}")
            cell.L = cell.diam = edge
            cell.cm = 1
            for mechanism in ("pas", "natm", "ktm"):
                cell.insert(mechanism)
            segment = cell(0.5)
            segment.pas.g, segment.pas.e = spec.LEAK * 0.1 / spec.AREA_UM2, spec.E_LEAK  # nS/um^2 in S/cm^2
            cell.ena, cell.ek = spec.E_NA, spec.E_K
            segment.v = net.v[gid]
            pair = []
            for tau, e in ((spec.TAU_EXC, spec.E_EXC), (spec.TAU_INH, spec.E_INH)):
                synapse = h.ExpSyn(segment)
                synapse.tau, synapse.e = tau, e
                pair.append(synapse)
            self.sections.append(cell)
            self.synapses.append(pair)
            self.context.set_gid2node(gid, 0)
            detector = h.NetCon(segment._ref_v, None, sec=cell)
            detector.threshold = spec.THRESHOLD
            self.context.cell(gid, detector)
            self.connections.append(detector)
        sources = net.sources()
        for source, target in zip(sources, net.targets):
            excites = source < net.excitatory
            connection = self.context.gid_connect(source, self.synapses[target][0 if excites else 1])
            connection.weight[0] = (spec.W_EXC if excites else spec.W_INH) * 1e-3
            connection.delay = delay
            self.connections.append(connection)
        self.times, self.cells = h.Vector(), h.Vector()
        self.context.spike_record(-1, self.times, self.cells)


def solver_seconds(text):
    """What CoreNEURON says of its loop: psolve also copies the network there and back."""
    found = re.search(r"Solver Time\s*:\s*([0-9.eE+-]+)", text)
    if not found:
        raise SystemExit(f"CoreNEURON did not say how long it took: {text[-500:]}")
    return float(found[1])


def captured(work):
    """Standard output of C++ code, as text."""
    sys.stdout.flush()
    with tempfile.TemporaryFile() as file:
        kept = os.dup(1)
        os.dup2(file.fileno(), 1)
        try:
            work()
        finally:
            os.dup2(kept, 1)
            os.close(kept)
        file.seek(0)
        return file.read().decode(errors="replace")


def main():
    options = spec.arguments()
    net = spec.read(options.network)
    core = options.mode == "coreneuron"
    compile_s = compile_mechanisms(options.build, core)
    os.chdir(options.build)  # NEURON loads the mechanisms of the folder it is started in
    began = time.perf_counter()
    import neuron

    h = neuron.h
    import_s = time.perf_counter() - began
    delay = spec.DELAY if options.threads == 1 else 2 * spec.DT
    began = time.perf_counter()
    network = Network(h, net, options.threads, delay)
    h.dt = spec.DT
    h.CVode().cache_efficient(1)
    if core:
        from neuron import coreneuron

        coreneuron.enable = True
        coreneuron.verbose = 2
    network.context.set_maxstep(10)
    h.finitialize()  # keeps the voltages that were set
    setup_s = time.perf_counter() - began
    began = time.perf_counter()
    text = captured(lambda: network.context.psolve(options.duration))
    whole_s = time.perf_counter() - began
    run_s = solver_seconds(text) if core else whole_s
    spec.report(
        net,
        options,
        version=neuron.__version__,
        spikes=[int(i) for i in network.cells],
        run_s=run_s,
        setup_s=setup_s + whole_s - run_s,
        compile_s=compile_s,
        import_s=import_s,
        delay=delay,
    )


main()
