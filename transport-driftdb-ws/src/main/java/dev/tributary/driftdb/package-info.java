/**
 * The DriftDB protocol as a transport: rooms, streams of entries, presence.
 *
 * <p>A source is a room, {@code driftdb+ws://localhost:8080/room/ID}; a query is a key: {@code slider} for its newest value,
 * {@code chat?as=log} for a row for each entry, {@code __presence?as=presence} for the clients that are there, and
 * {@code ?as=room} for the whole room, for diagnosis. The server drops messages silently when it cannot forward them at once, so
 * views say up to where they are verified: what is retained is read and compared after bursts and from time to time.
 *
 * <p>What survives the way through a server:
 *
 * <table>
 * <caption>Values</caption>
 * <tr><th>pushed</th><th>comes back with CBOR</th><th>comes back with JSON</th></tr>
 * <tr><td>{@code byte[]}</td><td>{@code byte[]}</td><td>refused here; what others push is a list of numbers</td></tr>
 * <tr><td>whole numbers from -2^63 to 2^64-1</td><td>the same, {@code Long} or {@code BigInteger}</td><td>the same</td></tr>
 * <tr><td>{@code Double} that is whole and fits 64 bits</td><td>{@code Double}</td><td>{@code Long} or
 *     {@code BigInteger}</td></tr>
 * <tr><td>{@code Float}, and {@code Double} that is exactly a single</td><td>{@code Double}, exact</td><td>{@code Double}
 *     nearest to the shortest text of the single: go back through {@code floatValue()}</td></tr>
 * <tr><td>other {@code Double}</td><td>exact</td><td>exact</td></tr>
 * <tr><td>NaN, infinities</td><td>the same</td><td>refused here; what others push is null</td></tr>
 * <tr><td>larger integers, dates, other objects</td><td colspan="2">refused here: push them as texts</td></tr>
 * </table>
 *
 * <p>What the official JavaScript client has, and where it is here:
 *
 * <table>
 * <caption>Counterparts</caption>
 * <tr><th>JavaScript</th><th>Java</th></tr>
 * <tr><td>{@code Api.newRoom}, {@code getRoom}</td><td>{@link dev.tributary.driftdb.DriftDb#createRoom},
 *     {@link dev.tributary.driftdb.DriftDb#room}</td></tr>
 * <tr><td>{@code DbConnection}</td><td>{@link dev.tributary.SyncSource}, made by
 *     {@link dev.tributary.driftdb.DriftDb#source} or from a URI</td></tr>
 * <tr><td>{@code subscribe(key, fn, sizeFn)}</td><td>{@link dev.tributary.SyncSource#materialize(String)}, with
 *     {@code replay=none} or {@code replay=17}, or {@link dev.tributary.SyncSource#changes(String)};
 *     {@link dev.tributary.driftdb.DriftDb#onSize}</td></tr>
 * <tr><td>{@code send({push})}</td><td>{@link dev.tributary.driftdb.DriftDb#push}</td></tr>
 * <tr><td>{@code statusListener}</td><td>{@link dev.tributary.SyncSource#onStatus}</td></tr>
 * <tr><td>{@code messageListener}</td><td>{@link dev.tributary.SourceListener}, and the view {@code ?as=room}</td></tr>
 * <tr><td>{@code testLatency}</td><td>{@link dev.tributary.driftdb.DriftDb#latency}</td></tr>
 * <tr><td>{@code StateListener}, {@code useSharedState}</td><td>{@link dev.tributary.driftdb.SharedState}</td></tr>
 * <tr><td>{@code Reducer}, {@code useSharedReducer}, {@code Compactor}</td><td>
 *     {@link dev.tributary.driftdb.SharedReducer}, {@link dev.tributary.driftdb.DriftDb#fold}</td></tr>
 * <tr><td>{@code PresenceListener}, {@code usePresence}</td><td>{@link dev.tributary.driftdb.Presence}</td></tr>
 * <tr><td>{@code uniqueClientId}</td><td>{@link dev.tributary.driftdb.ClientId},
 *     {@link dev.tributary.driftdb.ClientIdStore}</td></tr>
 * <tr><td>the room in the page's URL</td><td>{@link dev.tributary.driftdb.RoomLink}</td></tr>
 * <tr><td>{@code HttpConnection}</td><td>{@link dev.tributary.driftdb.DriftHttp}</td></tr>
 * <tr><td>{@code SyncedWebRTCConnections}</td><td>{@link dev.tributary.driftdb.Signalling} alone</td></tr>
 * </table>
 */
@NullMarked
package dev.tributary.driftdb;

import org.jspecify.annotations.NullMarked;
