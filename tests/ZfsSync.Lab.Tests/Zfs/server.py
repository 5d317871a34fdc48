"""Runs programs for VmRunner.cs, each one's output feeding the next: one JSON object a line in, one a line out.

In an emulated VM a session of ssh costs as much as the zfs that it starts, and a stream that is encrypted on its way to
another machine and back as much as one that is received.
"""

import json
import os
import subprocess
import sys
import tempfile

ENVIRONMENT = {**os.environ, "LC_ALL": "C"}


def start(stage, stdin, stdout, stderr):
    # Without a change of user there is a cheaper fork.
    user = stage["user"]
    other = {} if user == "root" else {"user": user, "group": user, "extra_groups": []}
    return subprocess.Popen(
        stage["words"], stdin=stdin, stdout=stdout, stderr=stderr, env=ENVIRONMENT, cwd="/", **other
    )


def text(file):
    file.seek(0)
    return file.read().decode(errors="replace")


def run(stages):
    # Files, so that no program waits for a reader.
    output, errors = tempfile.TemporaryFile(), [tempfile.TemporaryFile() for _ in stages]
    programs, stdin = [], subprocess.DEVNULL
    for stage, error in zip(stages, errors):
        is_last = len(programs) == len(stages) - 1
        programs.append(start(stage, stdin, output if is_last else subprocess.PIPE, error))
        if stdin != subprocess.DEVNULL:
            stdin.close()
        stdin = programs[-1].stdout
    # Of a signal as a shell tells.
    codes = [code if code >= 0 else 128 - code for code in [program.wait() for program in programs]]
    ends = [{"exit": code, "error": text(error)} for code, error in zip(codes, errors)]
    said = {"output": text(output), "ends": ends}
    for file in [output, *errors]:
        file.close()
    return said


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
