#!/usr/bin/env python3
"""What other tools say of the six planted mistakes (docs/diagnostics.md).

    python3 tests/diagnostics/others.py [--into build/others] [--only TOOL …]

Each tool is installed from PyPI into a virtual environment of its own under `--into`, at the version below, and is given
the sound model (0_…) and the six planted ones (1_… to 6_…) of its folder. What it says goes to said/<tool>/<n>.txt: the
commands, their output and their exit status. Of the output only what differs from machine to machine (paths, dates) and
what is endless (Java's stacks, the workings of NESTML's ODE-toolbox) is left out, and where it was, "[…]" stands.

Not part of CI: it installs a few hundred megabytes and takes some minutes. It needs a C++ compiler for NEURON, and java for
jLEMS. Our own answers to the same six are tests/errors/planted_*.txt, which `./dev test` checks.
"""
import argparse
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

# tool: (what pip installs, folder of its models)
TOOLS = {
    "nestml": (["nestml==9.0.0"], "nestml"),
    "brian2": (["brian2==2.10.1"], "brian2"),
    "nmodl": (["neuron==9.0.2", "setuptools"], "nmodl"),
    "myokit": (["myokit==1.39.2"], "myokit"),
    "pylems": (["pylems==0.6.9"], "lems"),
    "jlems": (["--no-deps", "pyneuroml==1.3.22"], "lems"),  # carries the jar of jNeuroML 0.14.0, and that jLEMS
}

MYOKIT_STEP = """
import myokit, sys
model = myokit.load_model(sys.argv[1])
model.validate()
print(myokit.step(model))
"""
MYOKIT_UNITS = """
import myokit, sys
model = myokit.load_model(sys.argv[1])
model.check_units(myokit.UNIT_STRICT if sys.argv[2] == "strict" else myokit.UNIT_TOLERANT)
"""
NEURON_RUN = """
from neuron import h
cell = h.Section(name="cell")
cell.insert("kl")
h.load_file("stdrun.hoc")
h.finitialize(-65)
h.continuerun(1)
"""


def install(tool, into):
    venv = into / tool
    wanted = "\n".join(TOOLS[tool][0])
    stamp = venv / "installed.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"installing {tool} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([venv / "bin/pip", "install", "-q", "--disable-pip-version-check", *TOOLS[tool][0]], check=True)
        stamp.write_text(wanted)
    return venv


def commands(tool, venv, model):
    """(what stands in the file, what is run) of each command."""
    bin_ = venv / "bin"
    if tool == "nestml":
        args = ["--input_path", model, "--target_platform", "NONE", "--target_path", "target"]
        for level in ["ERROR", "INFO"]:
            call = [*args, "--logging_level", level]
            yield "nestml " + " ".join(call), [bin_ / "nestml", *call]
    elif tool == "brian2":
        yield "python " + model, [bin_ / "python", model]
    elif tool == "nmodl":
        shutil.copy(pathlib.Path(model), "kl.mod")
        yield "nrnivmodl kl.mod", [bin_ / "nrnivmodl", "kl.mod"]
        yield "python (insert the mechanism, run 1 ms)", [bin_ / "python", "-c", NEURON_RUN]
        yield "nmodl kl.mod", [bin_ / "nmodl", "kl.mod", "-o", "generated", "--scratch", "generated"]
        yield "modlunit kl", [bin_ / "modlunit", "kl"]
    elif tool == "myokit":
        yield "model.validate(), myokit.step(model)", [bin_ / "python", "-c", MYOKIT_STEP, model]
        for mode in ["tolerant", "strict"]:
            yield f"model.check_units({mode})", [bin_ / "python", "-c", MYOKIT_UNITS, model, mode]
    elif tool == "pylems":
        yield "pylems -nogui " + model, [bin_ / "pylems", "-nogui", model]
    elif tool == "jlems":
        jar = next(venv.glob("lib/*/site-packages/pyneuroml/lib/jNeuroML-*.jar"))
        yield f"java -jar {jar.name} {model} -nogui", ["java", "-jar", jar, model, "-nogui"]


def trimmed(text, venv, folder):
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = text.replace(str(folder) + "/", "").replace(str(folder), ".")
    for path in {str(venv), str(venv.resolve())}:
        text = re.sub(re.escape(path) + r"/lib/python[\d.]+/site-packages", "{site}", text).replace(path, "{venv}")
    text = text.replace(sys.base_prefix, "{python}")
    text = re.sub(r"<https?://[^>]*>|https?://\S+", "{url}", text)
    text = re.sub(rf"{re.escape(tempfile.gettempdir())}/[\w./-]+", "{temporary}", text)
    lines, toolbox = [], False
    for line in text.splitlines():
        line = line.rstrip()
        line = re.sub(r"\w{3} \d+, ?\d{4} [\d:]+( [AP]M)?", "{date}", line)
        line = re.sub(r"in [\d.]+ seconds", "in {s} seconds", line)
        toolbox = line.startswith("[ODE-toolbox]") or (toolbox and not re.match(r"\[\d+,\S+, ", line))
        stack = re.match(r"\s+at [\w.$]+\(|\s+\.\.\. \d+ more|INFO \{date\}\s+\(LOG\)\s+at ", line)
        if toolbox or stack:
            line = "[…]"
        if line == "[…]" and lines and lines[-1] == "[…]":
            continue
        lines.append(line if len(line) <= 400 else line[:400] + " […]")
    return "\n".join(lines).strip("\n")


def ask(tool, venv, model):
    version = next((p for p in TOOLS[tool][0] if "==" in p)).replace("==", " ")
    said = [f"{version}, Python {platform.python_version()}"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        shutil.copy(model, folder)
        here = pathlib.Path.cwd()
        os.chdir(folder)
        try:
            env = {**os.environ, "PATH": f"{venv / 'bin'}:{os.environ['PATH']}", "PYTHONHASHSEED": "0"}
            for shown, call in commands(tool, venv, model.name):
                done = subprocess.run([str(part) for part in call], env=env, stdin=subprocess.DEVNULL, text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
                said += ["", f"$ {shown}"]
                if text := trimmed(done.stdout, venv, folder):
                    said.append(text)
                said.append(f"exit {done.returncode}")
        finally:
            os.chdir(here)
    return "\n".join(said) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--into", type=pathlib.Path, default=HERE.parents[1] / "build/others")
    parser.add_argument("--only", nargs="+", choices=list(TOOLS), default=list(TOOLS))
    options = parser.parse_args()
    for tool in options.only:
        if tool == "jlems" and not shutil.which("java"):
            print("jlems left out: there is no java", file=sys.stderr)
            continue
        venv = install(tool, options.into.absolute())
        out = HERE / "said" / tool
        out.mkdir(parents=True, exist_ok=True)
        for model in sorted((HERE / TOOLS[tool][1]).iterdir()):
            file = out / (model.name.split("_")[0] + ".txt")
            file.write_text(ask(tool, venv, model))
            print(file.relative_to(HERE), file=sys.stderr)


main()
