package loom.dispatch.cache;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What changes a guild's own object and leaves its children alone. */
final class GuildRules {
    private static final byte[] EMPTY = {'[', ']'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final String USER_COUNT = "user_count";

    private GuildRules() {}

    /** The value of a guild's key: the object with its big arrays emptied. */
    static byte[] value(ObjectEdit guild) {
        Default.EMPTIED.forEach(name -> guild.put(name, EMPTY));
        return Kind.GUILD.completed(guild, "").toBytes();
    }

    /** A known guild that an outage took away. */
    static byte[] unavailable(Fields known) {
        return ObjectEdit.of(known).put("unavailable", TRUE).toBytes();
    }

    /** GUILD_UPDATE: merged, for it lacks what only GUILD_CREATE tells. */
    record Update() implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return List.of(ref(event));
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            Ref ref = ref(event);
            Optional<Fields> known = draft.fields(ref);
            if (known.isEmpty()) {
                // only GUILD_CREATE and READY tell that the bot is in a guild
                return Optional.empty();
            }
            Optional<byte[]> old = draft.get(ref);
            draft.put(ref, value(ObjectEdit.of(known.get()).merge(event.data())));
            return old;
        }

        private static Ref ref(Event event) {
            return Ref.guild(event.requireText("id"));
        }
    }

    /** GUILD_SCHEDULED_EVENT_UPDATE: completed (3) and cancelled (4) events are over. */
    record ScheduledEvent() implements Rule {
        private static final Upsert SET = Upsert.replace(Kind.EVENT).keeping(USER_COUNT);
        private static final Remove REMOVE = new Remove(Kind.EVENT, "id");

        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return SET.reads(event, scope);
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            long status = event.data().get("status").map(Slice::integer).orElse(0L);
            return status == 3 || status == 4
                    ? REMOVE.apply(event, draft)
                    : SET.apply(event, draft);
        }
    }

    /**
     * GUILD_SCHEDULED_EVENT_USER_ADD and _REMOVE: counted where the event came with a number.
     *
     * @param difference plus or minus one
     */
    record Interested(int difference) implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return List.of(ref(event));
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            Ref ref = ref(event);
            Optional<Fields> known = draft.fields(ref);
            Optional<Slice> count = known.flatMap(fields -> fields.get(USER_COUNT));
            if (count.isEmpty()) {
                return Optional.empty();
            }
            Optional<byte[]> old = draft.get(ref);
            byte[] now = ObjectEdit.number(Math.max(0, count.get().integer() + difference));
            draft.put(ref, ObjectEdit.of(known.get()).put(USER_COUNT, now).toBytes());
            return old;
        }

        private static Ref ref(Event event) {
            return Ref.of(Kind.EVENT, event.guild(), event.requireText("guild_scheduled_event_id"));
        }
    }

    /** GUILD_SOUNDBOARD_SOUNDS_UPDATE: several sounds changed. */
    record Sounds() implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return scope.config().old() ? refs(event) : NONE;
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            List<byte[]> before =
                    refs(event).stream().map(draft::get).flatMap(Optional::stream).toList();
            for (Slice sound : event.data().array("soundboard_sounds")) {
                Fields object = Fields.of(sound);
                Ref ref = Ref.of(Kind.SOUND, event.guild(), Kind.SOUND.id(object));
                draft.put(ref, Kind.SOUND.value(object, event.guild()));
            }
            return Rule.arrayOf(before);
        }

        private static List<Ref> refs(Event event) {
            return event.data().array("soundboard_sounds").stream()
                    .map(one -> Ref.of(Kind.SOUND, event.guild(), Kind.SOUND.id(Fields.of(one))))
                    .toList();
        }
    }
}
