"""Runs a sequence's commands in a VM, each followed by the listing; one JSON object a line, in and out.

What takes time in an emulated VM is starting zfs, and in the kernel opening a dataset, which zfs get -r does four times. So
everything that is listed comes from one zfs get, mostly of the names that the model expects; every tenth time, where one is
missing and at the end, of whatever there is. The pools are synced without a process, a pool to which nothing was written
lists as before, and holds are asked for again only when they have changed. Received values would cost a call of the kernel
for each property.
"""

import ctypes
import json
import os
import subprocess
import sys

STREAM = "/dev/shm/stream"
ENVIRONMENT = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
tokens = {}

# What the kernel looks up, dataset by dataset up to the pool, whenever it opens one: the defaults, set where it is near.
ASKED_FOR = [
    *["checksum=on", "copies=1", "dedup=off", "logbias=latency", "primarycache=all", "recordsize=128K"],
    *["redundant_metadata=all", "secondarycache=all", "sync=standard", "prefetch=all", "direct=standard"],
]


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
    return {"exit": code, "error": error, "send_exit": sent, "send_error": send_error}


def act(step):
    if step["kind"] == "write":
        return {"exit": write(step), "error": ""}
    if step["kind"] == "transfer":
        return transfer(step)
    code, _, error = run(["zfs", *[tokens.get(word, word) for word in step["arguments"]]])
    return {"exit": code, "error": error}


class Pool:
    """Tells whether it can list otherwise than when last asked: what was done is on disk by then."""

    library = None

    def __init__(self, name):
        self.name = name.encode()
        if Pool.library is None:
            Pool.start()
        parts = [line.split("\t")[1] for line in run(["zpool", "list", "-vHP", name])[1].splitlines()[1:]]
        self.statistics = [f"/sys/class/block/{os.path.basename(os.path.realpath(part))}/stat" for part in parts]
        self.last = None

    @staticmethod
    def start():
        Pool.library = ctypes.CDLL("libzfs_core.so.3")
        pairs = ctypes.CDLL("libnvpair.so.3")
        pairs.fnvlist_alloc.restype = ctypes.c_void_p
        Pool.arguments = ctypes.c_void_p(pairs.fnvlist_alloc())
        pairs.fnvlist_add_boolean_value(Pool.arguments, b"force", 0)
        if Pool.library.libzfs_core_init() != 0:
            sys.exit("libzfs_core does not start")

    def has_changed(self):
        """Keys are not on disk: a step with them changes a pool in any case."""
        error = Pool.library.lzc_sync(self.name, Pool.arguments, None)
        if error:
            sys.exit(f"{self.name.decode()} cannot be synced: {error}")
        before, self.last = self.last, [self.written(), self.mounted()]
        return self.last != before

    def written(self):
        sectors = []
        for path in self.statistics:
            with open(path, encoding="ascii") as statistics:
                sectors.append(statistics.read().split()[6])
        return sectors

    def mounted(self):
        with open("/proc/self/mounts", "rb") as mounts:
            return [line for line in mounts if line.startswith(self.name)]


class Listing:
    """The sequence's own datasets."""

    def __init__(self, setup):
        self.columns, self.sources = setup["columns"], setup["sources"]
        self.pools = {root: Pool(root.split("/")[0]) for root in setup["roots"]}
        self.expected = set(setup["roots"])
        self.values = {root: {} for root in setup["roots"]}  # root, name, property: value and source
        self.held, self.holds, self.looks = [], "", 0

    def look(self, step, is_last):
        self.expected.difference_update(step["gone"])
        self.expected.update(step["made"])
        changed = [root for root, pool in self.pools.items() if pool.has_changed() or may_change_keys(step) or is_last]
        if changed:
            self.looks += 1
            self.list(changed, is_last or self.looks % 10 == 0)

    def list(self, roots, whatever):
        names = [name for name in sorted(self.expected) if self.root(name) in roots]
        code, listed = (1, "") if whatever or not names else self.get(*names)
        if code != 0:
            _, listed = self.get(*roots, options=["-r"])
        for root in roots:
            self.values[root] = {}
        for line in listed.splitlines():
            name, property_, *value = line.split("\t")
            self.values[self.root(name)].setdefault(name, {})[property_] = value
        own = self.all()
        held = [(name, own[name]["guid"], own[name]["userrefs"]) for name in own]
        held = [each for each in held if each[2][0] not in ("0", "-")]
        if held != self.held:
            self.holds = run(["zfs", "holds", "-H", *[name for name, _, _ in held]])[1] if held else ""
        self.held = held

    def get(self, *names, options=()):
        properties = ",".join(self.columns[1:] + [name for name in self.sources if name not in self.columns])
        columns = "name,property,value,source"
        return run(["zfs", "get", "-Hp", *options, "-t", "all", "-o", columns, properties, *names])[:2]

    def root(self, name):
        return next(root for root in self.pools if root.split("/")[0] == name.split("/")[0])

    def all(self):
        return {name: own for values in self.values.values() for name, own in values.items()}

    def value(self, name, property_):
        return self.all().get(name, {}).get(property_, ["", ""])[0]

    def shown(self):
        nodes, sources = [], []
        for name, own in self.all().items():
            nodes.append("\t".join([name, *[own[column][0] for column in self.columns[1:]]]))
            if "#" not in name:
                sources += ["\t".join([name, property_, *own[property_]]) for property_ in self.sources]
        return {"nodes": "\n".join(nodes), "holds": self.holds, "sources": "\n".join(sources)}


def may_change_keys(step):
    return step.get("arguments", [""])[0] in ("load-key", "unload-key")


def create(root):
    """The newest properties are not in every release."""
    for count in range(len(ASKED_FOR), 0, -1):
        if run(["zfs", "create", *[f"-o{value}" for value in ASKED_FOR[:count]], root])[0] == 0:
            return
    sys.exit(f"{root} cannot be made")


def main():
    with open(sys.argv[1], encoding="utf-8") as lines:
        setup = json.loads(next(lines))
        for key in setup["keys"]:
            if not os.path.exists(key):
                with open(key, "wb") as file:
                    file.write(os.urandom(32))
        for root in setup["roots"]:
            create(root)
        listing = Listing(setup)
        steps = [json.loads(line) for line in lines]
        for step in steps:
            done = act(step)
            listing.look(step, step is steps[-1])
            if step.get("cut", "None") != "None":
                tokens[f"${step['number']}"] = listing.value(step["into"], "receive_resume_token")
            print(json.dumps({**done, **listing.shown()}), flush=True)


main()
