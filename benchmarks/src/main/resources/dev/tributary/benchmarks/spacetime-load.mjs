// Loads readings by the official client and says how many rows there are.
import * as sdk from 'spacetimedb';
import { WebSocket } from 'undici';

console.info = console.debug = console.warn = () => {};
// Node has had a WebSocket of its own only since version 22; the client asks for this one where there is none.
globalThis.WebSocket ??= WebSocket;

const [port, rows, compression] = process.argv.slice(2);
const { t, table, schema, reducers, procedures } = sdk;
const remoteModule = {
  versionInfo: { cliVersion: '2.8.3' },
  ...schema({
    reading: table(
      { name: 'reading', public: true, indexes: [] },
      {
        id: t.u32().primaryKey(),
        device: t.string(),
        temperature: t.f64(),
        count: t.u64(),
        good: t.bool(),
        at: t.timestamp(),
        note: t.option(t.string()),
        place: t.string(),
      },
    ),
  }).schemaType,
  ...reducers().reducersType,
  ...procedures(),
};

function fail(error) {
  console.error(error);
  process.exit(1);
}

new sdk.DbConnectionBuilder(remoteModule, (config) => new sdk.DbConnectionImpl(config))
  .withUri('http://127.0.0.1:' + port)
  .withDatabaseName('game')
  .withCompression(compression)
  .onConnectError((_, error) => fail(error))
  .onConnect((connection) => {
    connection
      .subscriptionBuilder()
      .onError((context) => fail(context.event))
      .onApplied(() => {
        const lines = 'RESULT ' + connection.db.reading.count() + '\nPEAK ' + process.resourceUsage().maxRSS / 1024 + '\n';
        process.stdout.write(lines, () => process.exit(0));
      })
      .subscribe('SELECT * FROM reading WHERE id < ' + rows);
  })
  .build();
