"""The official client, told line by line what to do: each line is a JSON array of a command and its arguments, and is
answered by one line of JSON. What the client prints itself goes to the other output."""

import asyncio
import json
import sys

from sodp import SodpClient

PATIENCE = 20


def spelled(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Peer:
    def __init__(self):
        self.changed = asyncio.Condition()
        self.connects = 0
        self.seen = {}

    async def notify(self):
        async with self.changed:
            self.changed.notify_all()

    def connected(self):
        self.connects += 1
        asyncio.ensure_future(self.notify())

    async def until(self, read, wanted):
        async def wait():
            async with self.changed:
                await self.changed.wait_for(lambda: read() == wanted)

        try:
            await asyncio.wait_for(wait(), PATIENCE)
        except asyncio.TimeoutError:
            raise RuntimeError(f"it is {spelled(read())}") from None
        return read()

    async def connect(self, url):
        self.client = SodpClient(url, reconnect_delay=0.1, on_connect=self.connected)
        await self.client.ready
        return True

    async def watch(self, key):
        async def on_value(value, meta):
            self.seen.setdefault(key, []).append([meta.source, meta.initialized])
            await self.notify()

        self.client.watch(key, on_value)
        return True

    async def watch_many(self, keys):
        async def on_value(value, meta):
            await self.notify()

        self.client.watch_many(keys, on_value)
        return True

    async def unwatch(self, key):
        self.client.unwatch(key)
        return True

    async def await_value(self, key, value):
        return await self.until(lambda: spelled(self.client.get(key)), spelled(value))

    async def await_seen(self, key, last):
        return await self.until(lambda: self.seen.get(key, [None])[-1], last)

    async def await_connects(self, count):
        return await self.until(lambda: self.connects, count)

    async def call(self, method, args):
        await self.client.call(method, args)
        return True

    async def presence(self, key, path, value):
        await self.client.presence(key, path, value)
        return True

    async def close(self):
        self.client.close()
        return True


async def main():
    peer = Peer()
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        command, *arguments = json.loads(line)
        try:
            answer = spelled(await getattr(peer, command)(*arguments))
        except Exception as e:
            answer = f"FAILED {command}: {e}"
        print(answer, flush=True)


asyncio.run(main())
