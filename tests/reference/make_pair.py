"""Makes models/reference/hh_pair.csv with Brian2: what one spike of a COBAHH cell does to another, through each of its synapses.

    python -m venv V && V/bin/pip install brian2 && V/bin/python tests/reference/make_pair.py

A source cell fires in a step of 1 nA; one of the others gets its event as excitation, the other as inhibition, in the next
step (`delay = 0.1 ms` in eic, none as Brian2 counts). Exponential Euler, dt 0.1 ms, as in models/cobahh.eic; the rates are
those of Traub and Miles (1991) in the form of Brette et al. (2007, doi:10.1007/s10827-007-0038-6), written with Brian2's
own exprel.
"""
import brian2 as b2
from brian2 import ms, mV, nA, nS, uF, cm, um, siemens, msiemens

b2.prefs.codegen.target = "numpy"
b2.defaultclock.dt = 0.1 * ms

area = 20000 * um**2
Cm = 1 * uF / cm**2 * area
gl, El = 5e-5 * siemens / cm**2 * area, -60 * mV
g_na, ENa = 100 * msiemens / cm**2 * area, 50 * mV
g_kd, EK = 30 * msiemens / cm**2 * area, -90 * mV
VT = -63 * mV
equations = """
dv/dt = (gl*(El-v) + ge*(0*mV-v) + gi*(-80*mV-v) - g_na*m**3*h*(v-ENa) - g_kd*n**4*(v-EK) + I)/Cm : volt
dm/dt = alpha_m*(1-m) - beta_m*m : 1
dn/dt = alpha_n*(1-n) - beta_n*n : 1
dh/dt = alpha_h*(1-h) - beta_h*h : 1
dge/dt = -ge/(5*ms) : siemens
dgi/dt = -gi/(10*ms) : siemens
alpha_m = 0.32/mV*4*mV/exprel((13*mV-v+VT)/(4*mV))/ms : Hz
beta_m = 0.28/mV*5*mV/exprel((v-VT-40*mV)/(5*mV))/ms : Hz
alpha_h = 0.128*exp((17*mV-v+VT)/(18*mV))/ms : Hz
beta_h = 4./(1+exp((40*mV-v+VT)/(5*mV)))/ms : Hz
alpha_n = 0.032/mV*5*mV/exprel((15*mV-v+VT)/(5*mV))/ms : Hz
beta_n = .5*exp((10*mV-v+VT)/(40*mV))/ms : Hz
I = drive*int(t >= 5*ms)*int(t < 15*ms) : amp
drive : amp
"""
cells = b2.NeuronGroup(3, equations + "v_before : volt\n", threshold="v > -20*mV and v_before <= -20*mV",
                       method="exponential_euler")
cells.run_regularly("v_before = v", when="before_groups")
cells.v = -65 * mV
for gate in "mhn":
    setattr(cells, gate, f"alpha_{gate}/(alpha_{gate} + beta_{gate})")
cells.drive = [1, 0, 0] * nA
excite = b2.Synapses(cells, cells, on_pre="ge += 6*nS")
excite.connect(i=0, j=1)
inhibit = b2.Synapses(cells, cells, on_pre="gi += 67*nS")
inhibit.connect(i=0, j=2)
seen = b2.StateMonitor(cells, ["v"], record=True, when="start")
spikes = b2.SpikeMonitor(cells)
b2.run(60 * ms)

with open("models/reference/hh_pair.csv", "w") as out:
    out.write(f"# Made by tests/reference/make_pair.py with Brian2 {b2.__version__}: exponential Euler, dt 0.1 ms.\n")
    out.write("time_ms,source_v_mV,excited_v_mV,inhibited_v_mV\n")
    for k in range(len(seen.t)):
        row = [float(seen.v[i, k] / mV) for i in range(3)]
        out.write(f"{round(float(seen.t[k] / ms), 6):g}," + ",".join(f"{x:.10f}" for x in row) + "\n")
print("spikes at", [round(float(t / ms), 6) for t in spikes.t], "of", list(spikes.i))
