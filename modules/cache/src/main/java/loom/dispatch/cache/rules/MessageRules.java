package loom.dispatch.cache.rules;

import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonStrings;
import loom.dispatch.runtime.JsonValue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Rules for messages, and for what messages reveal about their channels. */
final class MessageRules {
    private static final String LAST = "last_message_id";

    private MessageRules() {}

    /**
     * MESSAGE_CREATE: stores the message, and sets {@code last_message_id} of its channel, which
     * Discord does not update by an event.
     */
    record Create() implements EventRule {
        private static final UpsertRule MESSAGE = UpsertRule.create(ObjectKind.MESSAGE);

        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            List<ObjectRef> kept = new ArrayList<>(2);
            for (ObjectRef channel : channels(event)) {
                if (context.keeps(channel)) {
                    kept.add(channel);
                }
            }
            return kept;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            Optional<byte[]> none = MESSAGE.apply(event, overlay);
            if (event.guild().isEmpty()) {
                keepDirectChannel(event, overlay);
            } else {
                JsonValue id = event.data().require("id");
                channels(event).forEach(channel -> overlay.lastMessage(channel, id));
            }
            return none;
        }

        /**
         * Returns the channel of the message. Without {@code channel_type} it may be a channel or a
         * thread.
         */
        private static List<ObjectRef> channels(ScannedEvent event) {
            String id = event.requireText("channel_id");
            long type = event.data().get("channel_type").map(JsonValue::integer).orElse(-1L);
            if (event.guild().isEmpty()) {
                // ephemeral messages in a guild's channel have no guild id either
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

        /**
         * Stores the channel of a direct message. Discord sends no event for it, so the first
         * message of a user creates it.
         */
        private static void keepDirectChannel(ScannedEvent event, StateOverlay overlay) {
            for (ObjectRef ref : channels(event)) {
                JsonValue author = event.data().require("author");
                boolean own =
                        JsonObject.of(author)
                                .require("id")
                                .text()
                                .equals(overlay.context().botId());
                Optional<JsonObject> known = overlay.fields(ref);
                if (own && known.isEmpty()) {
                    return;
                }
                JsonObjectEditor edit =
                        known.map(JsonObjectEditor::of).orElseGet(() -> created(ref));
                if (!own) {
                    edit.put("recipients", JsonObjectEditor.array(List.of(author.toBytes())));
                }
                overlay.put(ref, edit.put(LAST, event.data().require("id")).toBytes());
            }
        }

        private static JsonObjectEditor created(ObjectRef ref) {
            return JsonObjectEditor.empty()
                    .put("id", JsonStrings.quoteToBytes(ref.id()))
                    .put("type", "1".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** MESSAGE_DELETE_BULK: removes several messages. */
    record BulkRemove() implements EventRule {
        @Override
        public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
            return context.config().old() ? refs(event) : NONE;
        }

        @Override
        public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
            List<byte[]> before = new ArrayList<>();
            for (ObjectRef ref : refs(event)) {
                overlay.get(ref).ifPresent(before::add);
                overlay.remove(ref);
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
