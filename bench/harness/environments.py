"""Virtual environments for the peers, one each, with the newest Python that its package can be had for.

In: a requirements file; out: the interpreter of an environment in which it is installed, or the reason why there is none. What
is installed is kept in the build folder until the requirements change."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess

# Where programs that manage several Pythons keep them.
MANAGED = ("~/.pyenv/versions/*/bin/python3", "~/.local/share/uv/python/*/bin/python3", "~/.asdf/installs/python/*/bin/python3")
OLDEST = (3, 10)


def _version(python):
    """(3, 13) of an interpreter that can make environments, or None."""
    code = "import ensurepip, sys, venv; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else None


def pythons():
    """{(3, 13): path, …}, the newest first."""
    candidates = [shutil.which(f"python3.{minor}") for minor in range(20, OLDEST[1] - 1, -1)]
    for pattern in MANAGED:
        base = pathlib.Path(pattern).expanduser()
        root = pathlib.Path(*base.parts[: base.parts.index("*")])
        candidates += map(str, sorted(root.glob(str(base.relative_to(root)))))
    candidates.append(shutil.which("python3"))
    found = {}
    for python in filter(None, candidates):
        version = _version(python)
        if version and version >= OLDEST:
            found.setdefault(version, python)
    return dict(sorted(found.items(), reverse=True))


def _why(log):
    """Of pip's output, the line that says what is wrong."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    last = (errors or lines or ["no message"])[-1].removeprefix("ERROR: ")
    return re.sub(r"https?://\S+", "…", last)[:200]


def _install(python, folder, requirements):
    """None, or why not."""
    shutil.rmtree(folder, ignore_errors=True)
    done = subprocess.run([python, "-m", "venv", folder], capture_output=True, text=True)
    if done.returncode == 0:
        done = subprocess.run(
            [folder / "bin/python", "-m", "pip", "install", "--only-binary=:all:", "-r", requirements],
            capture_output=True,
            text=True,
            preexec_fn=lambda: os.nice(10),
        )
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        return _why(done.stdout + done.stderr)
    return None


def environment(name, requirements, into, say):
    """(interpreter, (3, 13), reasons): the interpreter is None where no Python took the requirements."""
    reasons = []
    stamp = hashlib.sha256(requirements.read_bytes()).hexdigest()
    for version, python in pythons().items():
        folder = into / f"{name}-python{version[0]}.{version[1]}"
        made = folder / "made"
        if not (made.exists() and made.read_text() == stamp):
            say(f"installing {requirements.name} for Python {version[0]}.{version[1]} into {folder.name}")
            why = _install(python, folder, requirements)
            if why:
                reasons.append(f"Python {version[0]}.{version[1]}: {why}")
                continue
            made.write_text(stamp)
        return folder / "bin/python", version, reasons
    return None, None, reasons or ["no Python with venv was found"]
