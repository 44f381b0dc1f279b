package dev.tributary.cli;

import dev.tributary.testkit.driftdb.DriftDbServer;
import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.sodp.SodpDialect;
import dev.tributary.testkit.sodp.SodpServer;
import java.util.Arrays;
import java.util.Locale;

/** The protocols that there is a reference server of. */
enum SampleProtocol {
    ELECTRIC {
        @Override
        SampleServer start(int size) {
            return ElectricSample.start(ElectricServer.builder(), 1, size);
        }
    },
    SODP {
        @Override
        SampleServer start(int size) {
            return SodpSample.start(SodpServer.builder(SodpDialect.TYPESCRIPT), 1, size);
        }
    },
    DRIFTDB {
        @Override
        SampleServer start(int size) {
            return DriftDbSample.start(DriftDbServer.builder(), 1, size);
        }
    },
    SPACETIMEDB {
        @Override
        SampleServer start(int size) {
            return SpacetimeDbSample.start(SpacetimeDbSample.builder(), 1, size);
        }
    };

    /** Starts one at any free port with the defaults of the protocol. */
    abstract SampleServer start(int size);

    /** That of a source; Electric, which the first examples use, where it is none of them. */
    static SampleProtocol ofSource(String uri) {
        return Arrays.stream(values())
                .filter(protocol -> uri.startsWith(protocol + "+"))
                .findFirst()
                .orElse(ELECTRIC);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
