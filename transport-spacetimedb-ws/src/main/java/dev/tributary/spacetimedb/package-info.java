/**
 * SpacetimeDB as a transport: {@code v3.bsatn}, {@code v2.bsatn}, {@code v1.bsatn} and {@code v1.json}.
 *
 * <p>A source is a database: {@code spacetimedb+ws://host:3000/my-database}. A query is SQL, taken as it is: one or several
 * SELECTs of whole rows over one table or view of the module, separated by semicolons: {@code SELECT * FROM player WHERE
 * online = true}. Rows that several of them return are there once. A table with a primary key has it as the key of its view;
 * of one without, the whole row is the key. A query over an event table has no rows: its commits have an {@link
 * dev.tributary.spacetimedb.EventRow} for each row that passes by.
 *
 * <p>A commit is a transaction of the server, over all views that it changes, and has a {@link
 * dev.tributary.spacetimedb.ReducerEvent} as its metadata where the server says what caused it. After a reconnect the rows
 * are read anew, and only differences are told. What a view shows depends on who we are: when that changes, the views are
 * emptied before they are filled anew.
 *
 * <p>{@link dev.tributary.spacetimedb.SpacetimeDb} has what goes beyond rows. The columns are described by the schema of
 * the module, which is fetched over HTTP at the beginning of each connection; where that cannot be, it is given to {@link
 * dev.tributary.spacetimedb.SpacetimeDbSourceBuilder#schema}. Where there is none at all,
 * {@link dev.tributary.spacetimedb.SpacetimeDbSourceBuilder#rawRows}, or {@code ?rawRows=true} in the address, shows each
 * row as its bytes.
 *
 * <p>With v1 the server does not say which query a change is of: there, a second query over one table opens a connection of
 * its own. Such views are not of one instant.
 *
 * <p>What the Elixir client has, and where it is here:
 *
 * <table>
 *   <caption>What its handlers hear and its options set, and the counterparts</caption>
 *   <tr><th>there</th><th>here</th></tr>
 *   <tr><td>identity and token</td><td>{@link dev.tributary.spacetimedb.SpacetimeDb#onConnect},
 *       {@link dev.tributary.spacetimedb.SpacetimeDb#connection}: {@link dev.tributary.spacetimedb.ConnectionInfo}</td></tr>
 *   <tr><td>initial rows</td><td>{@link dev.tributary.MaterializedView#listen}: the first commit, whose origin is
 *       {@code INITIAL}; {@link dev.tributary.MaterializedView#snapshot}</td></tr>
 *   <tr><td>subscription applied</td><td>{@link dev.tributary.spacetimedb.SpacetimeDbNotice.SubscriptionApplied};
 *       {@link dev.tributary.MaterializedView#upToDate}</td></tr>
 *   <tr><td>subscription refused</td><td>{@link dev.tributary.spacetimedb.SpacetimeDbNotice.SubscriptionRefused};
 *       the view fails, and its status says why</td></tr>
 *   <tr><td>subscription ended</td><td>{@link dev.tributary.spacetimedb.SpacetimeDbNotice.SubscriptionEnded}</td></tr>
 *   <tr><td>a transaction with inserts and deletes per table, and the reducer call: name, arguments, caller, time,
 *       energy</td><td>{@link dev.tributary.spacetimedb.SpacetimeDb#onTransaction},
 *       {@link dev.tributary.spacetimedb.SpacetimeDb#onReducer}; or the commits of views</td></tr>
 *   <tr><td>the answer of a one-off query</td><td>{@link dev.tributary.spacetimedb.SpacetimeDb#oneOffQuery}</td></tr>
 *   <tr><td>calling a reducer</td><td>{@link dev.tributary.spacetimedb.SpacetimeDb#callReducer(String, Object...)}</td></tr>
 *   <tr><td>disconnect with its reason</td><td>{@link dev.tributary.spacetimedb.SpacetimeDb#onDisconnect}:
 *       {@link dev.tributary.spacetimedb.DisconnectedException}, {@link dev.tributary.spacetimedb.SpacetimeDbException};
 *       {@link dev.tributary.SyncSource#onStatus}</td></tr>
 *   <tr><td>host, port, TLS, database by name or identity</td><td>the address:
 *       {@link dev.tributary.spacetimedb.SpacetimeDb#database}, {@link dev.tributary.spacetimedb.SpacetimeDb#source}</td></tr>
 *   <tr><td>token, kept over reconnects</td><td>{@link dev.tributary.spacetimedb.SpacetimeDbSourceBuilder#token(String)};
 *       that of an issued identity is kept by itself</td></tr>
 *   <tr><td>no reconnecting</td><td>{@link dev.tributary.spacetimedb.SpacetimeDbSourceBuilder#withoutReconnect}</td></tr>
 *   <tr><td>first and largest delay</td><td>{@link dev.tributary.spacetimedb.SpacetimeDbSourceBuilder#backoff}</td></tr>
 * </table>
 */
@NullMarked
package dev.tributary.spacetimedb;

import org.jspecify.annotations.NullMarked;
