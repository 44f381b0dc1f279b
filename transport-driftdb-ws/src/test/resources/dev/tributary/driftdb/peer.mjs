// The official client, told line by line what to do: each line is a JSON array of a command and its arguments, and is
// answered by one line of JSON. What the client prints itself goes to the other output.
import driftdb from 'driftdb';
import WebSocket from 'ws';
import readline from 'node:readline';

console.log = console.error;
// Written for browsers.
globalThis.WebSocket = WebSocket;
globalThis.window = globalThis;

const PATIENCE = 20_000;
const db = new driftdb.DbConnection();
const logs = new Map();
const sizes = [];
const states = new Map();
const reducers = new Map();
const waiting = new Set();
let presence;

function changed() {
  for (const look of [...waiting]) {
    look();
  }
}

/** Resolves with what `read` gives once it is as wanted; looked at whenever something came. */
function until(read, wanted) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      waiting.delete(look);
      reject(new Error('it is ' + JSON.stringify(read())));
    }, PATIENCE);
    const look = () => {
      const now = read();
      if (wanted(now)) {
        clearTimeout(late);
        waiting.delete(look);
        resolve(now);
      }
    };
    waiting.add(look);
    look();
  });
}

const same = (wanted) => (now) => JSON.stringify(now) === JSON.stringify(wanted);

const commands = {
  async newRoom(root) {
    return (await new driftdb.Api(root).newRoom()).room;
  },
  async getRoom(root, id) {
    return await new driftdb.Api(root).getRoom(id);
  },
  async connect(root, id, cbor) {
    const room = await new driftdb.Api(root).getRoom(id);
    // It tells of a message before it deals with it.
    db.messageListener.addListener(() => setImmediate(changed));
    await db.connect(room.socket_url, cbor);
    return db.status.connected;
  },
  async subscribe(key) {
    const log = [];
    logs.set(key, log);
    db.subscribe(key, (entry) => log.push(entry.seq + ':' + JSON.stringify(entry.value)), (size) => sizes.push(size));
    return true;
  },
  async send(message) {
    db.send(message);
    return true;
  },
  async log(key, count) {
    return await until(() => logs.get(key), (log) => log.length >= count);
  },
  async sizes(count) {
    return await until(() => sizes, (heard) => heard.length >= count);
  },
  async latency() {
    return (await db.testLatency()) >= 0;
  },
  async state(key) {
    const held = { value: null };
    held.listener = new driftdb.StateListener({
      db,
      key,
      callback: (value) => {
        held.value = value;
      },
    });
    held.listener.subscribe();
    states.set(key, held);
    return true;
  },
  async setState(key, value) {
    states.get(key).listener.setStateOptimistic(value);
    return true;
  },
  async awaitState(key, value) {
    return await until(() => states.get(key).value, same(value));
  },
  async reducer(key) {
    const reducer = new driftdb.Reducer({
      db,
      key,
      reducer: (sum, action) => sum + action,
      initialValue: 0,
      callback: () => {},
    });
    reducer.subscribe();
    reducers.set(key, reducer);
    return true;
  },
  /** One after the other: in a burst this client loses actions for good. */
  async dispatch(key, times) {
    const { compactor } = reducers.get(key);
    for (let i = 0; i < times; i++) {
      const before = compactor.lastConfirmedSeq;
      reducers.get(key).dispatch(1);
      await until(() => compactor.lastConfirmedSeq, (seq) => seq > before);
    }
    return true;
  },
  async awaitReduced(key, value) {
    return await until(() => reducers.get(key).compactor.lastConfirmedState, same(value));
  },
  async presence(clientId, initialState) {
    presence = new driftdb.PresenceListener({ db, clientId, initialState });
    presence.subscribe();
    return true;
  },
  async setPresence(value) {
    presence.updateState(value);
    return true;
  },
  async awaitPresence(values) {
    return await until(
      () => Object.fromEntries(Object.entries(presence.presence).map(([client, held]) => [client, held.value])),
      same(values),
    );
  },
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [command, ...args] = JSON.parse(line);
  try {
    process.stdout.write(JSON.stringify(await commands[command](...args)) + '\n');
  } catch (error) {
    process.stdout.write('FAILED ' + command + ': ' + error.message + '\n');
  }
}
process.exit(0);
