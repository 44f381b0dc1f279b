package dev.tributary.testkit.sodp;

/**
 * What becomes of a WebSocket upgrade.
 *
 * @param status 101, another status that refuses it, or 0 for the end of the connection without an answer
 */
public record SodpAdmission(int status) {

    static final SodpAdmission ACCEPTED = new SodpAdmission(101);
    static final SodpAdmission RESET = new SodpAdmission(0);

    /** Whether it is accepted. */
    public boolean isAccepted() {
        return status == 101;
    }

    /** Whether the connection ends without an answer. */
    public boolean isReset() {
        return status == 0;
    }
}
