package loom.dispatch.cache.rules;

import loom.dispatch.cache.json.JsonObject;
import loom.dispatch.cache.json.JsonObjectEditor;
import loom.dispatch.cache.json.JsonSlice;
import loom.dispatch.cache.json.JsonStrings;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Messages that come and go, and what they tell of their channels. */
final class MessageRules {
    private static final String LAST = "last_message_id";

    private MessageRules() {}

    /**
     * MESSAGE_CREATE: the message, and the last one of its channel, of which Discord says nothing.
     */
    record Create() implements EventRule {
        private static final UpsertRule MESSAGE = UpsertRule.create(ObjectKind.MESSAGE);

        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext scope) {
            List<ObjectRef> kept = new ArrayList<>(2);
            for (ObjectRef channel : channels(event)) {
                if (scope.keeps(channel)) {
                    kept.add(channel);
                }
            }
            return kept;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay draft) {
            Optional<byte[]> none = MESSAGE.apply(event, draft);
            if (event.guild().isEmpty()) {
                keepDirectChannel(event, draft);
            } else {
                JsonSlice id = event.data().require("id");
                channels(event).forEach(channel -> draft.lastMessage(channel, id));
            }
            return none;
        }

        /** Where the message was written; an older Discord does not say whether it is a thread. */
        private static List<ObjectRef> channels(ScannedEvent event) {
            String id = event.requireText("channel_id");
            long type = event.data().get("channel_type").map(JsonSlice::integer).orElse(-1L);
            if (event.guild().isEmpty()) {
                // without guild come also messages that only the bot sees in a guild's channel
                return type == 1
                        ? List.of(ObjectRef.of(ObjectKind.DIRECT_CHANNEL, "", id))
                        : List.of();
            }
            if (type < 0) {
                return FieldPatchRule.channelOrThread(event.guild(), id);
            }
            boolean thread = type >= 10 && type <= 12;
            return List.of(
                    ObjectRef.of(
                            thread ? ObjectKind.THREAD : ObjectKind.CHANNEL, event.guild(), id));
        }

        /** Discord announces no channel of direct messages; the first message of a user does. */
        private static void keepDirectChannel(ScannedEvent event, StateOverlay draft) {
            for (ObjectRef ref : channels(event)) {
                JsonSlice author = event.data().require("author");
                boolean own =
                        JsonObject.of(author).require("id").text().equals(draft.scope().botId());
                Optional<JsonObject> known = draft.fields(ref);
                if (own && known.isEmpty()) {
                    return;
                }
                JsonObjectEditor edit =
                        known.map(JsonObjectEditor::of).orElseGet(() -> created(ref));
                if (!own) {
                    edit.put("recipients", JsonObjectEditor.array(List.of(author.toBytes())));
                }
                draft.put(ref, edit.put(LAST, event.data().require("id")).toBytes());
            }
        }

        private static JsonObjectEditor created(ObjectRef ref) {
            return JsonObjectEditor.empty()
                    .put("id", JsonStrings.quotedBytes(ref.id()))
                    .put("type", "1".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Removes messages that were deleted together: MESSAGE_DELETE_BULK. */
    record BulkRemove() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext scope) {
            return scope.config().old() ? refs(event) : NONE;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay draft) {
            List<byte[]> before = new ArrayList<>();
            for (ObjectRef ref : refs(event)) {
                draft.get(ref).ifPresent(before::add);
                draft.remove(ref);
            }
            return EventRule.arrayOf(before);
        }

        private static List<ObjectRef> refs(ScannedEvent event) {
            String channel = event.requireText("channel_id");
            return event.data().array("ids").stream()
                    .map(id -> ObjectRef.message(event.guild(), channel, id.text()))
                    .toList();
        }
    }
}
