# deferred.py - Twisted: the model.  See run.sh.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
import time

from twisted.internet.defer import Deferred, inlineCallbacks, succeed

ROUNDS = 200000
total = 0
pending = None


def report(what, since):
    took = (time.perf_counter() - since) * 1e9 / ROUNDS
    print("twisted\t%s\t%.1f" % (what, took))


def count(n):
    global total
    total += n


@inlineCallbacks
def await_ready():
    for i in range(ROUNDS):
        yield succeed(None)


@inlineCallbacks
def await_pending():
    global pending
    for i in range(ROUNDS):
        pending = Deferred()
        yield pending
    pending = None


since = time.perf_counter()
for i in range(ROUNDS):
    d = Deferred()
    d.addCallback(count)
    d.callback(1)
report("fire", since)
assert total == ROUNDS

since = time.perf_counter()
await_ready()
report("await-ready", since)

since = time.perf_counter()
await_pending()
while pending is not None:
    pending.callback(None)
report("await-pending", since)
