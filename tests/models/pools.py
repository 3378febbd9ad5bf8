#!/usr/bin/env python3
"""Writes what the tests of the pools compare with: concentrations under a constant current of calcium, inward and outward,
from the solution of a linear equation, with 40 digits. Needs python3 alone; its output is kept.

    python3 tests/models/pools.py tests/models/data
"""
import sys
from decimal import Decimal as D
from decimal import getcontext
from pathlib import Path

getcontext().prec = 40
F, R, T = D("96485.3321233100184"), D("8.31446261815324"), D("309.15")
DENSITY = D("0.01")  # A/m^2: 1 uA/cm^2


def relaxing(start, gain, rate, rest, t):
    """x' = gain − rate·(x − rest) from `start`, after t ms."""
    end = rest + gain / rate
    return end + (start - end) * (-rate * t).exp()


# Of each pool: the concentration (mM) gained in a ms from an inward current of that density, the rate (1/ms), the rest (mM),
# and whether an outward current takes as much out.
POOLS = {
    "CalciumDetailed": (DENSITY / (2 * F * D("1e-6")) / 1000, 1 / D(5), D("0.00024"), False),
    "CalciumFirstOrder": (D("1e-4"), D("0.075"), D(0), False),
    "CdpHVA_SU2015_DCN": (D("3.45e-7") * DENSITY / D("0.2e-6") / 1000, 1 / D(70), D("5e-5"), True),
    "CdpLVA_SU2015_DCN": (D("3.45e-7") * DENSITY / D("0.2e-6") / 1000, 1 / D(70), D("5e-5"), True),
}


def main(folder):
    for name, (gain, rate, rest, both) in POOLS.items():
        lines = ["# 1 uA/cm^2 of calcium inward, from rest; outward, from 1 uM; the Nernst potential of the first with 2 mM outside",
                 "time_ms,inward_mM,outward_mM,ca.E_mV"]
        for t in range(0, 51):
            inward = relaxing(rest, gain, rate, rest, D(t))
            outward = relaxing(D("0.001"), -gain if both else D(0), rate, rest, D(t))
            nernst = 1000 * R * T / (2 * F) * (2 / inward).ln() if inward else D("nan")
            lines.append(",".join([str(t)] + ["" if x.is_nan() else repr(float(x)) for x in (inward, outward, nernst)]))
        (folder / f"{name}_constant.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
