# twisted_titles.py - the titles of a list of pages, by Twisted's Agent.
#
#	python3 twisted_titles.py CONNECTIONS <URLS
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
import re
import sys

from twisted.internet import defer, reactor, task
from twisted.web.client import Agent, HTTPConnectionPool, readBody

connections = int(sys.argv[1])
pool = HTTPConnectionPool(reactor)
pool.maxPersistentPerHost = connections
agent = Agent(reactor, pool=pool)
title = re.compile(rb"<title>(.*?)</title>", re.S)


@defer.inlineCallbacks
def worker():
    for line in sys.stdin.buffer:
        url = line.strip()
        response = yield agent.request(b"GET", url)
        page = yield readBody(response)
        sys.stdout.buffer.write(
            url + b"\t" + title.search(page).group(1) + b"\n")


def main(reactor):
    return defer.gatherResults([worker() for _ in range(connections)])


task.react(main)
