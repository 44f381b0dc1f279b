// The official client, told line by line what to do: each line is a JSON array of a command and its arguments, and is
// answered by one line of JSON. What the client prints itself goes to the other output.
import * as sdk from 'spacetimedb';
import { WebSocket } from 'undici';
import readline from 'node:readline';

console.log = console.info = console.debug = console.warn = console.error;
// Node has had a WebSocket of its own only since version 22; the client asks for this one where there is none.
globalThis.WebSocket ??= WebSocket;
// The first generation calls procedures by what Node has had since version 22.
Promise.withResolvers ??= function () {
  const all = {};
  all.promise = new this((resolve, reject) => Object.assign(all, { resolve, reject }));
  return all;
};

const PATIENCE = 20_000;
const { t, table, schema, reducers, reducerSchema, procedures, procedureSchema } = sdk;
const first = process.argv[2] === '1';

// What the generator of bindings would write for the module of the test.
const Position = t.object('Position', { x: t.i32(), y: t.i32() });
const Team = t.enum('Team', { red: t.unit(), green: t.unit(), blue: t.unit() });
const columns = {
  player: {
    id: t.u32().primaryKey(),
    name: t.string(),
    owner: t.option(t.identity()),
    online: t.bool(),
    health: t.i16(),
    score: t.u64(),
    position: Position,
    team: Team,
    tags: t.array(t.string()),
    seen: t.timestamp(),
  },
  item: { id: t.u32().primaryKey(), player_id: t.u32(), name: t.string(), weight: t.f64() },
  message: { id: t.u64().primaryKey(), sender: t.identity(), text: t.string(), sent: t.timestamp() },
  word: { word: t.string(), length: t.u8() },
  shout: { name: t.string(), text: t.string() },
  reading: {
    id: t.u32().primaryKey(),
    device: t.string(),
    temperature: t.f64(),
    count: t.u64(),
    good: t.bool(),
    at: t.timestamp(),
    note: t.option(t.string()),
    place: t.string(),
  },
};
const tables = Object.fromEntries(
  Object.entries(columns).map(([name, of]) => [
    name,
    table({ name, public: true, indexes: [], ...(name === 'shout' && !first ? { event: true } : {}) }, of),
  ]),
);
// A view has the rows of a table.
tables.online_player = table({ name: 'online_player', public: true, indexes: [] }, { ...columns.player });
const remoteModule = {
  versionInfo: { cliVersion: first ? '1.11.3' : '2.8.3' },
  ...(first ? schema(...Object.values(tables)) : schema(tables)).schemaType,
  ...reducers(
    reducerSchema('add_player', { name: t.string() }),
    reducerSchema('move_player', { id: t.u32(), x: t.i32(), y: t.i32() }),
    reducerSchema('remove_player', { id: t.u32() }),
    reducerSchema('send_message', { text: t.string() }),
    reducerSchema('shout', { name: t.string(), text: t.string() }),
  ).reducersType,
  ...procedures(
    procedureSchema('add', { a: t.u32(), b: t.u32() }, t.u64()),
    procedureSchema('count_players', {}, t.u32()),
  ),
};

let connection;
let ended = false;
const sets = new Map();
const heard = new Map();
const failed = [];
const waiting = new Set();

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

/** As the Java side writes it: whole numbers as digits, bytes and identities as hexadecimal digits. */
function plain(value) {
  if (value === undefined || value === null) {
    return null;
  }
  if (typeof value === 'bigint') {
    return value.toString();
  }
  if (typeof value === 'number') {
    return Number.isInteger(value) ? value.toString() : value;
  }
  if (value instanceof sdk.Identity || value instanceof sdk.ConnectionId) {
    return value.toHexString();
  }
  if (value instanceof sdk.Timestamp) {
    return value.microsSinceUnixEpoch.toString();
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value === 'object' && 'tag' in value) {
    return value.tag.toLowerCase();
  }
  return typeof value === 'object' ? Object.values(value).map(plain) : value;
}

