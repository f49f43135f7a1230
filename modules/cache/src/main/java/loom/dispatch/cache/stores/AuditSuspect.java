package loom.dispatch.cache.stores;

import loom.dispatch.cache.model.ObjectKind;

/**
 * A place where an index and an object seemed to disagree, to be looked at once more: the service
 * may have been writing there.
 *
 * @param set the index
 * @param key the object's key
 */
public record AuditSuspect(What what, ObjectKind kind, String set, String key) {
    public enum What {
        ENTRY_WITHOUT_OBJECT,
        OBJECT_WITHOUT_ENTRY
    }

    /** Whether the disagreement is there, by what Redis says of the two. */
    public boolean holds(boolean listed, boolean there) {
        return switch (what) {
            case ENTRY_WITHOUT_OBJECT -> listed && !there;
            case OBJECT_WITHOUT_ENTRY -> there && !listed;
        };
    }
}
