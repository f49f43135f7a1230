package loom.dispatch.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What members do: they come, go, arrive in chunks, show themselves and speak. */
final class MemberRules {
    private static final String COUNT = "member_count";
    private static final List<String> OLD_IN_OTHERS = List.of("deaf", "mute");

    private MemberRules() {}

    /** GUILD_MEMBER_ADD: the member, and one more in the guild. */
    record Add() implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return scope.keeps(member(event))
                    ? List.of(Ref.guild(event.guild()), member(event))
                    : List.of(Ref.guild(event.guild()));
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            // it also comes for who is a member already
            if (draft.get(member(event)).isEmpty()) {
                count(event, draft, 1);
            }
            return Upsert.create(Kind.MEMBER).apply(event, draft);
        }
    }

    /**
     * GUILD_MEMBER_REMOVE: the member with presence, voice state and memberships in threads, and
     * one less in the guild.
     */
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
            draft.threadsOf(member.guild())
                    .forEach(thread ->
                            draft.remove(Ref.threadMember(member.guild(), thread, member.id())));
            return old;
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
                                    if (kind == Kind.PRESENCE && isOffline(object)) {
                                        draft.remove(ref);
                                    } else {
                                        draft.put(ref, kind.value(object, event.guild()));
                                    }
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
            if (!isOffline(event.data())) {
                return SET.apply(event, draft);
            }
            Ref ref = Ref.of(Kind.PRESENCE, event.guild(), Kind.PRESENCE.id(event.data()));
            Optional<byte[]> old = draft.get(ref);
            draft.remove(ref);
            return old;
        }
    }

    /**
     * VOICE_STATE_UPDATE: who is in no channel has none. Who is in one is shown as a member: for a
     * bot without the privileged intents this is where members come from.
     */
    record Voice() implements Rule {
        private static final Upsert SET = Upsert.replace(Kind.VOICE);
        private static final Remove REMOVE = new Remove(Kind.VOICE, "user_id");

        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            if (event.guild().isEmpty()) {
                return NONE;
            }
            List<Ref> refs = new ArrayList<>(SET.reads(event, scope));
            seen(event.guild(), event.data()).filter(scope::keeps).ifPresent(refs::add);
            return refs;
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            if (event.guild().isEmpty()) {
                // a call among users: bots see none, and it has no place in the key
                return Optional.empty();
            }
            if (event.data().text("channel_id").isEmpty()) {
                return REMOVE.apply(event, draft);
            }
            keepSeen(event.guild(), event.data(), draft);
            return SET.apply(event, draft);
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

    /** The member inside another object, if it is one: a guest has no time of joining. */
    static Optional<Ref> seen(String guild, Fields holder) {
        try {
            return holder.get("member")
                    .filter(Slice::isObject)
                    .map(Fields::of)
                    .filter(member -> member.text("joined_at").isPresent())
                    .filter(member -> member.get("user").filter(Slice::isObject).isPresent())
                    .map(member -> Ref.of(Kind.MEMBER, guild, Kind.MEMBER.id(member)));
        } catch (JsonFault unreadable) {
            // it spoils not what it is in, which is kept with it as it came
            return Optional.empty();
        }
    }

    /** Keeps it; of a known member all but what another object tells as it was before. */
    static void keepSeen(String guild, Fields holder, Draft draft) {
        Optional<Ref> ref = seen(guild, holder);
        if (ref.isEmpty()) {
            return;
        }
        Fields member = Fields.of(holder.require("member"));
        Optional<Fields> known = draft.fields(ref.get());
        ObjectEdit edit = ObjectEdit.of(known.orElse(member)).merge(member);
        known.ifPresent(before ->
                OLD_IN_OTHERS.forEach(
                        name -> before.get(name).ifPresent(value -> edit.put(name, value))));
        draft.put(ref.get(), Kind.MEMBER.completed(edit, guild).toBytes());
    }

    static boolean isOffline(Fields presence) {
        return presence.get("status")
                .filter(Slice::isString)
                .map(Slice::text)
                .filter("offline"::equals)
                .isPresent();
    }

    private static Ref member(Event event) {
        return Ref.of(Kind.MEMBER, event.guild(), Kind.MEMBER.id(event.data()));
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
