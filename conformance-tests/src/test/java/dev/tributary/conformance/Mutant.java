package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.spi.Environment;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireProvider;
import dev.tributary.testkit.MemoryBackend;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A wrong transport, engine or driver with a name, and the law that must catch it. It is the right in-memory one, bent in
 * one place: below the engine a session or the wires, beside it the environment, above it what the application sees. So no
 * switch is in the code of the library, and each is a few lines.
 */
final class Mutant implements TransportDriver, SourceOpening {

    /** Makes wrong views. */
    interface Views {

        BentView<Row> bend(BentSource source, MaterializedView<Row> view);
    }

    private final String name;
    private final Law law;
    private boolean lossy;
    private boolean writing;
    private boolean onlyItsLaw;
    private Supplier<Supplier<BentSession>> sessions = () -> BentSession::new;
    private UnaryOperator<Set<Capability>> declared = capabilities -> capabilities;
    private UnaryOperator<Set<Capability>> told = capabilities -> capabilities;
    private UnaryOperator<Set<Fault>> faults = all -> all;
    private UnaryOperator<World> worlds = world -> world;
    private UnaryOperator<Environment> environments = environment -> environment;
    private UnaryOperator<WireProvider> wires = provider -> provider;
    private BiFunction<SourceBuilder, SyncSource, SyncSource> sources = (builder, source) -> source;

    private Mutant(String name, Law law) {
        this.name = name;
        this.law = law;
    }

    /** A right one, to be bent. */
    static Mutant of(String name, Law law) {
        return new Mutant(name, law);
    }

    /** Over the backend that may lose commits. */
    Mutant lossy() {
        lossy = true;
        return this;
    }

    /** Over the backend that takes writes. */
    Mutant writing() {
        writing = true;
        return this;
    }

    /** Its harm takes real time, so it is tried with the tests of its law alone. */
    Mutant onlyItsLaw() {
        onlyItsLaw = true;
        return this;
    }

    /** Bends sessions; what is remembered across them belongs to the outer supplier, called once for each world. */
    Mutant sessions(Supplier<Supplier<BentSession>> bent) {
        sessions = bent;
        return this;
    }

    /** Bends each session by itself. */
    Mutant session(Supplier<BentSession> bent) {
        return sessions(() -> bent);
    }

    /** The transport declares more. */
    Mutant declares(Capability capability) {
        declared = right -> with(right, capability);
        return this;
    }

    /** The transport and its driver declare less. */
    Mutant hides(Capability capability) {
        declared = right -> without(right, capability);
        return this;
    }

    /** Only the driver says that it is there. */
    Mutant claims(Capability capability) {
        told = right -> with(right, capability);
        return this;
    }

    /** Only the driver says that it is not there. */
    Mutant denies(Capability capability) {
        told = right -> without(right, capability);
        return this;
    }

    Mutant faults(UnaryOperator<Set<Fault>> other) {
        faults = other;
        return this;
    }

    Mutant world(UnaryOperator<World> bent) {
        worlds = bent;
        return this;
    }

    /** Each source has an environment of its own. */
    Mutant environment(UnaryOperator<Environment> bent) {
        environments = bent;
        return this;
    }

    Mutant wires(UnaryOperator<WireProvider> bent) {
        wires = bent;
        return this;
    }

    Mutant source(UnaryOperator<SyncSource> bent) {
        sources = (builder, source) -> bent.apply(source);
        return this;
    }

    /** Bends what is opened, with the builder that can open more. */
    Mutant opening(BiFunction<SourceBuilder, SyncSource, SyncSource> bent) {
        sources = bent;
        return this;
    }

    Mutant view(Views bent) {
        return source(right -> new BentSource(right) {
            @Override
            @SuppressWarnings("unchecked")
            <T> BentView<T> bend(MaterializedView<T> view) {
                return (BentView<T>) bent.bend(this, (MaterializedView<Row>) view);
            }
        });
    }

    Mutant listener(UnaryOperator<ViewListener<Row>> bent) {
        return view((source, view) -> new BentView<>(source, view) {
            @Override
            @SuppressWarnings("unchecked")
            ViewListener<Row> bend(ViewListener<? super Row> listener) {
                return bent.apply((ViewListener<Row>) listener);
            }
        });
    }

    String name() {
        return name;
    }

    /** The law that must catch it. */
    Law law() {
        return law;
    }

    boolean isOnlyForItsLaw() {
        return onlyItsLaw;
    }

    /** Whether it is over the backend that takes writes. */
    boolean isWriting() {
        return writing;
    }

    private static <E> Set<E> with(Set<E> set, E more) {
        Set<E> all = new HashSet<>(set);
        all.add(more);
        return all;
    }

    static <E> Set<E> without(Set<E> set, E less) {
        Set<E> rest = new HashSet<>(set);
        rest.remove(less);
        return rest;
    }

    private TransportProvider right() {
        TransportProvider memory = lossy ? MemoryBackend.lossyTransport() : MemoryBackend.transport();
        return writing ? new WritingMemory(memory) : memory;
    }

    private MemoryDriver driver() {
        return MemoryDriver.of(
                lossy,
                () -> {
                    TransportProvider right = right();
                    return new BentTransport(right, declared.apply(right.capabilities()), sessions.get());
                },
                wires);
    }

    @Override
    public Set<Capability> capabilities() {
        return told.apply(driver().capabilities());
    }

    @Override
    public Set<Fault> faults() {
        return faults.apply(driver().faults());
    }

    @Override
    public World newWorld(long seed) {
        World world = driver().newWorld(seed);
        return worlds.apply(new BentWorld(world) {
            @Override
            public SourceBuilder builder(String options) {
                return world.builder(options).environment(environments.apply(world.environment()));
            }
        });
    }

    @Override
    public SyncSource open(SourceBuilder builder, SourceListener watching) {
        builder.listener(watching);
        return sources.apply(builder, builder.open());
    }

    @Override
    public String toString() {
        return name;
    }
}
