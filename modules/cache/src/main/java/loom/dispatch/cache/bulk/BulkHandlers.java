package loom.dispatch.cache.bulk;

import static java.util.Map.entry;

import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.rules.EventRules;
import loom.dispatch.cache.rules.ScannedEvent;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonValue;

import java.util.Map;
import java.util.Optional;

/**
 * Event types whose effects reach objects that the payload does not name, for example GUILD_DELETE,
 * which removes all channels and members of the guild. Such an event is applied alone, between two
 * batches.
 */
public final class BulkHandlers {
    private static final BulkHandler THREAD_END = new ChannelHandlers.ThreadEnd();

    private final boolean enabled;
    private final Map<String, BulkHandler> always;
    private final Map<String, BulkHandler> whenEnabled =
            Map.ofEntries(
                    entry("CHANNEL_DELETE", new ChannelHandlers.ChannelDelete()),
                    entry("GUILD_ROLE_DELETE", new RoleDeleteHandler()),
                    entry("THREAD_DELETE", THREAD_END),
                    entry("THREAD_LIST_SYNC", new ChannelHandlers.ThreadListSync()),
                    entry(
                            "GUILD_EMOJIS_UPDATE",
                            new SetReplacementHandler(ObjectKind.EMOJI, "emojis")),
                    entry(
                            "GUILD_STICKERS_UPDATE",
                            new SetReplacementHandler(ObjectKind.STICKER, "stickers")),
                    entry(
                            "SOUNDBOARD_SOUNDS",
                            new SetReplacementHandler(ObjectKind.SOUND, "soundboard_sounds")));

    public BulkHandlers(boolean enabled, int shardsTotal) {
        this.enabled = enabled;
        this.always =
                Map.of(
                        "READY", new ReadyHandler(enabled, shardsTotal),
                        "GUILD_CREATE", new GuildCreateHandler(enabled),
                        "GUILD_DELETE", new GuildDeleteHandler(enabled));
    }

    /**
     * Whether an event of this type may need a bulk handler. {@link #of} decides for the single
     * event.
     */
    public boolean mayBe(String type) {
        return always.containsKey(type)
                || enabled
                        && (whenEnabled.containsKey(type)
                                || type.equals("THREAD_UPDATE")
                                || type.equals("THREAD_MEMBERS_UPDATE"));
    }

    /** Returns the handler of an event; empty if {@link EventRules} apply to it. */
    public Optional<BulkHandler> of(ScannedEvent event, String botId) {
        BulkHandler first = always.get(event.type());
        if (first != null) {
            return Optional.of(first);
        }
        if (!enabled) {
            return Optional.empty();
        }
        return switch (event.type()) {
            case "THREAD_UPDATE" -> when(isArchived(event));
            case "THREAD_MEMBERS_UPDATE" -> when(isWithoutBot(event, botId));
            default -> Optional.ofNullable(whenEnabled.get(event.type()));
        };
    }

    private static Optional<BulkHandler> when(boolean ended) {
        return ended ? Optional.of(THREAD_END) : Optional.empty();
    }

    private static boolean isArchived(ScannedEvent event) {
        return event.data()
                .get("thread_metadata")
                .map(JsonObject::of)
                .flatMap(metadata -> metadata.get("archived"))
                .filter(JsonValue::isTrue)
                .isPresent();
    }

    /**
     * Whether the bot was removed from a private thread. Discord then sends no more events about
     * it; of a public thread it still does.
     */
    private static boolean isWithoutBot(ScannedEvent event, String botId) {
        return !botId.isEmpty()
                && event.data().array("removed_member_ids").stream()
                        .anyMatch(id -> id.text().equals(botId))
                && event.data().get("type").map(JsonValue::integer).orElse(12L) == 12L;
    }
}
