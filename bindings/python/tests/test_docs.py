"""The tutorial's commands run as they are printed, with fewer steps; what is generated is what would be generated."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BINARY = ROOT / ".build" / "release" / "luffy-train"
#: Fewer steps than a person would take.
FEWER = [(r"warmup_steps=\d+", "warmup_steps=4"), (r"\b(sft_)?steps=\d+", r"\1steps=4"), (r"range\(200\)", "range(40)")]


def blocks(name):
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return re.findall(r"```(sh|python)\n(.*?)```", text, re.S)


def test_every_command_of_the_tutorial(tmp_path):
    found = blocks("tutorial.md")
    assert len(found) >= 8
    environment = {**os.environ, "PATH": f"{BINARY.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}"}
    outputs = []
    for language, code in found:
        if language == "sh":
            # The tests' own environment was installed by this command.
            lines = [line for line in code.splitlines() if not line.startswith("pip install")]
            if not BINARY.is_file():
                lines = [line for line in lines if not line.startswith("luffy-train")]
            command = ["sh", "-ec", "\n".join(lines).replace("python -m", f"{sys.executable} -m")]
        else:
            for pattern, fewer in FEWER:
                code = re.sub(pattern, fewer, code)
            command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=280)
        assert done.returncode == 0, f"{code}\n{done.stderr}"
        outputs.append(done.stdout)
    text = "\n".join(outputs)
    assert "luffy 0." in text and "Verdict(" in text and "report.html" in text and text.count("done=True") == 4
    assert (tmp_path / "runs" / "first" / "report.html").is_file()


def test_the_table_of_options():
    if not BINARY.is_file():
        pytest.skip("no luffy-train (swift build -c release --product luffy-train)")
    printed = subprocess.run([BINARY, "options"], capture_output=True, text=True, check=True).stdout
    assert printed == (ROOT / "docs" / "reference" / "options.md").read_text(encoding="utf-8"), "luffy-train options"


def test_versions():
    import luffy

    command = [sys.executable, "-m", "luffy", "--version"]
    assert subprocess.run(command, capture_output=True, text=True).stdout == f"luffy {luffy.__version__}\n"
    if BINARY.is_file():
        printed = subprocess.run([BINARY, "--version"], capture_output=True, text=True).stdout
        assert printed == f"luffy-train {luffy.__version__}\n"


def test_help_explains_every_keyword_of_a_run():
    import luffy
    from luffy.run import RunOptions

    page = (ROOT / "docs" / "reference" / "options.md").read_text(encoding="utf-8")
    table = {row[0].strip("`"): row[-1] for row in (line.strip("| ").split(" | ") for line in page.splitlines()) if len(row) == 5}
    words = " ".join((luffy.Run.__doc__ or "").split())
    for key in RunOptions.__annotations__:
        assert f"{key}: {table[key]}." in words, key
