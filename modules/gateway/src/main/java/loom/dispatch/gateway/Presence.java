package loom.dispatch.gateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The presence that the bot shows from IDENTIFY on (protocol section 5.4).
 *
 * @param status online, idle, dnd, invisible or offline
 * @param activityType 0 playing, 1 streaming, 2 listening, 3 watching, 4 custom, 5 competing
 * @param activityName the activity's name, or the text of a custom status; {@code {{shard}}} is
 *     replaced by the shard's id; empty for no activity
 * @param activityUrl the URL of a streaming activity, empty for none; Discord shows URLs on
 *     twitch.tv and youtube.com only
 */
public record Presence(String status, int activityType, String activityName, String activityUrl) {
    /** The values of {@code status} that Discord accepts. */
    public static final Set<String> STATUSES =
            Set.of("online", "idle", "dnd", "invisible", "offline");

    private static final int STREAMING = 1;
    private static final int CUSTOM = 4;

    public Presence {
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException("unknown status " + status);
        }
        if (activityType < 0 || activityType > 5) {
            throw new IllegalArgumentException("unknown activity type " + activityType);
        }
    }

    /** Creates a presence without a URL. */
    public Presence(String status, int activityType, String activityName) {
        this(status, activityType, activityName, "");
    }

    /** Returns the {@code presence} object of IDENTIFY. */
    public Map<String, Object> toJson(int shard) {
        List<Map<String, Object>> activities = new ArrayList<>();
        if (!activityName.isEmpty()) {
            String text = activityName.replace("{{shard}}", Integer.toString(shard));
            Map<String, Object> activity = new LinkedHashMap<>();
            activity.put("name", activityType == CUSTOM ? "Custom Status" : text);
            activity.put("type", activityType);
            if (activityType == CUSTOM) {
                activity.put("state", text);
            }
            if (activityType == STREAMING && !activityUrl.isEmpty()) {
                activity.put("url", activityUrl);
            }
            activities.add(activity);
        }
        Map<String, Object> presence = new LinkedHashMap<>();
        presence.put("since", null);
        presence.put("activities", activities);
        presence.put("status", status);
        presence.put("afk", false);
        return presence;
    }
}
