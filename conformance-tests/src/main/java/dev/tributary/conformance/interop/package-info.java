/**
 * Programs that others published, for tests beside the official servers and clients of a protocol: installed by package name
 * with the usual clients of the registries, into temporary directories, and spoken to line by line. Where one cannot be
 * installed the test is skipped and says why.
 */
@NullMarked
package dev.tributary.conformance.interop;

import org.jspecify.annotations.NullMarked;
