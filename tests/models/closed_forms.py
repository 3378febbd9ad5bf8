#!/usr/bin/env python3
"""Writes what the tests of the library compare with where there is a formula: rates of channels, currents of a voltage
clamp, effects of one synaptic event, the relaxation of a leak. Computed with 40 digits, independently of eic; the rates are
typed from the papers in absolute voltages, not from models/std. Needs python3 alone; its output is kept.

    python3 tests/models/closed_forms.py tests/models/data
"""
import sys
from decimal import Decimal, getcontext
from pathlib import Path

getcontext().prec = 40
D = Decimal


def exp(x):
    return D(x).exp()


def fraction(x):
    """x/(e^x - 1), its limit at 0."""
    return D(1) if x == 0 else x / (exp(x) - 1)


def share(alpha, beta):
    return alpha / (alpha + beta)


# Rates in 1/ms at v in mV: gate → (alpha, beta).
CHANNELS = {
    "Na_HH1952": {"m": (lambda v: fraction(-(v + 40) / 10), lambda v: 4 * exp(-(v + 65) / 18)),
                  "h": (lambda v: D("0.07") * exp(-(v + 65) / 20), lambda v: 1 / (1 + exp(-(v + 35) / 10)))},
    "K_HH1952": {"n": (lambda v: D("0.1") * fraction(-(v + 55) / 10), lambda v: D("0.125") * exp(-(v + 65) / 80))},
    "Na_TM1991": {"m": (lambda v: D("1.28") * fraction(-(v + 50) / 4), lambda v: D("1.4") * fraction((v + 23) / 5)),
                  "h": (lambda v: D("0.128") * exp(-(v + 46) / 18), lambda v: 4 / (1 + exp(-(v + 23) / 5)))},
    "K_TM1991": {"n": (lambda v: D("0.16") * fraction(-(v + 48) / 5), lambda v: D("0.5") * exp(-(v + 53) / 40))},
    "Na_Ba2002": {"m": (lambda v: D("1.28") * fraction(-(v + 37) / 4), lambda v: D("1.4") * fraction((v + 10) / 5)),
                  "h": (lambda v: D("0.128") * exp(-(v + 33) / 18), lambda v: 4 / (1 + exp(-(v + 10) / 5)))},
    "KDR_Ba2002": {"n": (lambda v: D("0.16") * fraction(-(v + 35) / 5), lambda v: D("0.5") * exp(-(v + 40) / 40))},
    "CaHT_Re1993": {"m": (lambda v: D("0.209") * fraction(-(v + 27) / D("3.8")), lambda v: D("0.94") * exp(-(v + 75) / 17)),
                    "h": (lambda v: D("0.000457") * exp(-(v + 13) / 50), lambda v: D("0.0065") / (1 + exp(-(v + 15) / 28)))},
}
SINGULAR = {"Na_HH1952": (-40,), "K_HH1952": (-55,), "Na_TM1991": (-50, -23), "K_TM1991": (-48,), "Na_Ba2002": (-37, -10),
            "KDR_Ba2002": (-35,), "CaHT_Re1993": (-27,)}

