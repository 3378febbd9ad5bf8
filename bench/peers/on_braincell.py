#!/usr/bin/env python3
"""The network on braincell (JAX): SingleCompartment with its own Traub-Miles channels, event-driven projections that keep one
state a target, method `ind_exp_euler`, all steps in one compiled loop; in single (--mode single) or double.

The step is the one of eic's `exp_euler`: each state on its own, from the old values of the others. A projection without a delay
acts in the next step, which is the 0.1 ms of the model. Its gates start at 0 by themselves, so they are set here. The loop is
compiled before it is timed; JAX does that anew in every process. There are as many
threads as processors that the process may use.
"""

import os
import time

import network as spec

os.environ.setdefault("JAX_PLATFORMS", "cpu")
began = time.perf_counter()
import brainevent  # noqa: E402
import brainpy  # noqa: E402
import brainstate  # noqa: E402
import braincell  # noqa: E402
import brainunit as u  # noqa: E402
import jax  # noqa: E402
import numpy as np  # noqa: E402

import_s = time.perf_counter() - began


class Cell(braincell.SingleCompartment):
    def __init__(self, net):
        size, area = net.cells, spec.AREA_UM2 * u.um**2
        gates = [spec.steady(v) for v in net.v]
        self.start = {gate: np.array([g[gate] for g in gates]) for gate in "mhn"}
        self.start_v = np.array(net.v) * u.mV
        super().__init__(
            size,
            C=spec.CAPACITANCE * u.pF / area,
            V_th=spec.THRESHOLD * u.mV,
            solver="ind_exp_euler",
            V_initializer=lambda *_, **__: self.start_v,
        )
        self.na = braincell.ion.SodiumFixed(size, E=spec.E_NA * u.mV)
        self.na.add(INa=braincell.channel.Na_TM1991(size, g_max=spec.G_NA * u.nS / area, V_sh=spec.SHIFT * u.mV))
        self.k = braincell.ion.PotassiumFixed(size, E=spec.E_K * u.mV)
        self.k.add(IK=braincell.channel.K_TM1991(size, g_max=spec.G_K * u.nS / area, V_sh=spec.SHIFT * u.mV))
        self.IL = braincell.channel.IL(size, g_max=spec.LEAK * u.nS / area, E=spec.E_LEAK * u.mV)


class Rows(brainstate.nn.Module):
    """The given targets, in the sparse form that braincell's own random connections take."""

    def __init__(self, net, begin, end, weight):
        super().__init__()
        self.in_size, self.out_size = (end - begin,), (net.cells,)
        self.weight = brainstate.ParamState(weight)
        indices = np.array(net.targets, dtype=np.int32).reshape(net.cells, spec.OUT_DEGREE)[begin:end]
        self.rows = brainevent.FixedNumPerPre((weight, jax.numpy.asarray(indices)), shape=(end - begin, net.cells))

    def update(self, spikes):
        return brainevent.BinaryArray(spikes) @ self.rows.with_data(self.weight.value)


class Simulated(brainstate.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.cells = Cell(net)
        self.split = net.excitatory
        area = spec.AREA_UM2 * u.um**2
        self.exc = self.projection(net, 0, net.excitatory, spec.W_EXC * u.nS / area, spec.TAU_EXC, spec.E_EXC)
        self.inh = self.projection(net, net.excitatory, net.cells, spec.W_INH * u.nS / area, spec.TAU_INH, spec.E_INH)

    def projection(self, net, begin, end, weight, tau, e):
        return brainpy.state.AlignPostProj(
            comm=Rows(net, begin, end, weight),
            post=self.cells,
            syn=brainpy.state.Expon.desc(net.cells, tau=tau * u.ms, g_initializer=lambda *_, **__: np.zeros(net.cells) * weight),
            out=brainpy.state.COBA.desc(E=e * u.mV),
        )

    def update(self, t):
        with brainstate.environ.context(t=t):
            spikes = self.cells.spike.value != 0
            self.exc(spikes[: self.split])
            self.inh(spikes[self.split :])
            return self.cells()

    def start(self):
        brainstate.nn.init_all_states(self)
        start = self.cells.start
        for state, gate in ((self.cells.na.INa.p, "m"), (self.cells.na.INa.q, "h"), (self.cells.k.IK.p, "n")):
            state.value = jax.numpy.asarray(start[gate], dtype=state.value.dtype)


def main():
    options = spec.arguments()
    net = spec.read(options.network)
    brainstate.environ.set(precision=32 if options.mode == "single" else 64, dt=spec.DT * u.ms)
    steps = round(options.duration / spec.DT)
    began = time.perf_counter()
    simulated = Simulated(net)
    simulated.start()
    times = u.math.arange(steps) * brainstate.environ.get_dt()
    setup_s = time.perf_counter() - began

    @brainstate.transform.jit
    def loop(times):
        return brainstate.transform.for_loop(simulated.update, times)

    states = simulated.states()
    start = {key: state.value for key, state in states.items()}
    began = time.perf_counter()
    jax.block_until_ready(loop(times))
    first_s = time.perf_counter() - began
    for key, state in states.items():  # the same objects: the compiled loop holds them
        state.value = start[key]
    began = time.perf_counter()
    spikes = jax.block_until_ready(loop(times))
    run_s = time.perf_counter() - began
    fired = np.nonzero(np.asarray(spikes))[1].tolist()
    spec.report(
        net,
        options,
        version=braincell.__version__,
        spikes=fired,
        run_s=run_s,
        setup_s=setup_s,
        compile_s=first_s - run_s,
        import_s=import_s,
    )


main()
