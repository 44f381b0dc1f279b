package dev.tributary.conformance;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Property;

/** The tests of laws that a transport takes up, by reflection. */
final class LawTests {

    private LawTests() {}

    /** All of them, in the order of their first laws. */
    static List<Method> all() {
        return Arrays.stream(TransportConformance.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Shows.class))
                .sorted(Comparator.comparing((Method method) -> lawsOf(method).get(0))
                        .thenComparing(Method::getName))
                .toList();
    }

    static List<Law> lawsOf(Method test) {
        return List.of(test.getAnnotation(Shows.class).value());
    }

    /** Whether it runs random programs, and not one situation. */
    static boolean isProperty(Method test) {
        return test.isAnnotationPresent(Property.class);
    }
}