BESIDE = ("-5", "-1e-3", "-1e-9", "0", "1e-9", "1e-3", "5")
# Of channels written with inf and tau: the singular points (mV) and the curves that have them.
CURVES = {
    "Na_ZH2019_IO": (("-41", "-50"), {
        "m": lambda v: share(fraction(-(v + 41) / 10), 9 * exp(-(v + 66) / 20)),
        "h.inf": lambda v: share(5 * exp(-(v + 60) / 15), 10 * fraction(-(v + 50) / 10)),
        "h.tau_ms": lambda v: 250 / (5 * exp(-(v + 60) / 15) + 10 * fraction(-(v + 50) / 10))}),
    "Kdr_ZH2019_IO": (("-41",), {
        "n.inf": lambda v: share(10 * fraction(-(v + 41) / 10), D("12.5") * exp(-(v + 51) / 80)),
        "n.tau_ms": lambda v: 10 / (10 * fraction(-(v + 41) / 10) + D("12.5") * exp(-(v + 51) / 80))}),
    "CaHVA_SU2015_DCN": (("-8.9",), {
        "m.tau_ms": lambda v: 1 / (D("31.746") / (1 + exp((5 - v) / D("13.89"))) +
                                   D("0.001985") * fraction((v + D("8.9")) / 5))}),
    "Cav1p2_MA2020_GoC": (("-8.124",), {
        "m.tau_ms": lambda v: 1 / (39800 * D("9.005") * fraction((v + D("8.124")) / D("9.005")) + 990 * exp(v / D("31.4")))}),
    "Cav1p3_MA2020_GoC": (("-67.24",), {
        "m.tau_ms": lambda v: 1 / (39800 * D("15.005") * fraction((v + D("67.24")) / D("15.005")) +
                                   3500 * exp(v / D("31.4")))}),
}

# Of fluxes of calcium (2 mM outside): permeability (cm/s), temperature (degC), product of the gates.
FLUXES = {"CaHVA_SU2015_DCN": ("7.5e-6", 36, "0.125"), "CaLVA_SU2015_DCN": ("1", 36, "0.0625"),
          "Cav3p1_MA2020_GoC": ("2.5e-4", 22, "0.0625"), "Cav3p3_RI2021_SC": ("1e-9", 36, "0.0625")}
FARADAY, GAS = D("1.602176634e-19") * D("6.02214076e23"), D("1.380649e-23") * D("6.02214076e23")

# Clamped to v (mV) from these gates at t = 0: g (mS/cm^2), E (mV), powers.
CLAMPS = {
    "Na_HH1952": {"v": -20, "g": 120, "E": 50, "gates": {"m": ("0.05", 3), "h": ("0.6", 1)}},
    "K_HH1952": {"v": 0, "g": 36, "E": -77, "gates": {"n": ("0.3", 4)}},
    "Na_TM1991": {"v": -20, "g": 100, "E": 50, "gates": {"m": ("0.05", 3), "h": ("0.6", 1)}},
    "K_TM1991": {"v": 0, "g": 30, "E": -90, "gates": {"n": ("0.3", 4)}},
}
AREA = D("1e-5")  # cm^2: the clamped cell's 1000 um^2

# The passive cell under a synapse or a leak: 200 pF, 10 nS, -60 mV.
C, G, REST, TAU = D(200), D(10), D(-60), D(5)


# Spikes of one source and one target, in ms, raised in the steps of 0.01 ms that begin there (tests/models/STDP_*.eic).
PRE = "10 40 60.03 100 130 131.5 200 260 300 340 345 350 355 450 480".split()
POST = "15 38 61 90 131.5 180 205 262 299.4 342 347 352 357 445 490".split()
DT = D("0.01")


def text(x):
    return repr(float(x))


def write(path, comment, header, rows):
    lines = [f"# {comment}", ",".join(header)] + [",".join(map(text, row)) for row in rows]
    path.write_text("\n".join(lines) + "\n")


def rates(folder):
    """Every 5 mV, and the singular points with both their sides, near and very near."""
    for channel, gates in CHANNELS.items():
        volts = {D(v) for v in range(-120, 65, 5)}
        volts |= {at + D(beside) for at in SINGULAR[channel] for beside in ("-1e-3", "-1e-9", "0", "1e-9", "1e-3")}
        # the formula is evaluated at the very number that the file holds
        volts = sorted(D(float(v)) for v in volts)
        header = ["v_mV"] + [f"{gate}.{rate}_ms^-1" for gate in gates for rate in ("alpha", "beta")]
        write(folder / f"{channel}_rates.csv", "alpha and beta: formulas of closed_forms.py", header,
              ([v] + [rate(v) for both in gates.values() for rate in both] for v in volts))


