"""Runs a sequence's commands in a VM, each followed by the listing; one JSON object a line, in and out."""

import json
import os
import subprocess
import sys

STREAM = "/dev/shm/stream"
ENVIRONMENT = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
tokens = {}


def run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE):
    done = subprocess.run(arguments, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=ENVIRONMENT)
    return done.returncode, (done.stdout or b"").decode(), done.stderr.decode()


def write(step):
    folder = "/" + step["dataset"]
    code, output, _ = run(["df", "--output=source", folder])
    if code or output.split("\n")[1].strip() != step["dataset"]:
        return 1
    try:
        with open(f"{folder}/{step['file']}", "wb") as file:
            file.write(os.urandom(step["bytes"]))
    except OSError:
        return 1
    return 0


def transfer(step):
    words = [tokens.get(word, word) for word in step["send"]]
    with open(STREAM, "wb") as stream:
        sent, _, send_error = run(["zfs", "send", *words], stdout=stream)
    bytes_ = os.path.getsize(STREAM)
    if step["cut"] != "None":
        kept = bytes_ // 2 if step["cut"] == "Half" else max(0, bytes_ - step["end_bytes"])
        os.truncate(STREAM, kept)
    with open(STREAM, "rb") as stream:
        code, _, error = run(["zfs", "receive", *[tokens.get(word, word) for word in step["receive"]]], stdin=stream)
    os.remove(STREAM)
    if step["cut"] != "None":
        _, token, _ = run(["zfs", "get", "-H", "-o", "value", "receive_resume_token", step["into"]])
        tokens[f"${step['number']}"] = token.strip()
    return {"exit": code, "error": error, "send_exit": sent, "send_error": send_error}


def act(step):
    if step["kind"] == "write":
        return {"exit": write(step), "error": ""}
    if step["kind"] == "transfer":
        return transfer(step)
    code, _, error = run(["zfs", *[tokens.get(word, word) for word in step["arguments"]]])
    return {"exit": code, "error": error}


def look(setup, step):
    run(["zpool", "sync", *setup["pools"]])
    seen = {"nodes": run([*setup["list"], *setup["roots"]])[1], "holds": "", "sources": ""}
    held = [line.split("\t")[0] for line in seen["nodes"].splitlines() if line.split("\t")[4] not in ("0", "-")]
    if held:
        seen["holds"] = run(["zfs", "holds", "-H", *held])[1]
    if step["sources"]:
        seen["sources"] = run([*setup["sources"], *setup["roots"]])[1]
    return seen


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    setup = lines[0]
    for key in setup["keys"]:
        if not os.path.exists(key):
            with open(key, "wb") as file:
                file.write(os.urandom(32))
    for root in setup["roots"]:
        run(["zfs", "create", root])
    for step in lines[1:]:
        print(json.dumps({**act(step), **look(setup, step)}), flush=True)


main()