const spelled = (row) => JSON.stringify(Object.values(row).map(plain));

function accessor(name) {
  return connection.db[name] ?? connection.db[name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())];
}

function rows(name) {
  return [...accessor(name).iter()].map(spelled).sort();
}

const commands = {
  connect(uri, database, options) {
    return new Promise((resolve, reject) => {
      let builder = new sdk.DbConnectionBuilder(remoteModule, (config) => new sdk.DbConnectionImpl(config))
        .withUri(uri)
        .withCompression(options.compression ?? 'gzip')
        .withLightMode(options.light ?? false)
        .withToken(options.token)
        .onConnect((_, identity, token) => resolve([identity.toHexString(), token]))
        .onConnectError((_, error) => reject(error))
        .onDisconnect(() => {
          ended = true;
          changed();
        });
      if (options.confirmed !== undefined) {
        builder = builder.withConfirmedReads(options.confirmed);
      }
      connection = (first ? builder.withModuleName(database) : builder.withDatabaseName(database)).build();
    });
  },
  /** Counts what the callbacks of a table tell. */
  async listen(name) {
    const counts = { inserts: 0, updates: 0, deletes: 0, rows: [] };
    heard.set(name, counts);
    accessor(name).onInsert((_, row) => {
      counts.inserts++;
      counts.rows.push(spelled(row));
      setImmediate(changed);
    });
    accessor(name).onDelete?.(() => {
      counts.deletes++;
      setImmediate(changed);
    });
    accessor(name).onUpdate?.(() => {
      counts.updates++;
      setImmediate(changed);
    });
    return true;
  },
  async heard(name) {
    const { inserts, updates, deletes } = heard.get(name);
    return [inserts, updates, deletes];
  },
  async events(name, count) {
    return await until(() => heard.get(name).rows, (all) => all.length >= count);
  },
  subscribe(set, ...queries) {
    return new Promise((resolve, reject) => {
      const handle = connection
        .subscriptionBuilder()
        .onApplied(() => resolve(true))
        .onError((context) => reject(context.event ?? new Error('refused')))
        .subscribe(queries);
      sets.set(set, handle);
    });
  },
  unsubscribe(set) {
    return new Promise((resolve) => sets.get(set).unsubscribeThen(() => resolve(true)));
  },
  /** Whole numbers that JavaScript cannot hold are given as digits. */
  async call(reducer, args) {
    await connection.reducers[reducer](args);
    return true;
  },
  async callFails(reducer, args) {
    if (first) {
      // It has no answer to a call but the event.
      return await new Promise((resolve) => {
        const event = 'on' + reducer[0].toUpperCase() + reducer.slice(1);
        connection.reducers[event]((context) => {
          if (context.event.status.tag === 'Failed') {
            resolve(context.event.status.value);
          }
        });
        connection.reducers[reducer](args);
      });
    }
    try {
      await connection.reducers[reducer](args);
    } catch (error) {
      return error.message;
    }
    throw new Error('it did not fail');
  },
  async procedure(name, args) {
    return plain(await connection.procedures[name](args));
  },
  async rows(name) {
    return rows(name);
  },
  async awaitRows(name, wanted) {
    await until(() => rows(name), (now) => JSON.stringify(now) === JSON.stringify(wanted));
    return true;
  },
  async disconnect() {
    connection.disconnect();
    await until(() => ended, Boolean);
    return true;
  },
};

process.on('unhandledRejection', (error) => failed.push(String(error)));

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [command, ...args] = JSON.parse(line);
  try {
    const answer = await commands[command](...args);
    if (failed.length > 0) {
      throw new Error(failed.join('; '));
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  } catch (error) {
    process.stdout.write('FAILED ' + command + ': ' + (error?.message ?? String(error)).replaceAll('\n', ' ') + '\n');
  }
}
process.exit(0);
