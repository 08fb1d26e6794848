"""Make the project's own Python environment: .venv, pinned, hashed, compiled. Called by the Makefile.

    python3 .ci/environment.py requirements.txt

Runs under any Python 3 so that an old one gets a sentence and not a syntax error. Does nothing when .venv already
holds what the file asks for. Settings of the user's pip that would install elsewhere (target, user, prefix ...) are
put aside; those that say where packages come from (index, proxy, certificate) are kept.
"""

import hashlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "lantian-stamp")
WHERE_FROM = ("index-url", "extra-index-url", "find-links", "no-index", "proxy", "cert", "client-cert", "trusted-host",
              "timeout", "retries")
SEVERAL = ("extra-index-url", "find-links", "trusted-host")  # settings of more than one value, parted by blanks


def fail(text):
    sys.stderr.write("setup: " + text + "\n")
    sys.exit(2)


def python():
    return os.path.join(VENV, "Scripts" if os.name == "nt" else "bin", "python")


def clean_environment():
    """The environment without what diverts Python or pip."""
    kept = {}
    for name, value in os.environ.items():
        if name.startswith("PYTHON") or name in ("VIRTUAL_ENV", "__PYVENV_LAUNCHER__"):
            continue
        if name.startswith("PIP_") and name[4:].lower().replace("_", "-") not in WHERE_FROM:
            continue
        kept[name] = value
    return kept


def pip_settings():
    """Where packages come from, read from the user's pip configuration, as options of pip."""
    environment = clean_environment()
    if "PIP_CONFIG_FILE" in os.environ:
        environment["PIP_CONFIG_FILE"] = os.environ["PIP_CONFIG_FILE"]
    listing = dict(environment, PIP_USER="0")  # else `user = true` would list the user's own file alone
    listed = subprocess.run([python(), "-m", "pip", "config", "list"], env=listing, cwd=ROOT,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True, check=False)
    settings = {}
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.partition(".")
        if section in ("global", "install") and name in WHERE_FROM:
            text = value.strip().strip("'\"").replace("\\n", " ").strip()
            settings[name] = text.split() if name in SEVERAL else [text]
    environment["PIP_CONFIG_FILE"] = os.devnull
    options = []
    for name, values in settings.items():
        if name == "no-index":
            if values and values[0].lower() in ("1", "true", "yes", "on"):
                options.append("--no-index")
            continue
        for value in values:
            options += ["--" + name, value]
    return environment, options


def wanted_stamp(requirements):
    digest = hashlib.sha256()
    with open(requirements, "rb") as stream:
        digest.update(stream.read())
    digest.update(sys.version.encode())
    digest.update(VENV.encode())
    return digest.hexdigest()


def is_ready(stamp, requirements):
    """A venv made for the tests also serves a run."""
    if not (os.path.exists(STAMP) and os.path.exists(python())):
        return False
    with open(STAMP) as stream:
        stamps = stream.read().split()
    if stamp in stamps:
        return True
    larger = requirements.replace(".txt", "-dev.txt")
    return larger != requirements and os.path.exists(larger) and wanted_stamp(larger) in stamps


def make_venv():
    """Create .venv, or say what the machine lacks."""
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], env=clean_environment(), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True, check=False)
    if made.returncode or not os.path.exists(python()):
        shutil.rmtree(VENV, ignore_errors=True)
        fail("%s can not make a virtual environment.\n%s\nOn Debian and Ubuntu the package python3-venv is missing; "
             "or name another Python: make setup PYTHON=python3.12" % (sys.executable, made.stdout.strip()))


def main():
    if sys.version_info[:2] < OLDEST:
        fail("Python %d.%d or newer is needed, %s is %s. Name another one: make setup PYTHON=python3.11"
             % (OLDEST + (sys.executable, sys.version.split()[0])))
    requirements = os.path.join(ROOT, sys.argv[1])
    stamp = wanted_stamp(requirements)
    if is_ready(stamp, requirements):
        return
    print("setup: making .venv from %s" % sys.argv[1], flush=True)
    make_venv()
    environment, options = pip_settings()
    quiet = [] if os.environ.get("VERBOSE") else ["--quiet"]
    install = [python(), "-m", "pip", "install"] + quiet + [
        "--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--require-hashes",
        "--requirement", requirements] + options
    if subprocess.run(install, env=environment, cwd=ROOT, check=False).returncode:
        fail("packages could not be installed (see above). Behind a mirror or a proxy, set it in pip's own "
             "configuration (pip config set global.index-url ...) and run make setup again.")
    subprocess.run([python(), "-m", "compileall", "-q", "-j", "0", os.path.join(VENV, "lib"),
                    os.path.join(ROOT, "model")], env=environment, stdout=subprocess.DEVNULL, check=False)
    with open(STAMP, "w") as stream:
        stream.write(stamp + "\n")


if __name__ == "__main__":
    main()
