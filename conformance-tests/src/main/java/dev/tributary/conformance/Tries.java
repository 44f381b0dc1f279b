package dev.tributary.conformance;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * How many programs each law is tried with: the system property {@code tributary.tries}, else few, and less of them where
 * the driver says so.
 */
final class Tries implements AroundPropertyHook {

    private static final int FEW = 150;

    Tries() {}

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        if (context.attributes().tries().orElse(0) != 1) {
            int wanted = Integer.getInteger("tributary.tries", FEW);
            context.attributes()
                    .setTries(
                            context.testInstance() instanceof TransportConformance laws
                                    ? laws.driver().programs(wanted)
                                    : wanted);
        }
        return property.execute();
    }
}
