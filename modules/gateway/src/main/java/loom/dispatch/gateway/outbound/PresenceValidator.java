package loom.dispatch.gateway.outbound;

import loom.dispatch.gateway.Presence;

import java.util.List;
import java.util.Map;

/**
 * Checks the {@code d} of a presence update (protocol section 5.4).
 *
 * <p>Every later IDENTIFY repeats the presence. If Discord refused IDENTIFY because of it, the
 * shard would exhaust the daily IDENTIFY limit in a loop.
 */
public final class PresenceValidator {
    private PresenceValidator() {}

    public static void check(Map<String, Object> d) throws WorkerFrame.Refused {
        require(
                d.get("status") instanceof String status && Presence.STATUSES.contains(status),
                "d.status",
                "is none of online, idle, dnd, invisible, offline");
        Object since = d.get("since");
        require(since == null || since instanceof Number, "d.since", "is no number");
        require(
                !d.containsKey("afk") || d.get("afk") instanceof Boolean,
                "d.afk",
                "is neither true nor false");
        if (!(d.get("activities") instanceof List<?> activities)) {
            throw new WorkerFrame.Refused("d.activities", "is missing or no array");
        }
        for (Object activity : activities) {
            check(activity);
        }
    }

    private static void check(Object activity) throws WorkerFrame.Refused {
        if (!(activity instanceof Map<?, ?> fields)) {
            throw new WorkerFrame.Refused("d.activities", "holds what is no object");
        }
        require(
                fields.get("name") instanceof String,
                "d.activities.name",
                "is missing or no string");
        require(
                fields.get("type") instanceof Integer type && type >= 0 && type <= 5,
                "d.activities.type",
                "is no number from 0 to 5");
        for (String text : List.of("state", "url")) {
            Object value = fields.get(text);
            require(
                    value == null || value instanceof String,
                    "d.activities." + text,
                    "is no string");
        }
    }

    private static void require(boolean holds, String where, String what)
            throws WorkerFrame.Refused {
        if (!holds) {
            throw new WorkerFrame.Refused(where, what);
        }
    }
}
