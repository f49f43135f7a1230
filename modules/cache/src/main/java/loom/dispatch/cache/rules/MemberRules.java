package loom.dispatch.cache.rules;

import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;
import loom.dispatch.runtime.JsonValue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Rules for events about members, their presences and their voice states. */
public final class MemberRules {
    private static final String COUNT = "member_count";
    private static final List<String> OUTDATED_WHEN_EMBEDDED = List.of("deaf", "mute");

    private MemberRules() {}

    /** GUILD_MEMBER_ADD: adds the member, and increments the guild's member count. */
    record Add() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return context.keeps(member(event))
                    ? List.of(ObjectRef.guild(event.guild()), member(event))
                    : List.of(ObjectRef.guild(event.guild()));
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            // Discord also sends the event for existing members
            if (overlay.get(member(event)).isEmpty()) {
                count(event, overlay, 1);
            }
            return UpsertRule.create(ObjectKind.MEMBER).apply(event, overlay);
        }
    }

    /**
     * GUILD_MEMBER_REMOVE: removes the member with presence, voice state and thread memberships,
     * and decrements the guild's member count.
     */
    record Remove() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return context.config().old()
                    ? List.of(ObjectRef.guild(event.guild()), member(event))
                    : List.of(ObjectRef.guild(event.guild()));
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            ObjectRef member = member(event);
            if (member.id().equals(overlay.context().botId())) {
                // GUILD_DELETE follows and removes the guild
                return Optional.empty();
            }
            count(event, overlay, -1);
            Optional<byte[]> old = overlay.get(member);
            overlay.remove(member);
            overlay.remove(ObjectRef.of(ObjectKind.PRESENCE, member.guild(), member.id()));
            overlay.remove(ObjectRef.of(ObjectKind.VOICE, member.guild(), member.id()));
            overlay.threadsOf(member.guild())
                    .forEach(thread ->
                            overlay.remove(
                                    ObjectRef.threadMember(member.guild(), thread, member.id())));
            return old;
        }
    }

    /**
     * GUILD_MEMBERS_CHUNK: stores up to 1,000 members, and their presences if they were requested.
     */
    record Chunk() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return NONE;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            putAll(ObjectKind.MEMBER, event.data().array("members"), event, overlay);
            putAll(ObjectKind.PRESENCE, event.data().array("presences"), event, overlay);
            return Optional.empty();
        }

        private static void putAll(
                ObjectKind kind,
                List<JsonValue> objects,
                ScannedEvent event,
                StateOverlay overlay) {
            for (JsonValue one : objects) {
                overlay.unreadable()
                        .skipUnreadable(
                                kind.prefix(),
                                () -> {
                                    JsonObject object = JsonObject.of(one);
                                    ObjectRef ref =
                                            ObjectRef.of(kind, event.guild(), kind.id(object));
                                    if (kind == ObjectKind.PRESENCE && isOffline(object)) {
                                        overlay.remove(ref);
                                    } else {
                                        overlay.put(ref, kind.value(object, event.guild()));
                                    }
                                });
            }
        }
    }

    /**
     * PRESENCE_UPDATE: stores the presence, or removes it when the user goes offline. It creates no
     * member, because Discord does not validate the fields of this event.
     */
    record Presence() implements EventRule {
        private static final UpsertRule SET = UpsertRule.replace(ObjectKind.PRESENCE);

        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return SET.reads(event, context);
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            if (!isOffline(event.data())) {
                return SET.apply(event, overlay);
            }
            ObjectRef ref =
                    ObjectRef.of(
                            ObjectKind.PRESENCE,
                            event.guild(),
                            ObjectKind.PRESENCE.id(event.data()));
            Optional<byte[]> old = overlay.get(ref);
            overlay.remove(ref);
            return old;
        }
    }

    /**
     * VOICE_STATE_UPDATE: stores the voice state, or removes it when the user leaves voice. It also
     * stores the member in the event. For a bot without the privileged intents, members come from
     * here.
     */
    record Voice() implements EventRule {
        private static final UpsertRule SET = UpsertRule.replace(ObjectKind.VOICE);
        private static final RemoveRule REMOVE = new RemoveRule(ObjectKind.VOICE, "user_id");

        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            if (event.guild().isEmpty()) {
                return NONE;
            }
            List<ObjectRef> refs = new ArrayList<>(SET.reads(event, context));
            embeddedMember(event.guild(), event.data()).filter(context::keeps).ifPresent(refs::add);
            return refs;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            if (event.guild().isEmpty()) {
                // a call between users: a bot receives none, and the key needs a guild
                return Optional.empty();
            }
            if (event.data().text("channel_id").isEmpty()) {
                return REMOVE.apply(event, overlay);
            }
            putEmbeddedMember(event.guild(), event.data(), overlay);
            return SET.apply(event, overlay);
        }
    }

    /** USER_UPDATE: replaces the bot's user. */
    record BotUser() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return NONE;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            Optional<byte[]> old = overlay.botUser();
            overlay.botUser(event.raw().data());
            return old;
        }
    }

    /**
     * Returns the member inside another object; empty for a guest, who has no {@code joined_at}.
     */
    static Optional<ObjectRef> embeddedMember(String guild, JsonObject holder) {
        try {
            return holder.get("member")
                    .filter(JsonValue::isObject)
                    .map(JsonObject::of)
                    .filter(member -> member.text("joined_at").isPresent())
                    .filter(member -> member.get("user").filter(JsonValue::isObject).isPresent())
                    .map(member ->
                            ObjectRef.of(ObjectKind.MEMBER, guild, ObjectKind.MEMBER.id(member)));
        } catch (JsonSyntaxException unreadable) {
            // the object around it is stored nevertheless
            return Optional.empty();
        }
    }

    /**
     * Stores the member inside another object. A known member keeps its {@code deaf} and {@code
     * mute}, because they are outdated in other objects.
     */
    static void putEmbeddedMember(String guild, JsonObject holder, StateOverlay overlay) {
        Optional<ObjectRef> ref = embeddedMember(guild, holder);
        if (ref.isEmpty()) {
            return;
        }
        JsonObject member = JsonObject.of(holder.require("member"));
        Optional<JsonObject> known = overlay.fields(ref.get());
        JsonObjectEditor edit = JsonObjectEditor.of(known.orElse(member)).merge(member);
        known.ifPresent(before ->
                OUTDATED_WHEN_EMBEDDED.forEach(
                        name -> before.get(name).ifPresent(value -> edit.put(name, value))));
        overlay.put(ref.get(), ObjectKind.MEMBER.completed(edit, guild).toBytes());
    }

    public static boolean isOffline(JsonObject presence) {
        return presence.get("status")
                .filter(JsonValue::isString)
                .map(JsonValue::text)
                .filter("offline"::equals)
                .isPresent();
    }

    private static ObjectRef member(ScannedEvent event) {
        return ObjectRef.of(ObjectKind.MEMBER, event.guild(), ObjectKind.MEMBER.id(event.data()));
    }

    /** Changes the member count. Discord sends it only in GUILD_CREATE. */
    private static void count(ScannedEvent event, StateOverlay overlay, int difference) {
        ObjectRef guild = ObjectRef.guild(event.guild());
        Optional<JsonObject> known = overlay.fields(guild);
        Optional<JsonValue> count = known.flatMap(fields -> fields.get(COUNT));
        if (count.isPresent()) {
            long now = Math.max(0, count.get().integer() + difference);
            overlay.put(
                    guild,
                    JsonObjectEditor.of(known.get())
                            .put(COUNT, JsonObjectEditor.number(now))
                            .toBytes());
        }
    }
}
