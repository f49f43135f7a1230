package loom.dispatch.cache;

/**
 * A place where an index and an object seemed to disagree, to be looked at once more: the service
 * may have been writing there.
 *
 * @param set the index
 * @param key the object's key
 */
record AuditSuspect(What what, Kind kind, String set, String key) {
    enum What {
        ENTRY_WITHOUT_OBJECT,
        OBJECT_WITHOUT_ENTRY
    }

    /** Whether the disagreement is there, by what Redis says of the two. */
    boolean holds(boolean listed, boolean there) {
        return switch (what) {
            case ENTRY_WITHOUT_OBJECT -> listed && !there;
            case OBJECT_WITHOUT_ENTRY -> there && !listed;
        };
    }
}
