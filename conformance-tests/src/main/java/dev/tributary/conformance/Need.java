package dev.tributary.conformance;

import dev.tributary.Capability;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a transport or its driver must have, or must not have, for a law to apply. */
public sealed interface Need {

    /** The transport declares it. */
    record Declared(Capability capability) implements Need {

        @Override
        public String toString() {
            return capability + " declared";
        }
    }

    /** The transport does not declare it. */
    record Undeclared(Capability capability) implements Need {

        @Override
        public String toString() {
            return capability + " not declared";
        }
    }

    /** The driver has this fault. */
    record Breakable(Fault fault) implements Need {

        @Override
        public String toString() {
            return "fault " + fault;
        }
    }

    static Need has(Capability capability) {
        return new Declared(capability);
    }

    static Need hasNot(Capability capability) {
        return new Undeclared(capability);
    }

    static Need fault(Fault fault) {
        return new Breakable(fault);
    }

    /** Why this need is not met, with what was declared; null when it is. */
    default @Nullable String unmetBy(TransportDriver driver) {
        if (this instanceof Declared declared) {
            return driver.capabilities().contains(declared.capability())
                    ? null
                    : declared.capability() + " is not declared; declared are " + new TreeSet<>(driver.capabilities());
        }
        if (this instanceof Undeclared undeclared) {
            return driver.capabilities().contains(undeclared.capability())
                    ? undeclared.capability() + " is declared, and this law is for who does not declare it"
                    : null;
        }
        Fault fault = ((Breakable) this).fault();
        return driver.faults().contains(fault)
                ? null
                : "the driver has no fault " + fault + "; it has " + new TreeSet<>(driver.faults());
    }
}
