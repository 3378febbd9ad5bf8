#!/usr/bin/env python3
"""The network on Arbor: a cable cell of one control volume a cell, `expsyn` for its synapses, all cells of a thread in one group.

Gates by `cnexp`, the voltage implicitly, as NEURON. Arbor's step is at most half of the shortest delay, so the delay is 0.2 ms;
a spike is an upward crossing of the threshold. Mechanisms are compiled with vectors for this very processor (--cpu native)."""

import os
import pathlib
import subprocess
import sys
import time
from math import pi, sqrt

import network as spec

began = time.perf_counter()
import arbor  # noqa: E402
from arbor import units as U  # noqa: E402

import_s = time.perf_counter() - began
HERE = pathlib.Path(__file__).resolve().parent
DELAY = 2 * spec.DT


def compile_mechanisms(folder):
    """The catalogue's file, and seconds: 0 when an earlier call made it."""
    made = folder / "cobahh-catalogue.so"
    if made.exists():
        return made, 0.0
    began = time.perf_counter()
    tools = str(pathlib.Path(sys.executable).parent)  # the tool starts the `python3` of the path
    done = subprocess.run(
        [f"{tools}/arbor-build-catalogue", "cobahh", HERE / "arbor"],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"},
    )
    if done.returncode or not made.exists():
        raise SystemExit(f"arbor-build-catalogue: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    return made, time.perf_counter() - began


class Recipe(arbor.recipe):
    def __init__(self, net, catalogue):
        super().__init__()
        self.net = net
        self.properties = arbor.neuron_cable_properties()
        self.properties.catalogue = arbor.catalogue()
        self.properties.catalogue.extend(arbor.default_catalogue(), "")
        self.properties.catalogue.extend(arbor.load_catalogue(str(catalogue)), "")
        edge = sqrt(spec.AREA_UM2 / pi)
        self.tree = arbor.segment_tree()
        self.tree.append(arbor.mnpos, arbor.mpoint(-edge / 2, 0, 0, edge / 2), arbor.mpoint(edge / 2, 0, 0, edge / 2), tag=1)
        into = [[] for _ in range(net.cells)]
        for k, target in enumerate(net.targets):
            into[target].append(k // spec.OUT_DEGREE)
        self.into = into

    def num_cells(self):
        return self.net.cells

    def cell_kind(self, gid):
        return arbor.cell_kind.cable

    def global_properties(self, kind):
        return self.properties

    def cell_description(self, gid):
        decor = arbor.decor()
        decor.set_property(Vm=self.net.v[gid] * U.mV, cm=0.01 * U.F / U.m2)
        decor.set_ion("na", rev_pot=spec.E_NA * U.mV)
        decor.set_ion("k", rev_pot=spec.E_K * U.mV)
        decor.paint("(all)", arbor.density(f"pas/e={spec.E_LEAK}", {"g": spec.LEAK * 0.1 / spec.AREA_UM2}))
        decor.paint("(all)", arbor.density("natm"))
        decor.paint("(all)", arbor.density("ktm"))
        middle = "(location 0 0.5)"
        decor.place(middle, arbor.synapse("expsyn", {"tau": spec.TAU_EXC, "e": spec.E_EXC}), "exc")
        decor.place(middle, arbor.synapse("expsyn", {"tau": spec.TAU_INH, "e": spec.E_INH}), "inh")
        decor.place(middle, arbor.threshold_detector(spec.THRESHOLD * U.mV), "spike")
        return arbor.cable_cell(self.tree, decor)

    def connections_on(self, gid):
        delay = DELAY * U.ms
        split = self.net.excitatory
        return [
            arbor.connection(
                (source, "spike"),
                "exc" if source < split else "inh",
                1e-3 * (spec.W_EXC if source < split else spec.W_INH),
                delay,
            )
            for source in self.into[gid]
        ]


def main():
    options = spec.arguments()
    net = spec.read(options.network)
    catalogue, compile_s = compile_mechanisms(options.build)
    began = time.perf_counter()
    recipe = Recipe(net, catalogue)
    context = arbor.context(threads=options.threads, gpu_id=None)
    group = -(-net.cells // options.threads)
    hint = {arbor.cell_kind.cable: arbor.partition_hint(cpu_group_size=group, prefer_gpu=False)}
    simulation = arbor.simulation(recipe, context, arbor.partition_load_balance(recipe, context, hint))
    simulation.record(arbor.spike_recording.all)
    setup_s = time.perf_counter() - began
    began = time.perf_counter()
    simulation.run(options.duration * U.ms, spec.DT * U.ms)
    run_s = time.perf_counter() - began
    spikes = [int(source["gid"]) for source in simulation.spikes()["source"]]
    spec.report(
        net,
        options,
        version=arbor.__version__,
        spikes=spikes,
        run_s=run_s,
        setup_s=setup_s,
        compile_s=compile_s,
        import_s=import_s,
        delay=DELAY,
    )


main()
