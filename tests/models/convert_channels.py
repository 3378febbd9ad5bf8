#!/usr/bin/env python3
"""Converts what braincell 0.2.0 says of its channels (steady states and time constants, currents at fixed gates) into the CSV
that the tests of std.channels read. Run once; its output is kept.

    python3 tests/models/convert_channels.py <folder of the library data> tests/models/data

A file a channel, a row each 10 mV; names of gates are ours. Numbers are copied as text, never re-printed, but for the currents
of Na_ZH2019_IO. A current is outward, in nA on 1e5 um^2, where 1 nA is 1 uA/cm^2. What depends on calcium stands in a column
for each of three levels: "ca50.n.inf" at 50 nM. Needs python3 alone.
"""
import csv
import gzip
import json
import sys
from decimal import Decimal, getcontext
from pathlib import Path

getcontext().prec = 40

# Gates in braincell's order, where we name them otherwise.
GATES = {
    "Na_HH1952": "m h", "Na_TM1991": "m h", "Na_Ba2002": "m h", "K_HH1952": "n", "K_TM1991": "n", "KDR_Ba2002": "n",
    "KA1_HM1992": "m h", "KA2_HM1992": "m h", "KK2A_HM1992": "m h", "KK2B_HM1992": "m h", "CaN_IS2008": "m",
    "CaT_HM1992": "m h", "CaHT_HM1992": "m h", "CaT_HP1992": "m h", "CaHT_Re1993": "m h", "CaL_IS2008": "m h",
    "Cav3p1_MA2020_GoC": "m h", "HCN_HM1992": "m", "AHP_De1994": "m",
}
INSTANTANEOUS = {"Na_ZH2019_IO": "m"}  # braincell gives it a time constant of 1 us
LEVELS = {"": "", "5e-05": "ca50.", "0.00024": "ca240.", "0.005": "ca5000."}  # mM → nM


def rows(path):
    with gzip.open(path, "rt", newline="") as file:
        return [r for r in csv.DictReader(file) if int(r["v_mV"]) % 10 == 0]


def write(path, comment, table):
    """table: v → column → text; rows that lack a number (the source has none there) are left out."""
    header = max(table.values(), key=len)
    lines = [",".join(["v_mV", *header])]
    whole = [(v, row) for v, row in sorted(table.items()) if all(row.get(c) for c in header)]
    lines += [",".join([str(v), *(row[c] for c in header)]) for v, row in whole]
    path.write_text(f"# {comment}\n" + "\n".join(lines) + "\n")


def negated(text):
    number = text[1:] if text.startswith("-") else "-" + text
    return text if float(text) == 0 else number


def gates_of(info, name):
    return [gate["name"] for gate in info["channels"][name]["gates"]]


def main(source, target):
    info = json.loads((source / "channel_curves.json").read_text())
    curves, currents = {}, {}
    for r in rows(source / "channel_curves.csv.gz"):
        name = r["channel"]
        ours = dict(zip(gates_of(info, name), GATES.get(name, "").split()))
        gate, row = ours.get(r["gate"], r["gate"]), curves.setdefault(name, {}).setdefault(int(r["v_mV"]), {})
        level = LEVELS[r["ca_mM"]]
        if INSTANTANEOUS.get(name) == gate:
            row[gate] = r["inf"]
        else:
            row[f"{level}{gate}.inf"], row[f"{level}{gate}.tau_ms"] = r["inf"], r["tau_ms"]
    for r in rows(source / "channel_currents.csv.gz"):
        name, v, i = r["channel"], int(r["v_mV"]), r["i_uA_per_cm2"] and negated(r["i_uA_per_cm2"])
        if gate := INSTANTANEOUS.get(name):  # not at 0.5 but where it is at v
            gates = info["channels"][name]["gates"]
            power = next(g["power"] for g in gates if g["name"] == gate)
            i = repr(float(Decimal(i) * (2 * Decimal(curves[name][v][gate])) ** power))
        currents.setdefault(name, {}).setdefault(v, {})[f"{LEVELS[r['ca_mM']]}i_nA"] = i
    for name, table in curves.items():
        given = info["channels"][name]["params"]
        at = ", ".join(f"{key} = {given[key]}" for key in ("temp", "V_sh") if key in given)
        write(target / f"{name}_curves.csv", f"braincell 0.2.0's own {name}{', ' + at if at else ''}", table)
        gates = GATES.get(name, "").split() or gates_of(info, name)
        fixed = ", ".join(f"{gate} = {x}" for gate, x in zip(gates, (0.5, 0.25, 0.75)))
        reversal = [f"E = {given['E']}"] if "E" in given else []
        if info["channels"][name]["current_depends_on_ca"]:
            reversal.append(f"calcium outside {info['ions']['Ca_out_mM']} mM")
        elif not reversal:
            first = info["channels"][name]["ions"][0]
            short = {"Sodium": "Na", "Potassium": "K", "Calcium": "Ca"}[first]
            reversal.append(f"E = {info['ions'][f'E_{short}_mV']} mV")
        if all(float(i) == 0 for row in currents[name].values() for i in row.values() if i):
            continue  # its conductance is 0 there
        how = "; ".join([fixed, *reversal, *([at] if at else [])])
        write(target / f"{name}_currents.csv", f"braincell 0.2.0's own {name}: {how}", currents[name])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:]))
