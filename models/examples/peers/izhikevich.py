#!/usr/bin/env python3
"""The published algorithm of Izhikevich (2003), its figure 3, in numpy: steps of 1 ms, v in two halves, synapses and thalamic
input as currents of one step. Run of 2 s over seeds; the first 0.5 s is left out."""
import numpy as np

from measures import rate, silent, synchrony, table

E, I, STEPS = 800, 200, 2000


def run(number):
    draw = np.random.default_rng(number)
    r_e, r_i = draw.random(E), draw.random(I)
    a = np.r_[np.full(E, 0.02), 0.02 + 0.08 * r_i]
    b = np.r_[np.full(E, 0.2), 0.25 - 0.05 * r_i]
    c = np.r_[-65 + 15 * r_e**2, np.full(I, -65.0)]
    d = np.r_[8 - 6 * r_e**2, np.full(I, 2.0)]
    weights = np.c_[0.5 * draw.random((E + I, E)), -draw.random((E + I, I))]
    v = np.full(E + I, -65.0)
    u = b * v
    times, index = [], []
    for step in range(STEPS):
        current = np.r_[5 * draw.standard_normal(E), 2 * draw.standard_normal(I)]
        fired = np.flatnonzero(v >= 30)
        times.append(np.full(len(fired), step * 1e-3))
        index.append(fired)
        v[fired] = c[fired]
        u[fired] += d[fired]
        current += weights[:, fired].sum(axis=1)
        for _ in range(2):
            v += 0.5 * (0.04 * v**2 + 5 * v + 140 - u + current)
        u += a * (b * v - u)
    times, index = np.concatenate(times), np.concatenate(index)
    counts = np.bincount((times[times > 0.5] * 1e3 + 0.5).astype(int) - 501, minlength=1500).astype(float)
    power = np.abs(np.fft.rfft(counts - counts.mean())) ** 2
    hz = np.arange(len(power)) / 1.5
    share = lambda low, high: power[(hz >= low) & (hz < high)].sum() / power[(hz >= 1) & (hz < 100)].sum()
    return {"rate E (Hz)": rate(times[index < E], E, 0.5, 2), "rate I (Hz)": rate(times[index >= E], I, 0.5, 2),
            "silent": silent(index[times > 0.5], E + I), "synchrony": synchrony(times, index, E + I, 0.5, 2),
            "peak (Hz)": hz[1 + np.argmax(power[1:])], "power in 5-15 Hz": share(5, 15), "power in 25-60 Hz": share(25, 60)}


if __name__ == "__main__":
    table(run, range(1, 13))
