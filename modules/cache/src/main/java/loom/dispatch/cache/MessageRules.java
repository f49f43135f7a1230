package loom.dispatch.cache;

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
    record Create() implements Rule {
        private static final Upsert MESSAGE = Upsert.create(Kind.MESSAGE);

        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            List<Ref> kept = new ArrayList<>(2);
            for (Ref channel : channels(event)) {
                if (scope.keeps(channel)) {
                    kept.add(channel);
                }
            }
            return kept;
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            Optional<byte[]> none = MESSAGE.apply(event, draft);
            if (event.guild().isEmpty()) {
                keepDirectChannel(event, draft);
            } else {
                Slice id = event.data().require("id");
                channels(event).forEach(channel -> draft.lastMessage(channel, id));
            }
            return none;
        }

        /** Where the message was written; an older Discord does not say whether it is a thread. */
        private static List<Ref> channels(Event event) {
            String id = event.requireText("channel_id");
            long type = event.data().get("channel_type").map(Slice::integer).orElse(-1L);
            if (event.guild().isEmpty()) {
                // without guild come also messages that only the bot sees in a guild's channel
                return type == 1 ? List.of(Ref.of(Kind.DIRECT_CHANNEL, "", id)) : List.of();
            }
            if (type < 0) {
                return Patch.channelOrThread(event.guild(), id);
            }
            boolean thread = type >= 10 && type <= 12;
            return List.of(Ref.of(thread ? Kind.THREAD : Kind.CHANNEL, event.guild(), id));
        }

        /** Discord announces no channel of direct messages; the first message of a user does. */
        private static void keepDirectChannel(Event event, Draft draft) {
            for (Ref ref : channels(event)) {
                Slice author = event.data().require("author");
                boolean own = Fields.of(author).require("id").text().equals(draft.scope().botId());
                Optional<Fields> known = draft.fields(ref);
                if (own && known.isEmpty()) {
                    return;
                }
                ObjectEdit edit = known.map(ObjectEdit::of).orElseGet(() -> created(ref));
                if (!own) {
                    edit.put("recipients", ObjectEdit.array(List.of(author.toBytes())));
                }
                draft.put(ref, edit.put(LAST, event.data().require("id")).toBytes());
            }
        }

        private static ObjectEdit created(Ref ref) {
            return ObjectEdit.empty()
                    .put("id", JsonText.quotedBytes(ref.id()))
                    .put("type", "1".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Removes messages that were deleted together: MESSAGE_DELETE_BULK. */
    record BulkRemove() implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return scope.config().old() ? refs(event) : NONE;
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            List<byte[]> before = new ArrayList<>();
            for (Ref ref : refs(event)) {
                draft.get(ref).ifPresent(before::add);
                draft.remove(ref);
            }
            return Rule.arrayOf(before);
        }

        private static List<Ref> refs(Event event) {
            String channel = event.requireText("channel_id");
            return event.data().array("ids").stream()
                    .map(id -> Ref.message(event.guild(), channel, id.text()))
                    .toList();
        }
    }
}
