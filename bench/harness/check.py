"""Ratios of this run against the committed ones. In: results; bench/baseline.json. Out: a verdict a row.

Only ratios are compared, never times; and only with those of the same class of machine, since another instruction set has other
ratios. Bytes a synapse and a cell count as ratios: no machine is faster in them."""

import json

TOLERANCE = 0.15


def ratios(parts, known):
    """{name: {"value", "better"}} of all parts; `known` are the parts by name."""
    found = {}
    for name, result in parts.items():
        if name in known:
            found |= {row: {"value": value, "better": better} for row, (value, better) in known[name].ratios(result).items()}
    yardstick = _yardstick(parts)
    for row in list(found):
        if row.endswith("/ a cell and step by hand"):
            if yardstick:
                found[row]["value"] /= yardstick
            else:
                del found[row]
    return found


def _yardstick(parts):
    """ns that the hand-written kernel takes for a cell and step in single: what building is set against."""
    singles = [k["floor_ns"]["min"] for k in parts.get("kernel", {}).get("kernels", []) if k["precision"] == "single"]
    return min(singles, default=None)


def loss(now, then):
    """0.2 for one fifth worse; negative for a gain."""
    if now["better"] == "less":
        return now["value"] / then["value"] - 1
    return 1 - now["value"] / then["value"]


def compare(now, then, tolerance=TOLERANCE):
    """[(name, verdict, now, then)]: "lost", "kept", "new" (no committed ratio), "missing" (not measured now)."""
    rows = []
    for name in [*now, *(name for name in then if name not in now)]:
        if name not in then:
            rows.append((name, "new", now[name]["value"], None))
        elif name not in now:
            rows.append((name, "missing", None, then[name]["value"]))
        else:
            verdict = "lost" if loss(now[name], then[name]) > tolerance else "kept"
            rows.append((name, verdict, now[name]["value"], then[name]["value"]))
    return rows


def better_of(first, second):
    """Of two measurements of the same: noise only makes a ratio worse, more often than better."""
    merged = dict(first)
    for name, row in second.items():
        if name not in merged or loss(row, merged[name]) < 0:
            merged[name] = row
    return merged


def read(path, machine_class):
    """The committed ratios of a class; None where there are none."""
    if not path.exists():
        return None
    entry = json.loads(path.read_text()).get(machine_class)
    return entry["ratios"] if entry else None


def write(path, machine_class, about, now):
    """Those that were measured now; the others of the class, and the other classes, stay."""
    everything = json.loads(path.read_text()) if path.exists() else {}
    kept = everything.get(machine_class, {}).get("ratios", {})
    rounded = {name: {"value": round(row["value"], 4), "better": row["better"]} for name, row in now.items()}
    everything[machine_class] = {"machine": about, "ratios": dict(sorted((kept | rounded).items()))}
    path.write_text(json.dumps(dict(sorted(everything.items())), indent=2, ensure_ascii=False) + "\n")


def text(rows):
    words = {"lost": "LOST", "kept": "kept", "new": "no committed ratio: not judged", "missing": "not measured in this run"}
    lines = []
    for name, verdict, now, then in rows:
        change = f"{100 * (now / then - 1):+.0f} %" if now is not None and then else ""
        figures = f"{'–' if now is None else f'{now:.3f}':>9}{'–' if then is None else f'{then:.3f}':>11}{change:>9}"
        lines.append(f"  {name:60}{figures}  {words[verdict]}")
    return f"  {'':60}{'now':>9}{'committed':>11}{'':>9}\n" + "\n".join(lines)
