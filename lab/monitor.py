"""Runs commands of QEMU's human monitor over its QMP socket, in order, and prints what each answers.

usage: monitor.py SOCKET COMMAND...
"""

import json
import socket
import sys


def main(path, commands):
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(120)
    connection.connect(path)
    stream = connection.makefile("rw")
    stream.readline()  # the greeting

    def ask(name, **arguments):
        stream.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        stream.flush()
        for line in stream:  # events come in between
            answer = json.loads(line)
            if "error" in answer:
                sys.exit(answer["error"]["desc"])
            if "return" in answer:
                return answer["return"]
        sys.exit("QEMU closed its monitor")

    ask("qmp_capabilities")
    for command in commands:
        print(ask("human-monitor-command", **{"command-line": command}), end="")


main(sys.argv[1], sys.argv[2:])
