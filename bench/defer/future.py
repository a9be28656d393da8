# future.py - Python's asyncio: futures, and await.  See run.sh.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
import asyncio
import time

ROUNDS = 200000
total = 0


def report(what, since):
    took = (time.perf_counter() - since) * 1e9 / ROUNDS
    print("asyncio\t%s\t%.1f" % (what, took))


def count(future):
    global total
    total += future.result()


async def main():
    loop = asyncio.get_running_loop()
    since = time.perf_counter()
    # A thousand at a time: callbacks run when this function waits.
    for i in range(ROUNDS):
        future = loop.create_future()
        future.add_done_callback(count)
        future.set_result(1)
        if i % 1000 == 999:
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    report("fire", since)
    assert total == ROUNDS

    since = time.perf_counter()
    for i in range(ROUNDS):
        await future
    report("await-ready", since)

    since = time.perf_counter()
    for i in range(ROUNDS):
        pending = loop.create_future()
        loop.call_soon(pending.set_result, None)
        await pending
    report("await-pending", since)


asyncio.run(main())
