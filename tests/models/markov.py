#!/usr/bin/env python3
"""Writes what the tests of the kinetic schemes compare with: the generator of each diagram as a dense matrix, its steady
states in exact fractions, and its occupancies in a voltage clamp with steps, once by backward Euler (a dense solve each dt, which is what eic
must give) and once exactly (the exponential of the matrix). The diagrams are typed from the papers and from the notes on
braincell's sources, not from models/std. Needs numpy and scipy; its output is kept.

    python3 tests/models/markov.py tests/models/data tests/reference/data
"""
import gzip
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.linalg import expm

F, R = 96485.33212331001, 8.31446261815324
DT = 0.01  # ms


class Diagram:
    """Arrows (from, to, rate of (v in mV, c in mM, T in K), 1/ms); `open` is what conducts."""

    def __init__(self, q10, measured, celsius, opening, arrows):
        self.arrows, self.open, self.kelvin = arrows, opening, celsius + 273.15
        self.phi = q10 ** ((celsius - measured) / 10)
        self.states = list(dict.fromkeys(name for a, b, *_ in arrows for name in (a, b)))

    def generator(self, v, c=0.0):
        n = len(self.states)
        q = np.zeros((n, n))
        for a, b, there, back in self.arrows:
            i, j = self.states.index(a), self.states.index(b)
            for source, target, rate in ((i, j, there), (j, i, back)):
                flow = self.phi * rate(v, c, self.kelvin)
                q[target, source] += flow
                q[source, source] -= flow
        return q

    def steady(self, v, c=0.0):
        """Exactly: Gauss-Jordan elimination with fractions, the last equation being that the sum is 1."""
        rows = [[Fraction(float(x)) for x in row] + [Fraction(0)] for row in self.generator(v, c)]
        for k in range(len(rows)):  # what leaves a state arrives elsewhere, exactly
            rows[k][k] = -sum(row[k] for row in rows if row is not rows[k])
        rows[-1] = [Fraction(1)] * (len(rows) + 1)
        for k in range(len(rows)):
            pivot = next(i for i in range(k, len(rows)) if rows[i][k])
            rows[k], rows[pivot] = rows[pivot], rows[k]
            rows[k] = [x / rows[k][k] for x in rows[k]]
            for i in range(len(rows)):
                if i != k and rows[i][k]:
                    rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k])]
        return np.array([float(row[-1]) for row in rows])


def const(x):
    return lambda v, c, T: x


def raman_bean(oon, epsilon):
    """Raman & Bean (2001): C1 … C5, O along the top, I1 … I6 below, B behind O."""
    con, coff, ooff = 0.005, 0.5, 0.005
    a, b = (oon / con) ** 0.25, (ooff / coff) ** 0.25
    alpha, beta = (lambda v: 150 * np.exp(v / 20)), (lambda v: 3 * np.exp(-v / 20))
    arrows = []
    for i in range(4):
        up, down = 4 - i, i + 1
        arrows.append((f"C{i+1}", f"C{i+2}", lambda v, c, T, n=up: n * alpha(v), lambda v, c, T, n=down: n * beta(v)))
        arrows.append((f"I{i+1}", f"I{i+2}", lambda v, c, T, n=up: n * alpha(v) * a, lambda v, c, T, n=down: n * beta(v) * b))
    arrows += [("C5", "O", const(150), const(40)), ("I5", "I6", const(150), const(40))]
    arrows += [(f"C{i+1}", f"I{i+1}", const(con * a**i), const(coff * b**i)) for i in range(5)]
    arrows.append(("O", "I6", const(oon), const(ooff)))
    if epsilon:
        arrows.append(("O", "B", const(epsilon), lambda v, c, T: 0.03 * np.exp(-v / 25)))
    return arrows


