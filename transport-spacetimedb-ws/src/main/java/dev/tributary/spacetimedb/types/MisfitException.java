package dev.tributary.spacetimedb.types;

/** Something within a value does not fit; it knows the way to its place, which grows as it is thrown outwards. */
final class MisfitException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String place;
    private final String what;

    private MisfitException(String place, String what, Throwable cause) {
        super(place + ": " + what, cause);
        this.place = place;
        this.what = what;
    }

    /** The same refusal, seen from one step further out: {@code pos}, or {@code [3]} of an array. */
    static MisfitException within(String step, IllegalArgumentException refusal) {
        if (refusal instanceof MisfitException inner) {
            return new MisfitException(
                    step + (inner.place.startsWith("[") ? "" : ".") + inner.place, inner.what, refusal);
        }
        return new MisfitException(step, String.valueOf(refusal.getMessage()), refusal);
    }
}
