package dev.tributary.conformance;

import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.PropagationMode;

/**
 * Every law that applies to a transport. Its test implements this with a driver; nothing else is to be written:
 *
 * <pre>{@code
 * class LineConformanceTest implements TransportConformance {
 *     public TransportDriver driver() {
 *         return new LineDriver();
 *     }
 * }
 * }</pre>
 *
 * <p>A law passes, fails with what was found and where to look, or is aborted because it does not apply, with the
 * declaration that says so. {@link ViewLaws#anyProgram} runs random programs of server, client and faults, and looks at
 * most laws at each step; a failure shows the shortest program found with its seed, which give the same run again. The
 * system property {@code tributary.tries} says how many programs are tried. The other tests are one situation each.
 *
 * @see Law
 */
@AddLifecycleHook(value = LawHook.class, propagateTo = PropagationMode.ALL_DESCENDANTS)
public interface TransportConformance
        extends ViewLaws,
                ResumeLaws,
                ListenerLaws,
                PhaseLaws,
                RetryLaws,
                ResetLaws,
                CredentialLaws,
                BoundLaws,
                BadInputLaws,
                CloseLaws,
                CapabilityLaws,
                WriteLaws,
                SharingLaws,
                DriverLaws {}