def magistretti(con, ooff, long_term):
    """Magistretti et al. (2006); `long_term` adds the states L3 … L6 (FHF)."""
    coff, oon, n = 0.5, 0.75, (5.422, 3.279, 1.83, 0.738)
    a, b = (oon / con) ** 0.25, (ooff / coff) ** 0.25
    alpha, beta = (lambda v: 353.91 * np.exp(v / 13.99)), (lambda v: 1.272 * np.exp(-v / 13.99))
    arrows = []
    for i in range(4):
        arrows.append((f"C{i+1}", f"C{i+2}", lambda v, c, T, k=n[i]: k * alpha(v), lambda v, c, T, k=n[3 - i]: k * beta(v)))
        arrows.append((f"I{i+1}", f"I{i+2}", lambda v, c, T, k=n[i]: k * alpha(v) * a, lambda v, c, T, k=n[3 - i]: k * beta(v) * b))
    arrows += [("C5", "O", const(150), const(40)), ("I5", "I6", const(150), const(40))]
    arrows += [(f"C{i+1}", f"I{i+1}", const(con * a**i), const(coff * b**i)) for i in range(5)]
    arrows.append(("O", "I6", const(oon), const(ooff)))
    arrows.append(("O", "OB", const(1.75), lambda v, c, T: 0.0201 * np.exp(-v / 25)))
    if long_term:
        lon, loff, on, off = 0.001, 0.5, 20.0, 0.075
        # the way back with beta, as the balance around each square demands
        arrows.append(("L3", "L4", lambda v, c, T: n[2] * alpha(v) * on, lambda v, c, T: n[1] * beta(v) * off))
        arrows.append(("L4", "L5", lambda v, c, T: n[3] * alpha(v) * on, lambda v, c, T: n[0] * beta(v) * off))
        arrows.append(("L5", "L6", const(150), const(40)))
        for state, level, power in (("C3", "L3", 0), ("C4", "L4", 1), ("C5", "L5", 2), ("O", "L6", 2)):
            arrows.append((state, level, const(lon * on**power), const(loff * off**power)))
    return arrows


def hirschberg():
    """Hirschberg et al. (1998), SK2; c in mM."""
    binds = lambda k: (lambda v, c, T: k * c / 3)
    return [("C1", "C2", binds(200), const(0.08)), ("C2", "C3", binds(160), const(0.08)), ("C3", "C4", binds(80), const(0.2)),
            ("C3", "O1", const(0.16), const(1.0)), ("C4", "O2", const(1.2), const(0.1))]


def cox():
    """Cox, Cui & Aldrich (1997), BK; c in mM."""
    arrows = []
    for i in range(4):
        for row, dissociation in (("C", 11.0), ("O", 1.1)):
            arrows.append((f"{row}{i}", f"{row}{i+1}", lambda v, c, T, n=4 - i: n * 1000 * c, const((i + 1) * dissociation)))
    opens, closes = (0.00239, 0.007, 0.04, 0.295, 0.557), (3.936, 1.152, 0.659, 0.486, 0.092)
    for i in range(5):
        arrows.append((f"C{i}", f"O{i}", lambda v, c, T, k=opens[i]: k * np.exp(0.73 * F * v * 1e-3 / (R * T)),
                       lambda v, c, T, k=closes[i]: k * np.exp(-0.67 * F * v * 1e-3 / (R * T))))
    return arrows


# The clamp: v before, (time in ms, v) of its steps; the end; the concentration.
STEPS = {"start": -90.0, "steps": [(1.0, 0.0), (6.0, -40.0), (16.0, -90.0)], "end": 25.0, "c": 0.0}
CHANNELS = {
    "Nav1p6_MA2020_GoC": (Diagram(3, 22, 22, ["O"], raman_bean(0.75, 1.75)), STEPS),
    "Nav1p1_MA2025_BC": (Diagram(2.7, 22, 22, ["O"], raman_bean(2.3, 0)), STEPS),
    "Nav_MA2020_GrC": (Diagram(3, 20, 32, ["O"], magistretti(0.005, 0.005, False)), STEPS),
    "NaFHF_MA2020_GrC": (Diagram(3, 20, 32, ["O"], magistretti(0.025, 0.002, True)), STEPS),
    "Kca2p2_MA2020_GoC": (Diagram(3, 23, 22, ["O1", "O2"], hirschberg()), None),
    "Kca1p1_MA2020_GoC": (Diagram(3, 23, 22, ["O0", "O1", "O2", "O3", "O4"], cox()), dict(STEPS, c=0.005)),
}


