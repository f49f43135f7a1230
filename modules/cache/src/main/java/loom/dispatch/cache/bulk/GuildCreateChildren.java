package loom.dispatch.cache.bulk;

import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.cache.model.UnreadableValues;
import loom.dispatch.cache.rules.MemberRules;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonValue;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Extracts the objects that a GUILD_CREATE contains: channels, roles, members and others. */
final class GuildCreateChildren {
    private static final Map<String, ObjectKind> ARRAYS = arrays();

    private GuildCreateChildren() {}

    /**
     * Returns the objects that the settings keep, with the values to store. An unreadable object is
     * left out.
     */
    static Map<ObjectRef, byte[]> of(
            JsonObject guild, String id, RuleContext context, UnreadableValues unreadable) {
        Map<ObjectRef, byte[]> children = new LinkedHashMap<>();
        ARRAYS.forEach((array, kind) -> {
            for (JsonValue child : guild.array(array)) {
                unreadable.skipUnreadable(
                        kind.prefix(),
                        () -> {
                            JsonObject object = JsonObject.of(child);
                            ObjectRef ref = ObjectRef.of(kind, id, kind.id(object));
                            boolean away =
                                    kind == ObjectKind.PRESENCE && MemberRules.isOffline(object);
                            if (context.keeps(ref) && !away) {
                                children.put(ref, kind.value(object, id));
                            }
                        });
            }
        });
        return children;
    }

    private static Map<String, ObjectKind> arrays() {
        Map<String, ObjectKind> arrays = new LinkedHashMap<>();
        arrays.put("channels", ObjectKind.CHANNEL);
        arrays.put("threads", ObjectKind.THREAD);
        arrays.put("roles", ObjectKind.ROLE);
        arrays.put("emojis", ObjectKind.EMOJI);
        arrays.put("stickers", ObjectKind.STICKER);
        arrays.put("soundboard_sounds", ObjectKind.SOUND);
        arrays.put("guild_scheduled_events", ObjectKind.EVENT);
        arrays.put("stage_instances", ObjectKind.STAGE);
        arrays.put("members", ObjectKind.MEMBER);
        arrays.put("presences", ObjectKind.PRESENCE);
        arrays.put("voice_states", ObjectKind.VOICE);
        return Collections.unmodifiableMap(arrays);
    }
}
