package loom.dispatch.cache.stores;

import loom.dispatch.cache.model.ObjectKind;

/**
 * A possible disagreement between an index set and an object. The audit checks it again later,
 * because the service may have been writing.
 *
 * @param set the name of the index set
 * @param key the object's key
 */
public record AuditSuspect(What what, ObjectKind kind, String set, String key) {
    public enum What {
        ENTRY_WITHOUT_OBJECT,
        OBJECT_WITHOUT_ENTRY
    }

    /**
     * Whether the disagreement exists, given whether the set lists the key and whether the object
     * exists.
     */
    public boolean holds(boolean listed, boolean there) {
        return switch (what) {
            case ENTRY_WITHOUT_OBJECT -> listed && !there;
            case OBJECT_WITHOUT_ENTRY -> there && !listed;
        };
    }
}
