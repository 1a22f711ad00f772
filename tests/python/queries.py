#!/usr/bin/env python3
"""Asks a site what standard input says, and prints the answers: one line of JSON for each line of JSON.

    venv/bin/python tests/python/queries.py http://127.0.0.1:8080 callboard sandbox < queries

A test of the library compares them with the answers that our own client gets.
"""

import datetime
import json
import sys

from shotgun_api3 import Fault, Shotgun


def wire(value):
    """Date-times come in the zone of this machine; on the wire they are UTC."""
    assert isinstance(value, datetime.datetime) and value.tzinfo, f"JSON knows no {value!r}"
    return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(sg, method, arguments):
    try:
        return {"answer": getattr(sg, method)(**arguments)}
    except Fault as fault:
        return {"fault": str(fault)}


def main():
    sg = Shotgun(*sys.argv[1:])
    for line in sys.stdin:
        print(json.dumps(answer(sg, **json.loads(line)), default=wire))


if __name__ == "__main__":
    main()
