/**
 * SODP, the State-Oriented Data Protocol, as a transport.
 *
 * <p>A key is a query. {@code game.player} gives its value as one row: {@code key}, {@code value} (a document: null,
 * {@code Boolean}, {@code Long}, {@code BigInteger} beyond 63 bits, {@code Double}, {@code String}, {@code List},
 * {@code Map}) and {@code version}; no row while the key does not exist, which the status says. {@code
 * collab.cursors?as=children} gives the members of the object that the key holds, one row each: {@code name} and {@code
 * value}; while the value is no object there are no rows, and the status says why. Each commit has a
 * {@link dev.tributary.sodp.WatchMeta}. Documents are immutable and share all that did not change.
 *
 * <p>From Java 24 on, the JVM warns once that MessagePack's library uses {@code sun.misc.Unsafe}. The system property
 * {@code msgpack.universal-buffer=true}, set before the first message, makes it do without, a little slower.
 *
 * <p>What the Python client has, and where it is here:
 *
 * <table>
 *   <caption>The Python client's methods and their counterparts</caption>
 *   <tr><th>Python</th><th>here</th></tr>
 *   <tr><td>{@code SodpClient(url, …)}</td><td>{@link dev.tributary.sodp.Sodp#source}, or
 *       {@link dev.tributary.SyncSource#open(String)} with {@code sodp+ws://…}</td></tr>
 *   <tr><td>{@code token}, {@code token_provider}</td>
 *       <td>{@link dev.tributary.sodp.SodpSourceBuilder#token(String)},
 *       {@link dev.tributary.sodp.SodpSourceBuilder#token(java.util.function.Supplier)}</td></tr>
 *   <tr><td>{@code reconnect}, {@code reconnect_delay}, {@code max_reconnect_delay}</td>
 *       <td>{@link dev.tributary.sodp.SodpSourceBuilder#backoff}, {@link dev.tributary.SyncSource#retryNow},
 *       {@link dev.tributary.SyncSource#pause}</td></tr>
 *   <tr><td>{@code on_connect}, {@code on_disconnect}</td><td>{@link dev.tributary.SyncSource#onStatus}</td></tr>
 *   <tr><td>{@code await client}, {@code client.ready}</td>
 *       <td>{@link dev.tributary.MaterializedView#upToDate}, {@link dev.tributary.MaterializedView#awaitUpToDate},
 *       {@link dev.tributary.sodp.Sodp#server}</td></tr>
 *   <tr><td>{@code client.capabilities}</td><td>{@link dev.tributary.sodp.Sodp#server},
 *       {@link dev.tributary.SyncSource#capabilities}</td></tr>
 *   <tr><td>{@code client.watch(key, callback, params=…)}</td>
 *       <td>{@link dev.tributary.SyncSource#materialize(dev.tributary.Query)} of
 *       {@link dev.tributary.sodp.Sodp#value} (with {@code param.NAME}), then
 *       {@link dev.tributary.MaterializedView#listen}; {@link dev.tributary.SyncSource#changes(dev.tributary.Query)};
 *       closing the registration removes the callback</td></tr>
 *   <tr><td>{@code client.watch_many(keys, …)}</td><td>one view for each key: they share the connection, and requests are
 *       put together</td></tr>
 *   <tr><td>{@code client.unwatch(key)}</td><td>{@link dev.tributary.sodp.Sodp#unwatch}; or
 *       {@link dev.tributary.MaterializedView#close}: with the last view of a key the server is told</td></tr>
 *   <tr><td>{@code client.get(key)}</td><td>{@link dev.tributary.MaterializedView#snapshot} of a view,
 *       {@link dev.tributary.sodp.Sodp#get} without one</td></tr>
 *   <tr><td>{@code client.is_watching(key)}</td><td>{@link dev.tributary.sodp.Sodp#isWatching}</td></tr>
 *   <tr><td>{@code await client.call(method, args)}</td><td>{@link dev.tributary.sodp.Sodp#call}</td></tr>
 *   <tr><td>{@code await client.set(key, value)}</td><td>{@link dev.tributary.sodp.Sodp#set}</td></tr>
 *   <tr><td>{@code await client.patch(key, partial)}</td><td>{@link dev.tributary.sodp.Sodp#patch(String, Object, PatchDepth, java.time.Duration)}</td></tr>
 *   <tr><td>{@code await client.presence(key, path, value)}</td><td>{@link dev.tributary.sodp.Sodp#presence}</td></tr>
 *   <tr><td>{@code client.state(key)}</td><td>{@link dev.tributary.sodp.Sodp#state}</td></tr>
 *   <tr><td>{@code client.close()}</td><td>{@link dev.tributary.SyncSource#close}</td></tr>
 *   <tr><td>{@code StateRef.key}</td><td>{@link dev.tributary.sodp.StateRef#key}</td></tr>
 *   <tr><td>{@code StateRef.watch(callback)}</td><td>{@link dev.tributary.SyncSource#materialize(dev.tributary.Query)} of
 *       {@link dev.tributary.sodp.StateRef#value}</td></tr>
 *   <tr><td>{@code StateRef.get()}</td><td>{@link dev.tributary.sodp.StateRef#get}</td></tr>
 *   <tr><td>{@code StateRef.is_watching()}</td><td>{@link dev.tributary.sodp.StateRef#isWatching}</td></tr>
 *   <tr><td>{@code StateRef.unwatch()}</td><td>{@link dev.tributary.sodp.StateRef#unwatch},
 *       {@link dev.tributary.MaterializedView#close}</td></tr>
 *   <tr><td>{@code StateRef.set}, {@code patch}, {@code presence}, {@code set_in}, {@code delete}</td>
 *       <td>{@link dev.tributary.sodp.StateRef#set}, {@link dev.tributary.sodp.StateRef#patch(Object, PatchDepth, java.time.Duration)},
 *       {@link dev.tributary.sodp.StateRef#presence},
 *       {@link dev.tributary.sodp.StateRef#setIn(SodpPath, Object, java.time.Duration)},
 *       {@link dev.tributary.sodp.StateRef#delete}</td></tr>
 *   <tr><td>{@code WatchMeta(version, initialized, source)}</td><td>{@link dev.tributary.sodp.WatchMeta}</td></tr>
 *   <tr><td>{@code apply_ops(state, ops)}</td><td>{@link dev.tributary.sodp.Sodp#applyOps}</td></tr>
 * </table>
 */
@NullMarked
package dev.tributary.sodp;

import org.jspecify.annotations.NullMarked;
