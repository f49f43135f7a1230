package loom.dispatch.cache.rules;

import loom.dispatch.cache.model.DefaultFields;
import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonValue;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Rules for events that change a guild but not its channels, roles or members. */
public final class GuildRules {
    private static final byte[] EMPTY = {'[', ']'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final String USER_COUNT = "user_count";

    private GuildRules() {}

    /** Returns the value to store for a guild: the object with its large arrays emptied. */
    public static byte[] value(JsonObjectEditor guild) {
        DefaultFields.EMPTIED.forEach(name -> guild.put(name, EMPTY));
        return ObjectKind.GUILD.completed(guild, "").toBytes();
    }

    /** Returns a known guild, marked as unavailable. */
    public static byte[] unavailable(JsonObject known) {
        return JsonObjectEditor.of(known).put("unavailable", TRUE).toBytes();
    }

    /**
     * GUILD_UPDATE: merges the event into the guild, because only GUILD_CREATE contains all fields.
     */
    record Update() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return List.of(ref(event));
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            ObjectRef ref = ref(event);
            Optional<JsonObject> known = overlay.fields(ref);
            if (known.isEmpty()) {
                // only GUILD_CREATE and READY show that the bot is in a guild
                return Optional.empty();
            }
            Optional<byte[]> old = overlay.get(ref);
            overlay.put(ref, value(JsonObjectEditor.of(known.get()).merge(event.data())));
            return old;
        }

        private static ObjectRef ref(ScannedEvent event) {
            return ObjectRef.guild(event.requireText("id"));
        }
    }

    /**
     * GUILD_SCHEDULED_EVENT_UPDATE: removes events that are completed (3) or cancelled (4), and
     * replaces others.
     */
    record ScheduledEvent() implements EventRule {
        private static final UpsertRule SET =
                UpsertRule.replace(ObjectKind.EVENT).keeping(USER_COUNT);
        private static final RemoveRule REMOVE = new RemoveRule(ObjectKind.EVENT, "id");

        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return SET.reads(event, context);
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            long status = event.data().get("status").map(JsonValue::integer).orElse(0L);
            return status == 3 || status == 4
                    ? REMOVE.apply(event, overlay)
                    : SET.apply(event, overlay);
        }
    }

    /**
     * GUILD_SCHEDULED_EVENT_USER_ADD and _REMOVE: changes the number of interested users, if
     * Discord sent one before.
     *
     * @param difference 1 or -1
     */
    record InterestedUsers(int difference) implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return List.of(ref(event));
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            ObjectRef ref = ref(event);
            Optional<JsonObject> known = overlay.fields(ref);
            Optional<JsonValue> count = known.flatMap(fields -> fields.get(USER_COUNT));
            if (count.isEmpty()) {
                return Optional.empty();
            }
            Optional<byte[]> old = overlay.get(ref);
            byte[] now = JsonObjectEditor.number(Math.max(0, count.get().integer() + difference));
            overlay.put(ref, JsonObjectEditor.of(known.get()).put(USER_COUNT, now).toBytes());
            return old;
        }

        private static ObjectRef ref(ScannedEvent event) {
            return ObjectRef.of(
                    ObjectKind.EVENT, event.guild(), event.requireText("guild_scheduled_event_id"));
        }
    }

    /** GUILD_SOUNDBOARD_SOUNDS_UPDATE: replaces several sounds. */
    record Sounds() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return context.config().old() ? refs(event) : NONE;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            List<byte[]> before =
                    refs(event).stream().map(overlay::get).flatMap(Optional::stream).toList();
            for (JsonValue sound : event.data().array("soundboard_sounds")) {
                JsonObject object = JsonObject.of(sound);
                ObjectRef ref =
                        ObjectRef.of(ObjectKind.SOUND, event.guild(), ObjectKind.SOUND.id(object));
                overlay.put(ref, ObjectKind.SOUND.value(object, event.guild()));
            }
            return EventRule.arrayOf(before);
        }

        private static List<ObjectRef> refs(ScannedEvent event) {
            return event.data().array("soundboard_sounds").stream()
                    .map(one ->
                            ObjectRef.of(
                                    ObjectKind.SOUND,
                                    event.guild(),
                                    ObjectKind.SOUND.id(JsonObject.of(one))))
                    .toList();
        }
    }
}
