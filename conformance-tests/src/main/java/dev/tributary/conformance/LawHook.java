package dev.tributary.conformance;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.MethodLifecycleContext;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;
import org.opentest4j.TestAbortedException;

/**
 * What is common to all tests of laws. A law that does not apply aborts its test, saying why. Programs are tried as often
 * as the system property {@code tributary.tries} says, else a few times, and less where the driver says so.
 */
final class LawHook implements AroundPropertyHook, AroundTryHook {

    private static final int FEW = 150;

    LawHook() {}

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        Optional<String> unfit = unfit(context);
        if (unfit.isPresent()) {
            context.attributes().setTries(1);
            return property.execute().mapToAborted(new TestAbortedException(unfit.get()));
        }
        if (context.testInstance() instanceof LawsOfADriver laws
                && context.attributes().tries().orElse(0) != 1) {
            int wanted = Integer.getInteger("tributary.tries", FEW);
            context.attributes().setTries(laws.driver().programs(wanted));
        }
        return property.execute();
    }

    /** Of a law that does not apply nothing is run; that is for {@link #aroundProperty} to tell. */
    @Override
    public TryExecutionResult aroundTry(TryLifecycleContext context, TryExecutor once, List<Object> parameters) {
        return unfit(context).isPresent() ? TryExecutionResult.satisfied(true) : once.execute(parameters);
    }

    private static Optional<String> unfit(MethodLifecycleContext context) {
        Shows shows = context.targetMethod().getAnnotation(Shows.class);
        return shows != null && context.testInstance() instanceof LawsOfADriver laws
                ? shows.value()[0].notApplicable(laws.driver())
                : Optional.empty();
    }
}