def singular(folder):
    """The singular points of the other channels, with both their sides."""
    for channel, (points, curves) in CURVES.items():
        volts = sorted({float(D(at) + D(beside)) for at in points for beside in BESIDE})
        write(folder / f"{channel}_singular.csv", "formulas of closed_forms.py", ["v_mV", *curves],
              ([D(v)] + [curve(D(v)) for curve in curves.values()] for v in volts))


def fluxes(folder):
    """P z F x (in - out e^-x) / (1 - e^-x), x = z F v / R T, at 50, 240 and 5000 nM; in nA on 1e5 um^2, which is uA/cm^2."""
    def flux(scale, inside, x):
        return scale * (inside * fraction(-x) - D("0.002") * fraction(x))
    for channel, (permeability, celsius, gates) in FLUXES.items():
        scale = D(permeability) * D(gates) * 2 * FARADAY * 1000  # cm/s C/L = 1000 uA/cm^2
        rows = []
        for v in range(-110, 70, 10):
            x = 2 * FARADAY * v / 1000 / (GAS * (celsius + D("273.15")))
            rows.append([D(v)] + [flux(scale, D(inside), x) for inside in ("50e-9", "240e-9", "5000e-9")])
        write(folder / f"{channel}_flux.csv", f"fluxes of closed_forms.py at {celsius} degC, the product of the gates {gates}",
              ["v_mV", "ca50.i_nA", "ca240.i_nA", "ca5000.i_nA"], rows)


def clamps(folder):
    """Gates relax as x(t) = inf + (x0 - inf) exp(-t (alpha + beta)); the current is g area (v - E) times their powers."""
    for channel, clamp in CLAMPS.items():
        v, header, rows = D(clamp["v"]), ["time_ms"], []
        name = "INa" if channel.startswith("Na") else "IK"
        header += [f"{name}.{gate}" for gate in clamp["gates"]] + [f"{name}.i_nA"]
        for k in range(21):
            t = D(k) / 4
            current = clamp["g"] * AREA * (v - clamp["E"]) * 1000  # mS mV = uA
            row = [t]
            for gate, (start, power) in clamp["gates"].items():
                alpha, beta = (rate(v) for rate in CHANNELS[channel][gate])
                inf = alpha / (alpha + beta)
                row.append(inf + (D(start) - inf) * exp(-t * (alpha + beta)))
                current *= row[-1] ** power
            rows.append(row + [current])
        write(folder / f"{channel}_clamp.csv", f"clamped to {v} mV: x = inf + (x0 - inf) exp(-t/tau), i = g area x^p (v - E)",
              header, rows)


def expcurr(folder):
    """v = rest + (w/C) (e^(-t/tau_m) - e^(-t/tau)) / (1/tau - 1/tau_m), w in pA."""
    def v(t, w):
        return REST + w / C * (exp(-t * G / C) - exp(-t / TAU)) / (1 / TAU - G / C)
    write(folder / "ExpCurr_psp.csv",
          "200 pF, 10 nS, -60 mV; tau 5 ms, 80 pA and -80 pA at t = 0: "
          "rest + (w/C) (e^(-t/tau_m) - e^(-t/tau)) / (1/tau - 1/tau_m)",
          ["time_ms", "in.s_pA", "in.i_nA", "epsp_mV", "ipsp_mV"],
          ((t, 80 * exp(-t / TAU), -80 * exp(-t / TAU) / 1000, v(t, D(80)), v(t, D(-80))) for t in map(D, range(61))))


