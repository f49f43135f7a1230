package loom.dispatch.cache.rules;

import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonValue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Rules for threads, their members, and the fields that CHANNEL_INFO sends. */
final class ThreadRules {
    private ThreadRules() {}

    /**
     * THREAD_CREATE: stores the thread. A new post becomes {@code last_message_id} of its forum.
     */
    record Create() implements EventRule {
        private static final UpsertRule THREAD =
                UpsertRule.create(ObjectKind.THREAD).keeping("member");

        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            List<ObjectRef> refs = new ArrayList<>(THREAD.reads(event, context));
            forum(event).ifPresent(refs::add);
            return refs;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            Optional<ObjectRef> forum = forum(event);
            if (forum.flatMap(overlay::fields).filter(Create::isForum).isPresent()) {
                overlay.lastMessage(forum.get(), event.data().require("id"));
            }
            return THREAD.apply(event, overlay);
        }

        /** Returns the parent channel of a newly created thread. */
        private static Optional<ObjectRef> forum(ScannedEvent event) {
            return event.data()
                    .get("newly_created")
                    .filter(JsonValue::isTrue)
                    .flatMap(_ -> event.data().text("parent_id"))
                    .map(parent -> ObjectRef.of(ObjectKind.CHANNEL, event.guild(), parent));
        }

        /** Whether the channel is a forum (15) or a media channel (16). */
        private static boolean isForum(JsonObject channel) {
            long type = channel.get("type").map(JsonValue::integer).orElse(0L);
            return type == 15 || type == 16;
        }
    }

    /** THREAD_MEMBER_UPDATE: stores the bot's own membership inside the thread. */
    record OwnMember() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return List.of(thread(event));
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            ObjectRef ref = thread(event);
            Optional<JsonObject> known = overlay.fields(ref);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            Optional<byte[]> old = overlay.get(ref);
            overlay.put(
                    ref,
                    JsonObjectEditor.of(known.get()).put("member", event.raw().data()).toBytes());
            return old;
        }
    }

    /**
     * THREAD_MEMBERS_UPDATE: adds and removes thread members, and sets the thread's member count.
     */
    record Members() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            List<ObjectRef> refs = new ArrayList<>(List.of(thread(event)));
            for (JsonValue added : event.data().array("added_members")) {
                MemberRules.embeddedMember(event.guild(), JsonObject.of(added))
                        .filter(context::keeps)
                        .ifPresent(refs::add);
            }
            return refs;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            ObjectRef ref = thread(event);
            Optional<JsonObject> known = overlay.fields(ref);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            Optional<byte[]> old = overlay.get(ref);
            JsonObjectEditor edit = JsonObjectEditor.of(known.get());
            event.data().get("member_count").ifPresent(count -> edit.put("member_count", count));
            overlay.put(ref, edit.toBytes());
            for (JsonValue added : event.data().array("added_members")) {
                overlay.unreadable()
                        .skipUnreadable(
                                ObjectKind.THREAD_MEMBER.prefix(),
                                () -> add(event, added, overlay));
            }
            for (JsonValue removed : event.data().array("removed_member_ids")) {
                overlay.remove(ObjectRef.threadMember(event.guild(), ref.id(), removed.text()));
            }
            return old;
        }

        private static void add(ScannedEvent event, JsonValue added, StateOverlay overlay) {
            JsonObject object = JsonObject.of(added);
            String user = ObjectKind.THREAD_MEMBER.id(object);
            ObjectRef ref = ObjectRef.threadMember(event.guild(), event.requireText("id"), user);
            overlay.put(ref, ObjectKind.THREAD_MEMBER.value(object, event.guild()));
            MemberRules.putEmbeddedMember(event.guild(), object, overlay);
        }
    }

    /** CHANNEL_INFO: sets temporary fields of several channels. */
    record ChannelInfo() implements EventRule {
        private static final List<String> FIELDS = List.of("status", "voice_start_time");

        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            List<ObjectRef> refs = new ArrayList<>();
            for (JsonValue channel : event.data().array("channels")) {
                refs.add(ref(event, JsonObject.of(channel)));
            }
            return refs;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            List<byte[]> before = new ArrayList<>();
            for (JsonValue channel : event.data().array("channels")) {
                JsonObject fields = JsonObject.of(channel);
                ObjectRef ref = ref(event, fields);
                Optional<JsonObject> known = overlay.fields(ref);
                if (known.isPresent()) {
                    overlay.get(ref).ifPresent(before::add);
                    JsonObjectEditor edit = JsonObjectEditor.of(known.get());
                    FIELDS.forEach(
                            name -> fields.get(name).ifPresent(value -> edit.put(name, value)));
                    overlay.put(ref, edit.toBytes());
                }
            }
            return EventRule.arrayOf(before);
        }

        private static ObjectRef ref(ScannedEvent event, JsonObject channel) {
            return ObjectRef.of(ObjectKind.CHANNEL, event.guild(), channel.require("id").text());
        }
    }

    private static ObjectRef thread(ScannedEvent event) {
        return ObjectRef.of(ObjectKind.THREAD, event.guild(), event.requireText("id"));
    }
}
