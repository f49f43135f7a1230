package loom.dispatch.cache;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;

/**
 * The table of events that concern things they do not name. Such an event is applied on its own,
 * between the batches before and after it.
 */
final class Sweepings {
    private static final Sweeping THREAD_GONE = new ChannelSweepings.ThreadGone();

    private final boolean enabled;
    private final Map<String, Sweeping> always;
    private final Map<String, Sweeping> whenEnabled =
            Map.ofEntries(
                    entry("CHANNEL_DELETE", new ChannelSweepings.ChannelGone()),
                    entry("GUILD_ROLE_DELETE", new RoleGone()),
                    entry("THREAD_DELETE", THREAD_GONE),
                    entry("THREAD_LIST_SYNC", new ChannelSweepings.ThreadList()),
                    entry("GUILD_EMOJIS_UPDATE", new SetReplacement(Kind.EMOJI, "emojis")),
                    entry("GUILD_STICKERS_UPDATE", new SetReplacement(Kind.STICKER, "stickers")),
                    entry(
                            "SOUNDBOARD_SOUNDS",
                            new SetReplacement(Kind.SOUND, "soundboard_sounds")));

    Sweepings(boolean enabled, int shardsTotal) {
        this.enabled = enabled;
        this.always =
                Map.of(
                        "READY", new Arrival(enabled, shardsTotal),
                        "GUILD_CREATE", new GuildArrival(enabled),
                        "GUILD_DELETE", new GuildDeparture(enabled));
    }

    /** Whether a type may be here; which one it is then depends on the event. */
    boolean mayBe(String type) {
        return always.containsKey(type)
                || enabled
                        && (whenEnabled.containsKey(type)
                                || type.equals("THREAD_UPDATE")
                                || type.equals("THREAD_MEMBERS_UPDATE"));
    }

    /** What an event sweeps; empty when it is a matter for {@link Rules}. */
    Optional<Sweeping> of(Event event, String botId) {
        Sweeping first = always.get(event.type());
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

    private static Optional<Sweeping> when(boolean ended) {
        return ended ? Optional.of(THREAD_GONE) : Optional.empty();
    }

    private static boolean isArchived(Event event) {
        return event.data()
                .get("thread_metadata")
                .map(Fields::of)
                .flatMap(metadata -> metadata.get("archived"))
                .filter(Slice::isTrue)
                .isPresent();
    }

    /**
     * A private thread that the bot is removed from sends it nothing any more; a public one does.
     */
    private static boolean isWithoutBot(Event event, String botId) {
        return !botId.isEmpty()
                && event.data().array("removed_member_ids").stream()
                        .anyMatch(id -> id.text().equals(botId))
                && event.data().get("type").map(Slice::integer).orElse(12L) == 12L;
    }
}
