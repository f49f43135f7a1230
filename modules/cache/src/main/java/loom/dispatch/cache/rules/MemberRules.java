package loom.dispatch.cache.rules;

import loom.dispatch.cache.json.JsonFormatException;
import loom.dispatch.cache.json.JsonObject;
import loom.dispatch.cache.json.JsonObjectEditor;
import loom.dispatch.cache.json.JsonSlice;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What members do: they come, go, arrive in chunks, show themselves and speak. */
public final class MemberRules {
    private static final String COUNT = "member_count";
    private static final List<String> OLD_IN_OTHERS = List.of("deaf", "mute");

    private MemberRules() {}

    /** GUILD_MEMBER_ADD: the member, and one more in the guild. */
    record Add() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext scope) {
            return scope.keeps(member(event))
                    ? List.of(ObjectRef.guild(event.guild()), member(event))
                    : List.of(ObjectRef.guild(event.guild()));
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay draft) {
            // it also comes for who is a member already
            if (draft.get(member(event)).isEmpty()) {
                count(event, draft, 1);
            }
            return UpsertRule.create(ObjectKind.MEMBER).apply(event, draft);
        }
    }

    /**
     * GUILD_MEMBER_REMOVE: the member with presence, voice state and memberships in threads, and
     * one less in the guild.
     */
    record Leave() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext scope) {
            return scope.config().old()
                    ? List.of(ObjectRef.guild(event.guild()), member(event))
                    : List.of(ObjectRef.guild(event.guild()));
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay draft) {
            ObjectRef member = member(event);
            if (member.id().equals(draft.scope().botId())) {
                // GUILD_DELETE follows, and takes everything
                return Optional.empty();
            }
            count(event, draft, -1);
            Optional<byte[]> old = draft.get(member);
            draft.remove(member);
            draft.remove(ObjectRef.of(ObjectKind.PRESENCE, member.guild(), member.id()));
            draft.remove(ObjectRef.of(ObjectKind.VOICE, member.guild(), member.id()));
            draft.threadsOf(member.guild())
                    .forEach(thread ->
                            draft.remove(
                                    ObjectRef.threadMember(member.guild(), thread, member.id())));
            return old;
        }
    }

    /** GUILD_MEMBERS_CHUNK: up to 1,000 members, and their presences if they were asked for. */
    record Chunk() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext scope) {
            return NONE;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay draft) {
            putAll(ObjectKind.MEMBER, event.data().array("members"), event, draft);
            putAll(ObjectKind.PRESENCE, event.data().array("presences"), event, draft);
            return Optional.empty();
        }

        private static void putAll(
                ObjectKind kind, List<JsonSlice> objects, ScannedEvent event, StateOverlay draft) {
            for (JsonSlice one : objects) {
                draft.unreadable()
                        .unless(
                                kind.prefix(),
                                () -> {
                                    JsonObject object = JsonObject.of(one);
                                    ObjectRef ref =
                                            ObjectRef.of(kind, event.guild(), kind.id(object));
                                    if (kind == ObjectKind.PRESENCE && isOffline(object)) {
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
    record Presence() implements EventRule {
        private static final UpsertRule SET = UpsertRule.replace(ObjectKind.PRESENCE);

        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext scope) {
            return SET.reads(event, scope);
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay draft) {
            if (!isOffline(event.data())) {
                return SET.apply(event, draft);
            }
            ObjectRef ref =
                    ObjectRef.of(
                            ObjectKind.PRESENCE,
                            event.guild(),
                            ObjectKind.PRESENCE.id(event.data()));
            Optional<byte[]> old = draft.get(ref);
            draft.remove(ref);
            return old;
        }
    }

    /**
     * VOICE_STATE_UPDATE: who is in no channel has none. Who is in one is shown as a member: for a
     * bot without the privileged intents this is where members come from.
     */
    record Voice() implements EventRule {
        private static final UpsertRule SET = UpsertRule.replace(ObjectKind.VOICE);
        private static final RemoveRule REMOVE = new RemoveRule(ObjectKind.VOICE, "user_id");

        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext scope) {
            if (event.guild().isEmpty()) {
                return NONE;
            }
            List<ObjectRef> refs = new ArrayList<>(SET.reads(event, scope));
            seen(event.guild(), event.data()).filter(scope::keeps).ifPresent(refs::add);
            return refs;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay draft) {
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
    record Self() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext scope) {
            return NONE;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay draft) {
            Optional<byte[]> old = draft.botUser();
            draft.botUser(event.raw().data());
            return old;
        }
    }

    /** The member inside another object, if it is one: a guest has no time of joining. */
    static Optional<ObjectRef> seen(String guild, JsonObject holder) {
        try {
            return holder.get("member")
                    .filter(JsonSlice::isObject)
                    .map(JsonObject::of)
                    .filter(member -> member.text("joined_at").isPresent())
                    .filter(member -> member.get("user").filter(JsonSlice::isObject).isPresent())
                    .map(member ->
                            ObjectRef.of(ObjectKind.MEMBER, guild, ObjectKind.MEMBER.id(member)));
        } catch (JsonFormatException unreadable) {
            // it spoils not what it is in, which is kept with it as it came
            return Optional.empty();
        }
    }

    /** Keeps it; of a known member all but what another object tells as it was before. */
    static void keepSeen(String guild, JsonObject holder, StateOverlay draft) {
        Optional<ObjectRef> ref = seen(guild, holder);
        if (ref.isEmpty()) {
            return;
        }
        JsonObject member = JsonObject.of(holder.require("member"));
        Optional<JsonObject> known = draft.fields(ref.get());
        JsonObjectEditor edit = JsonObjectEditor.of(known.orElse(member)).merge(member);
        known.ifPresent(before ->
                OLD_IN_OTHERS.forEach(
                        name -> before.get(name).ifPresent(value -> edit.put(name, value))));
        draft.put(ref.get(), ObjectKind.MEMBER.completed(edit, guild).toBytes());
    }

    public static boolean isOffline(JsonObject presence) {
        return presence.get("status")
                .filter(JsonSlice::isString)
                .map(JsonSlice::text)
                .filter("offline"::equals)
                .isPresent();
    }

    private static ObjectRef member(ScannedEvent event) {
        return ObjectRef.of(ObjectKind.MEMBER, event.guild(), ObjectKind.MEMBER.id(event.data()));
    }

    /** Discord tells the number once, in GUILD_CREATE; from there on it is counted. */
    private static void count(ScannedEvent event, StateOverlay draft, int difference) {
        ObjectRef guild = ObjectRef.guild(event.guild());
        Optional<JsonObject> known = draft.fields(guild);
        Optional<JsonSlice> count = known.flatMap(fields -> fields.get(COUNT));
        if (count.isPresent()) {
            long now = Math.max(0, count.get().integer() + difference);
            draft.put(
                    guild,
                    JsonObjectEditor.of(known.get())
                            .put(COUNT, JsonObjectEditor.number(now))
                            .toBytes());
        }
    }
}
