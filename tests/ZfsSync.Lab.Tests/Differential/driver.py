"""Runs a sequence's commands in a VM, each followed by the listing; one JSON object a line, in and out.

Starting zfs is what takes time in an emulated VM: everything that is listed comes from one zfs get, the pools are synced
without a process, and holds are asked for again only where they can have changed. Received values would cost a call of
the kernel for each property.
"""

import ctypes
import json
import os
import subprocess
import sys

STREAM = "/dev/shm/stream"
ENVIRONMENT = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
tokens = {}


def run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE):
    done = subprocess.run(arguments, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=ENVIRONMENT)
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode  # as a shell tells of a signal
    return code, (done.stdout or b"").decode(), done.stderr.decode()


def write(step):
    folder = "/" + step["dataset"]
    with open("/proc/self/mounts", encoding="utf-8") as mounts:
        if not any(line.split()[:2] == [step["dataset"], folder] for line in mounts):
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


class Pools:
    """Waits until what was done is on disk, and so in what zfs lists."""

    def __init__(self, names):
        self.names = [name.encode() for name in names]
        self.zfs = ctypes.CDLL("libzfs_core.so.3")
        pairs = ctypes.CDLL("libnvpair.so.3")
        pairs.fnvlist_alloc.restype = ctypes.c_void_p
        self.arguments = ctypes.c_void_p(pairs.fnvlist_alloc())
        pairs.fnvlist_add_boolean_value(self.arguments, b"force", 0)
        if self.zfs.libzfs_core_init() != 0:
            sys.exit("libzfs_core does not start")

    def sync(self):
        for name in self.names:
            error = self.zfs.lzc_sync(name, self.arguments, None)
            if error:
                sys.exit(f"{name.decode()} cannot be synced: {error}")


class Listing:
    def __init__(self, setup):
        self.columns, self.sources, self.roots = setup["columns"], setup["sources"], setup["roots"]
        self.held, self.holds = [], ""

    def look(self, may_have_held):
        properties = ",".join(self.columns[1:] + [name for name in self.sources if name not in self.columns])
        listed = run(
            ["zfs", "get", "-Hp", "-r", "-t", "all", "-o", "name,property,value,source", properties, *self.roots]
        )[1]
        values, lines = {}, {}
        for line in listed.splitlines():
            name, property_, value, _ = line.split("\t")
            values.setdefault(name, {})[property_] = value
            lines[name, property_] = line
        sources = [lines[name, property_] for name in values if "#" not in name for property_ in self.sources]
        nodes = [[name, *[own[column] for column in self.columns[1:]]] for name, own in values.items()]
        refs = self.columns.index("userrefs")
        held = [(node[0], node[2], node[refs]) for node in nodes if node[refs] not in ("0", "-")]
        if may_have_held or held != self.held:
            self.holds = run(["zfs", "holds", "-H", *[name for name, _, _ in held]])[1] if held else ""
        self.held = held
        return {
            "nodes": "\n".join("\t".join(node) for node in nodes),
            "holds": self.holds,
            "sources": "\n".join(sources),
        }


def may_hold(step):
    return step["kind"] == "transfer" or step.get("arguments", [""])[0] in ("hold", "release")


def main():
    with open(sys.argv[1], encoding="utf-8") as lines:
        setup = json.loads(next(lines))
        for key in setup["keys"]:
            if not os.path.exists(key):
                with open(key, "wb") as file:
                    file.write(os.urandom(32))
        for root in setup["roots"]:
            run(["zfs", "create", root])
        pools = Pools([root.split("/")[0] for root in setup["roots"]])
        listing = Listing(setup)
        for line in lines:
            step = json.loads(line)
            done = act(step)
            pools.sync()
            print(json.dumps({**done, **listing.look(may_hold(step))}), flush=True)


main()
