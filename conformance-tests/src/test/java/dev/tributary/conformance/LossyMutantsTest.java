package dev.tributary.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.Query;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import dev.tributary.testkit.MemoryBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The laws without LOSSLESS catch who says verified too early, who never says it, and who never audits. */
class LossyMutantsTest {

    private static TransportConformance lawsOf(TransportProvider transport) {
        return () -> MemoryDriver.lossy(transport);
    }

    @Test
    void theRightOnePasses() {
        lawsOf(new Mutant(out -> out)).l01n3_silentLoss();
        lawsOf(new Mutant(out -> out)).capabilitiesWork();
    }

    @Test
    @Tag("L2")
    void whoSaysVerifiedTooEarlyIsCaught() {
        TransportProvider mutant = new Mutant(out -> intercepted(
                Output.class,
                out,
                (method, result) -> method.equals("draft") ? ignoring(Draft.class, result, "verified") : result));
        assertThatThrownBy(() -> lawsOf(mutant).l01n3_silentLoss())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("L2 is broken");
    }

    @Test
    @Tag("L1")
    void whoNeverAuditsIsCaught() {
        TransportProvider mutant = new Mutant(out -> (Output) ignoring(Output.class, out, "timer"));
        assertThatThrownBy(() -> lawsOf(mutant).l01n3_silentLoss())
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("(?s)L[12] is broken.*");
    }

    @Test
    @Tag("CAPABILITIES")
    void whoDeclaresLosslessAndIsNotIsCaught() {
        TransportProvider mutant = new Mutant(out -> out) {
            @Override
            public Set<Capability> capabilities() {
                Set<Capability> more = new java.util.HashSet<>(super.capabilities());
                more.add(Capability.LOSSLESS);
                return more;
            }
        };
        assertThatThrownBy(() -> lawsOf(mutant).capabilitiesWork()).hasMessageStartingWith("CAPABILITIES is broken");
        assertThatThrownBy(() -> lawsOf(mutant).l01n3_silentLoss()).hasMessageStartingWith("CAPABILITIES is broken");
        assertThat(new Mutant(out -> out).capabilities()).doesNotContain(Capability.LOSSLESS);
    }

    private interface Results {

        Object change(String method, Object result);
    }

    private static <T> T intercepted(Class<T> type, T target, Results results) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> results.change(method.getName(), invoke(target, method, args))));
    }

    private static Object ignoring(Class<?> type, Object target, String name) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> method.getName().equals(name) ? null : invoke(target, method, args));
    }

    private static Object invoke(Object target, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** The lossy in-memory transport, whose protocol acts through a changed output. */
    private static class Mutant implements TransportProvider {

        private final TransportProvider right = MemoryBackend.lossyTransport();
        private final UnaryOperator<Output> change;

        Mutant(UnaryOperator<Output> change) {
            this.change = change;
        }

        @Override
        public Protocol session(SessionContext context) {
            Protocol protocol = right.session(context);
            return (Protocol) Proxy.newProxyInstance(
                    Protocol.class.getClassLoader(), new Class<?>[] {Protocol.class}, (proxy, method, args) -> {
                        for (int i = 0; args != null && i < args.length; i++) {
                            args[i] = args[i] instanceof Output out ? change.apply(out) : args[i];
                        }
                        return invoke(protocol, method, args);
                    });
        }

        @Override
        public String scheme() {
            return right.scheme();
        }

        @Override
        public Set<String> wireSchemes() {
            return right.wireSchemes();
        }

        @Override
        public Set<Capability> capabilities() {
            return right.capabilities();
        }

        @Override
        public boolean mayShareSession(Query a, Query b) {
            return right.mayShareSession(a, b);
        }

        @Override
        public ColumnType columnType(String name) {
            return right.columnType(name);
        }
    }
}
