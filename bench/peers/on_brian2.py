#!/usr/bin/env python3
"""The network on Brian2: C++ standalone, or its runtime with Cython (--mode cython), in double or single (--mode single).

A synapse without a delay acts in the next step, which is the 0.1 ms of the model. The exponential Euler step of Brian2 takes
the old values of all other states, as eic's does. A refractory period as long as v stays above the threshold makes of Brian2's
"v > threshold" the crossing that the model asks for. The compiled program is kept and only started again, which is what a user
of it would do; what it takes to compile is told apart."""

import json
import pathlib
import subprocess
import time

import network as spec

began = time.perf_counter()
import brian2 as b2  # noqa: E402
import numpy as np  # noqa: E402

import_s = time.perf_counter() - began

EQUATIONS = """
dv/dt = (g_leak*(E_leak - v) + ge*(E_exc - v) + gi*(E_inh - v) + g_na*m**3*h*(E_na - v) + g_k*n**4*(E_k - v))/C : volt
dm/dt = a_m*(1 - m) - b_m*m : 1
dh/dt = a_h*(1 - h) - b_h*h : 1
dn/dt = a_n*(1 - n) - b_n*n : 1
dge/dt = -ge/tau_exc : siemens
dgi/dt = -gi/tau_inh : siemens
w = (v - shift)/mV : 1
a_m = 0.32*4/exprel((13 - w)/4)/ms : Hz
b_m = 0.28*5/exprel((w - 40)/5)/ms : Hz
a_h = 0.128*exp((17 - w)/18)/ms : Hz
b_h = 4/(1 + exp((40 - w)/5))/ms : Hz
a_n = 0.032*5/exprel((15 - w)/5)/ms : Hz
b_n = 0.5*exp((10 - w)/40)/ms : Hz
"""


def parameters():
    ms, mV, nS, pF = b2.ms, b2.mV, b2.nS, b2.pF
    return {
        "g_leak": spec.LEAK * nS,
        "g_na": spec.G_NA * nS,
        "g_k": spec.G_K * nS,
        "C": spec.CAPACITANCE * pF,
        "E_leak": spec.E_LEAK * mV,
        "E_na": spec.E_NA * mV,
        "E_k": spec.E_K * mV,
        "E_exc": spec.E_EXC * mV,
        "E_inh": spec.E_INH * mV,
        "tau_exc": spec.TAU_EXC * ms,
        "tau_inh": spec.TAU_INH * ms,
        "shift": spec.SHIFT * mV,
        "threshold": spec.THRESHOLD * mV,
        "w_exc": spec.W_EXC * nS,
        "w_inh": spec.W_INH * nS,
    }


def build(net, namespace):
    cells = b2.NeuronGroup(
        net.cells,
        EQUATIONS,
        threshold="v > threshold",
        refractory="v > threshold",
        method="exponential_euler",
        namespace=namespace,
    )
    v = np.array(net.v)
    cells.v = v * b2.mV
    gates = [spec.steady(x) for x in v]
    for gate in "mhn":
        setattr(cells, gate, [g[gate] for g in gates])
    objects = [cells]
    pre, post = np.array(net.sources(), dtype=np.int32), np.array(net.targets, dtype=np.int32)
    split = net.excitatory * spec.OUT_DEGREE
    for on_pre, part in (("ge += w_exc", slice(0, split)), ("gi += w_inh", slice(split, None))):
        synapses = b2.Synapses(cells, cells, on_pre=on_pre, namespace=namespace)
        synapses.connect(i=pre[part], j=post[part])
        objects.append(synapses)
    monitor = b2.SpikeMonitor(cells)
    return b2.Network(objects + [monitor]), monitor


def standalone(net, options):
    """compile_s is 0 when the program of an earlier call is started again."""
    folder = options.build / "program"
    stamp, compile_s = folder / "made.json", 0.0
    if not stamp.exists():
        began = time.perf_counter()
        b2.set_device("cpp_standalone", directory=str(folder), build_on_run=False)
        b2.prefs.devices.cpp_standalone.openmp_threads = 0 if options.threads == 1 else options.threads
        network, _ = build(net, parameters())
        network.run(options.duration * b2.ms)
        b2.device.build(directory=str(folder), compile=True, run=False)
        compile_s = time.perf_counter() - began
        stamp.write_text(json.dumps({"compile_s": compile_s}))
    began = time.perf_counter()
    program = subprocess.Popen(["./main"], cwd=folder, stdout=subprocess.DEVNULL)
    memory_mb = 0
    while program.poll() is None:
        try:
            memory_mb = spec.peak_memory_mb(program.pid) or memory_mb
        except OSError:
            pass
        time.sleep(0.02)
    whole_s = time.perf_counter() - began
    if program.returncode:
        raise SystemExit(f"the program of Brian2 ended with {program.returncode}")
    run_s = float((folder / "results/last_run_info.txt").read_text().split()[0])
    found = next(iter(sorted(pathlib.Path(folder / "results").glob("_dynamic_array_spikemonitor_i*"))))
    return np.fromfile(found, dtype=np.int32).tolist(), run_s, whole_s - run_s, compile_s, memory_mb


def runtime(net, options):
    b2.prefs.codegen.target = "cython"
    began = time.perf_counter()
    network, monitor = build(net, parameters())
    network.run(0 * b2.ms)  # makes and compiles the code
    setup_s = time.perf_counter() - began
    began = time.perf_counter()
    network.run(options.duration * b2.ms)
    return monitor.i[:].tolist(), time.perf_counter() - began, setup_s, 0.0, None


def main():
    options = spec.arguments()
    net = spec.read(options.network)
    b2.defaultclock.dt = spec.DT * b2.ms
    if options.mode == "single":
        b2.prefs.core.default_float_dtype = np.float32
    spikes, run_s, setup_s, compile_s, memory_mb = (runtime if options.mode == "cython" else standalone)(net, options)
    spec.report(
        net,
        options,
        version=b2.__version__,
        spikes=spikes,
        run_s=run_s,
        setup_s=setup_s,
        compile_s=compile_s,
        import_s=import_s,
        memory_mb=memory_mb,
    )


main()
