package loom.dispatch.cache;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What members do: they come, go, arrive in chunks, show themselves and speak. */
final class MemberRules {
    private static final String COUNT = "member_count";

    private MemberRules() {}

    /** GUILD_MEMBER_ADD: the member, and one more in the guild. */
    record Add() implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return List.of(Ref.guild(event.guild()));
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            count(event, draft, 1);
            return Upsert.create(Kind.MEMBER).apply(event, draft);
        }
    }

    /** GUILD_MEMBER_REMOVE: the member with presence and voice state, and one less in the guild. */
    record Leave() implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return scope.config().old()
                    ? List.of(Ref.guild(event.guild()), member(event))
                    : List.of(Ref.guild(event.guild()));
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            Ref member = member(event);
            if (member.id().equals(draft.scope().botId())) {
                // GUILD_DELETE follows, and takes everything
                return Optional.empty();
            }
            count(event, draft, -1);
            Optional<byte[]> old = draft.get(member);
            draft.remove(member);
            draft.remove(Ref.of(Kind.PRESENCE, member.guild(), member.id()));
            draft.remove(Ref.of(Kind.VOICE, member.guild(), member.id()));
            return old;
        }

        private static Ref member(Event event) {
            return Ref.of(Kind.MEMBER, event.guild(), Kind.MEMBER.id(event.data()));
        }
    }

    /** GUILD_MEMBERS_CHUNK: up to 1,000 members, and their presences if they were asked for. */
    record Chunk() implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return NONE;
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            putAll(Kind.MEMBER, event.data().array("members"), event, draft);
            putAll(Kind.PRESENCE, event.data().array("presences"), event, draft);
            return Optional.empty();
        }

        private static void putAll(Kind kind, List<Slice> objects, Event event, Draft draft) {
            for (Slice one : objects) {
                draft.unreadable()
                        .unless(
                                kind.prefix(),
                                () -> {
                                    Fields object = Fields.of(one);
                                    Ref ref = Ref.of(kind, event.guild(), kind.id(object));
                                    draft.put(ref, kind.value(object, event.guild()));
                                });
            }
        }
    }

    /**
     * PRESENCE_UPDATE: who went offline has none. Creates no member; nothing in it is validated.
     */
    record Presence() implements Rule {
        private static final Upsert SET = Upsert.replace(Kind.PRESENCE);

        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return SET.reads(event, scope);
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            boolean offline =
                    event.data()
                            .get("status")
                            .filter(Slice::isString)
                            .map(Slice::text)
                            .filter("offline"::equals)
                            .isPresent();
            if (!offline) {
                return SET.apply(event, draft);
            }
            Ref ref = Ref.of(Kind.PRESENCE, event.guild(), Kind.PRESENCE.id(event.data()));
            Optional<byte[]> old = draft.get(ref);
            draft.remove(ref);
            return old;
        }
    }

    /** VOICE_STATE_UPDATE: who is in no channel has none. */
    record Voice() implements Rule {
        private static final Upsert SET = Upsert.replace(Kind.VOICE);
        private static final Remove REMOVE = new Remove(Kind.VOICE, "user_id");

        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return event.guild().isEmpty() ? NONE : SET.reads(event, scope);
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            if (event.guild().isEmpty()) {
                // a call among users: bots see none, and it has no place in the key
                return Optional.empty();
            }
            return event.data().text("channel_id").isPresent()
                    ? SET.apply(event, draft)
                    : REMOVE.apply(event, draft);
        }
    }

    /** USER_UPDATE: the bot itself. */
    record Self() implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return NONE;
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            Optional<byte[]> old = draft.botUser();
            draft.botUser(event.raw().data());
            return old;
        }
    }

    /** Discord tells the number once, in GUILD_CREATE; from there on it is counted. */
    private static void count(Event event, Draft draft, int difference) {
        Ref guild = Ref.guild(event.guild());
        Optional<Fields> known = draft.fields(guild);
        Optional<Slice> count = known.flatMap(fields -> fields.get(COUNT));
        if (count.isPresent()) {
            long now = Math.max(0, count.get().integer() + difference);
            draft.put(
                    guild, ObjectEdit.of(known.get()).put(COUNT, ObjectEdit.number(now)).toBytes());
        }
    }
}
