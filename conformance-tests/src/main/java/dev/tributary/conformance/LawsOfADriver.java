package dev.tributary.conformance;

/** Tests of laws, each with the driver of one transport. */
public interface LawsOfADriver {

    /** The transport with its server. */
    TransportDriver driver();
}
