package dev.tributary.conformance;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which laws a test shows. Where the first of them does not apply to a transport, the test is aborted with the reason; of
 * the others only what applies is looked at.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Shows {

    /** The law that the test is about, then others that it looks at on the way. */
    Law[] value();
}