def write(path, comment, header, rows):
    lines = [f"# {comment}", ",".join(header)] + [",".join(f"{x:.14g}" for x in row) for row in rows]
    data = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def clamp(diagram, protocol):
    """Rows every 0.2 ms: time, then each occupancy by backward Euler, then the open ones exactly."""
    v, c, steps = protocol["start"], protocol["c"], list(protocol["steps"])
    x = y = diagram.steady(v, c)
    n = len(x)
    rows = []
    for k in range(round(protocol["end"] / DT) + 1):
        if k % 20 == 0:
            rows.append([round(k * DT, 10), *x, sum(y[diagram.states.index(o)] for o in diagram.open)])
        if k == 0 or (steps and k == round(steps[0][0] / DT) + 1):  # a step of the clamp acts from the end of its dt on
            if k:
                v = steps.pop(0)[1]
            q = diagram.generator(v, c)
            implicit, exact = np.eye(n) - DT * q, expm(DT * q)
        x, y = np.linalg.solve(implicit, x), exact @ y
        x, y = x / x.sum(), y / y.sum()
    return rows


def jump(diagram, low, high, at, end, every):
    """The concentration jumps after `at` steps: time, open by backward Euler, open exactly."""
    x = y = diagram.steady(0, low)
    n, rows = len(x), []
    total = lambda z: sum(z[diagram.states.index(o)] for o in diagram.open)
    for k in range(end + 1):
        if k % every == 0:
            rows.append([round(k * DT, 10), total(x), total(y)])
        if k in (0, at):
            q = diagram.generator(0, high if k == at else low)
            implicit, exact = np.eye(n) - DT * q, expm(DT * q)
        x, y = np.linalg.solve(implicit, x), exact @ y
        x, y = x / x.sum(), y / y.sum()
    return rows


def two_state(path):
    """C <-> O in the clamp, by the formula of backward Euler: x ← (x + dt·alpha)/(1 + dt·(alpha + beta))."""
    alpha, beta = (lambda v: 0.5 * np.exp(v / 20)), (lambda v: 0.1 * np.exp(-v / 20))
    v, steps, rows = STEPS["start"], list(STEPS["steps"]), []
    x = alpha(v) / (alpha(v) + beta(v))
    for k in range(round(STEPS["end"] / DT) + 1):
        if k % 20 == 0:
            rows.append([round(k * DT, 10), x])
        if steps and k == round(steps[0][0] / DT) + 1:
            v = steps.pop(0)[1]
        x = (x + DT * alpha(v)) / (1 + DT * (alpha(v) + beta(v)))
    write(path, "two states in a clamp, by the formula of backward Euler", ["time_ms", "I.O"], rows)


def main(folder, reference):
    two_state(reference / "two_state.csv")
    for name, (diagram, protocol) in CHANNELS.items():
        columns = [f"{state}.inf" for state in diagram.states]
        if protocol is None:  # no voltage in it: over the concentration
            rows = [[c, *diagram.steady(0, c)] for c in (1e-5, 5e-5, 2e-4, 5e-4, 1e-3, 5e-3)]
            write(folder / f"{name}_steady.csv", "steady states over [Ca] in mM, in fractions", ["ca_mM", *columns], rows)
            write(folder / f"{name}_jump.csv", f"[Ca] jumps from 0.05 to 5 uM: backward Euler with dt = {DT} ms; exactly",
                  ["time_ms", "open", "exact_open"], jump(diagram, 5e-5, 5e-3, 102, 10000, 100))
            continue
        rows = [[v, *diagram.steady(v, protocol["c"])] for v in range(-120, 61, 20)]
        write(folder / f"{name}_steady.csv", f"steady states at [Ca] = {protocol['c']} mM, in fractions", ["v_mV", *columns], rows)
        header = ["time_ms", *[f"I.{s}" for s in diagram.states], "exact_open"]
        write(folder / f"{name}_clamp.csv.gz",
              f"clamped to {protocol['start']} mV, then {protocol['steps']}: backward Euler with dt = {DT} ms; exactly", header,
              clamp(diagram, protocol))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
