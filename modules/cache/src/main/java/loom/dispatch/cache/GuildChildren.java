package loom.dispatch.cache;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The objects that a GUILD_CREATE carries, by the array that holds them. */
final class GuildChildren {
    private static final Map<String, Kind> ARRAYS = arrays();

    private GuildChildren() {}

    /** The children that the switches keep, with the values to store. One bad child is left out. */
    static Map<Ref, byte[]> of(Fields guild, String id, Scope scope, Unreadable unreadable) {
        Map<Ref, byte[]> children = new LinkedHashMap<>();
        ARRAYS.forEach((array, kind) -> {
            for (Slice child : guild.array(array)) {
                unreadable.unless(
                        kind.prefix(),
                        () -> {
                            Fields object = Fields.of(child);
                            Ref ref = Ref.of(kind, id, kind.id(object));
                            boolean away = kind == Kind.PRESENCE && MemberRules.isOffline(object);
                            if (scope.keeps(ref) && !away) {
                                children.put(ref, kind.value(object, id));
                            }
                        });
            }
        });
        return children;
    }

    private static Map<String, Kind> arrays() {
        Map<String, Kind> arrays = new LinkedHashMap<>();
        arrays.put("channels", Kind.CHANNEL);
        arrays.put("threads", Kind.THREAD);
        arrays.put("roles", Kind.ROLE);
        arrays.put("emojis", Kind.EMOJI);
        arrays.put("stickers", Kind.STICKER);
        arrays.put("soundboard_sounds", Kind.SOUND);
        arrays.put("guild_scheduled_events", Kind.EVENT);
        arrays.put("stage_instances", Kind.STAGE);
        arrays.put("members", Kind.MEMBER);
        arrays.put("presences", Kind.PRESENCE);
        arrays.put("voice_states", Kind.VOICE);
        return Collections.unmodifiableMap(arrays);
    }
}
