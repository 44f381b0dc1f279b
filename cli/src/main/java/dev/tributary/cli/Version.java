package dev.tributary.cli;

import java.lang.module.ModuleDescriptor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The version of this build, and the Java that runs it. */
final class Version implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"tributary " + ofBuild() + " (Java " + Runtime.version() + ")"};
    }

    /** From the manifest on the class path, from the module descriptor on the module path. */
    private static String ofBuild() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        if (version != null) {
            return version;
        }
        @Nullable ModuleDescriptor descriptor = Version.class.getModule().getDescriptor();
        return descriptor == null ? "(not packaged)" : descriptor.rawVersion().orElse("(not packaged)");
    }
}