def expcond(folder):
    """v = rest + (E - rest) e^(-A(t)) ∫ e^(A(x)) s(x)/C dx over 0..t, s = w e^(-t/tau), A = (G t + w tau (1 - e^(-t/tau)))/C:
    Simpson's rule in steps of 1/32 ms, whose error is below 1e-9 mV."""
    def share(times, w):
        s = lambda t: w * exp(-t / TAU)
        grow = lambda t: exp((G * t + w * TAU * (1 - exp(-t / TAU))) / C)
        f = lambda t: grow(t) * s(t) / C
        total, h, t = D(0), D(1) / 32, D(0)
        for until in times:
            while t < until:
                total += h / 6 * (f(t) + 4 * f(t + h / 2) + f(t + h))
                t += h
            yield total / grow(t)
    times = [D(t) for t in range(61)]
    shares = list(share(times, D(6)))
    write(folder / "ExpCond_psp.csv",
          "200 pF, 10 nS, -60 mV; tau 5 ms, 6 nS at t = 0, E = 0 mV and -80 mV: "
          "rest + (E - rest) e^-A ∫ e^A s/C dt, A = ∫ (g + s)/C dt",
          ["time_ms", "in.s_nS", "epsp_mV", "ipsp_mV"],
          ((t, 6 * exp(-t / TAU), REST + (0 - REST) * x, REST + (-80 - REST) * x) for t, x in zip(times, shares)))


def leak(folder):
    """v = E + I/g + (v0 - E - I/g) e^(-t g/C), from -75 mV with 0.05 nA; i = g (v - E), outward."""
    drive = D(50) / G
    v = lambda t: REST + drive + (D(-75) - REST - drive) * exp(-t * G / C)
    made = "200 pF, 10 nS, -60 mV, from -75 mV with 0.05 nA: E + I/g + (v0 - E - I/g) e^(-t g/C); i = g (v - E)"
    write(folder / "Leak_v.csv", made, ["time_ms", "v_mV", "IL.i_nA"],
          ((t, v(t), G * (v(t) - REST) / 1000) for t in map(D, range(0, 101, 2))))


def gap_pair(folder):
    """Two passive cells and a gap junction, C x' = -G (x - E) - g (x - y): with u = x - E a linear system u' = A u + b, solved
    by the eigenvalues of A. In pF, nS, mV."""
    c1, g1, e1, v1 = D(100), D(5), D(-65), D(-40)
    c2, g2, e2, v2 = D(250), D(10), D(-70), D(-70)
    g = D(4)
    a, b, c, d = -(g1 + g) / c1, g / c1, g / c2, -(g2 + g) / c2
    p, q = g1 * e1 / c1, g2 * e2 / c2
    determinant = a * d - b * c
    s1, s2 = (b * q - d * p) / determinant, (c * p - a * q) / determinant  # where both stand still
    root = ((a - d) ** 2 / 4 + b * c).sqrt()
    l1, l2 = (a + d) / 2 + root, (a + d) / 2 - root
    x, y = v1 - s1, v2 - s2
    k1 = (a * x + b * y - l2 * x) / (l1 - l2)  # x(t) = s1 + k1 e^(l1 t) + k2 e^(l2 t)
    k2 = x - k1
    rows = []
    for t in map(D, range(0, 51)):
        f1, f2 = k1 * exp(l1 * t), k2 * exp(l2 * t)
        rows.append((t, s1 + f1 + f2, s2 + ((l1 - a) * f1 + (l2 - a) * f2) / b))
    write(folder / "gap_pair.csv", "A: 100 pF, 5 nS, -65 mV, from -40 mV; B: 250 pF, 10 nS, -70 mV, from -70 mV; joined by 4 nS: "
          "eigenvalues of the linear system", ["time_ms", "a_mV", "b_mV"], rows)


