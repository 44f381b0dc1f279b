package dev.tributary.conformance;

import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.spi.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/** A right world that is bent where a wrong driver overrides a method. */
class BentWorld implements World {

    final World right;

    BentWorld(World right) {
        this.right = right;
    }

    @Override
    public Environment environment() {
        return right.environment();
    }

    @Override
    public SourceBuilder builder(String options) {
        return right.builder(options);
    }

    @Override
    public List<String> queries() {
        return right.queries();
    }

    @Override
    public int keyOf(Row row) {
        return right.keyOf(row);
    }

    @Override
    public int valueOf(Row row) {
        return right.valueOf(row);
    }

    @Override
    public Map<Integer, Integer> entriesOf(Row row) {
        return right.entriesOf(row);
    }

    @Override
    public void passEvent(int table) {
        right.passEvent(table);
    }

    @Override
    public CompletableFuture<?> write(SyncSource source, Operation.Put put) {
        return right.write(source, put);
    }

    @Override
    public boolean isPresenceSeen(SyncSource source) {
        return false;
    }

    @Override
    public Patience patience() {
        return right.patience();
    }

    @Override
    public void apply(Operation operation) {
        right.apply(operation);
    }

    @Override
    public SortedMap<Integer, Integer> truth(String query) {
        return right.truth(query);
    }

    @Override
    public List<SortedMap<Integer, Integer>> history(String query) {
        return right.history(query);
    }

    @Override
    public void inject(Fault fault) {
        right.inject(fault);
    }

    @Override
    public void heal() {
        right.heal();
    }

    @Override
    public String token() {
        return right.token();
    }

    @Override
    public Duration silenceLimit() {
        return right.silenceLimit();
    }

    @Override
    public Duration settleTime() {
        return right.settleTime();
    }

    @Override
    public void run() {
        right.run();
    }

    @Override
    public void advance(Duration time) {
        right.advance(time);
    }

    @Override
    public int openWires() {
        return right.openWires();
    }

    @Override
    public String leftovers() {
        return right.leftovers();
    }

    @Override
    public void close() {
        right.close();
    }
}
