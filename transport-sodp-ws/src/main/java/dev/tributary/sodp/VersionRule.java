package dev.tributary.sodp;

/** What the version of a delta says about it. */
enum VersionRule {
    APPLY,
    DUPLICATE,
    /** Steps are missing before it, or it came too late. */
    LOST;

    static VersionRule judge(Replica replica, long version, SodpDialect dialect) {
        long current = replica.version();
        if (replica.mayBeReborn() && version == 1 && dialect.mayRestartVersions()) {
            return APPLY;
        }
        if (version == current) {
            return DUPLICATE;
        }
        if (version < current) {
            return LOST;
        }
        return dialect.versionsByKey() && version != current + 1 ? LOST : APPLY;
    }
}