def voltage_clamp(folder):
    """The sodium current of 1000 um^2 of the squid's axon, held at -65 mV, from 1 ms on at each of these voltages."""
    steps = [D(v) for v in (-50, -40, -30, -20, -10, 0, 20, 40, 60, 80)]
    write(folder / "voltage_clamp_steps.csv", "the command of each cell", ["v_mV"], ((v,) for v in steps))
    gates = CHANNELS["Na_HH1952"]
    def rest(gate):
        alpha, beta = (rate(D(-65)) for rate in gates[gate])
        return alpha / (alpha + beta)
    def current(v, t):
        x = {}
        for gate, both in gates.items():
            alpha, beta = (rate(v) for rate in both)
            inf = alpha / (alpha + beta)
            x[gate] = inf + (rest(gate) - inf) * exp(-t * (alpha + beta))
        return 120 * AREA * 1000 * x["m"] ** 3 * x["h"] * (v - 50)
    rows = []
    for k in range(0, 201):
        t = D(k) / 20
        rows.append([t] + [current(v, t - 1) if t >= 1 else current(D(-65), D(0)) for v in steps])
    write(folder / "voltage_clamp.csv", "held at -65 mV, stepped at 1 ms: g area m^3 h (v - 50 mV) with gates that relax exponentially",
          ["time_ms"] + [f"at {v} mV_nA" for v in steps], rows)
    peak = {v: min((current(v, D(k) / 200) for k in range(0, 2000)), key=lambda i: -abs(i)) for v in steps}
    print("peaks of the sodium current, nA:", {str(v): float(round(i, 4)) for v, i in peak.items()})


def squid_rest():
    """The v at which sodium, potassium and leak of the squid's axon add up to nothing, gates at steady state."""
    def current(v):
        x = {}
        for channel in ("Na_HH1952", "K_HH1952"):
            for gate, (alpha, beta) in CHANNELS[channel].items():
                x[gate] = alpha(v) / (alpha(v) + beta(v))
        return (120 * x["m"] ** 3 * x["h"] * (v - 50) + 36 * x["n"] ** 4 * (v + 77) + D("0.3") * (v + D("54.387")))
    low, high = D(-70), D(-60)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if current(middle) > 0 else (middle, high)
    return low


def pairs(spikes, now, tau):
    """What is left at `now` of the spikes before it."""
    return sum(exp(-(now - t) / tau) for t in spikes)


def plasticity(folder):
    """The weight after each event, from sums over all pairs; equal times: the source first. And depression by events alone."""
    events = sorted([(D(t), 0) for t in PRE] + [(D(t), 1) for t in POST])
    rules = {
        "STDP_Rossum2000": (D(1), lambda w, y: w - D("0.003") * w * y, lambda w, x: w + D("0.007") * x),
        "STDP_Morrison2007": (D(45), lambda w, y: w - D("0.011") * w * y, lambda w, x: w + D("0.1") * w ** D("0.4") * x),
    }
    for name, (w, pre, post) in rules.items():
        rows, seen = {}, ([], [])
        for time, which in events:
            w = (post if which else pre)(w, pairs(seen[1 - which], time, D(20)))
            seen[which].append(time)
            rows[time + 2 * DT] = w  # the row of eic that shows it
        unit = "nS" if name == "STDP_Rossum2000" else "pA"
        write(folder / f"{name}.csv", "sums over pairs, 40 digits", ("time_ms", f"w_{unit}"), rows.items())
    d, last, rows = D(1), None, []
    for time in map(D, PRE):
        if last is not None:
            d = 1 - (1 - d) * exp(-(time - last) / 200)
        d, last = d * D("0.75"), time
        rows.append((time + 2 * DT, d))
    write(folder / "Depression_Abbott1997.csv", "after each event, 40 digits", ("time_ms", "d"), rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for make in (rates, singular, fluxes, clamps, expcurr, expcond, leak, gap_pair, plasticity):
        make(Path(sys.argv[1]))
    voltage_clamp(Path(__file__).resolve().parents[2] / "models/examples/data")
    print("the squid's axon rests at", text(squid_rest()), "mV")
    for name, at in CLAMPS.items():
        both = CHANNELS[name].items()
        print(name, "at -45 mV:", *(f"{g}_inf = {text(a(D(-45)) / (a(D(-45)) + b(D(-45))))}" for g, (a, b) in both))
