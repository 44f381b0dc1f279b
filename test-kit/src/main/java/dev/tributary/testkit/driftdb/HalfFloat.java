package dev.tributary.testkit.driftdb;

/** The 16-bit floats of IEEE 754, which Java 17 does not know. */
final class HalfFloat {

    private static final int FRACTION = 0x3ff;
    private static final int EXPONENT = 0x1f;
    private static final double LEAST = 0x1p-24;

    private HalfFloat() {}

    static double toDouble(short bits) {
        int exponent = (bits >> 10) & EXPONENT;
        int fraction = bits & FRACTION;
        double size;
        if (exponent == EXPONENT) {
            size = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            size = fraction * LEAST;
        } else {
            size = Math.scalb(1024.0 + fraction, exponent - 25);
        }
        return bits < 0 ? -size : size;
    }

    /** The half that is exactly this value, or -1; those of minus zero and below have the sixteenth bit set. */
    static int of(double value) {
        if (Double.isNaN(value)) {
            return 0x7e00;
        }
        int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
        double size = Math.abs(value);
        if (Double.isInfinite(size)) {
            return sign | 0x7c00;
        }
        if (size == 0) {
            return sign;
        }
        int exponent = Math.max(Math.getExponent(size), -14);
        if (exponent > 15) {
            return -1;
        }
        double units = Math.scalb(size, 10 - exponent);
        if (units != Math.rint(units)) {
            return -1;
        }
        int whole = (int) units;
        return whole < 1024 ? sign | whole : sign | ((exponent + 15) << 10) | (whole - 1024);
    }
}
