package dev.tributary.websocket;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A class of tests of what a wire promises, whichever client carries it. Each runs with each client, and closes its
 * {@link Rig}, which looks for threads that stay.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Timeout(120)
@ParameterizedClass(name = "{0}")
@EnumSource(TestedClient.class)
@interface WithEachClient {}
