package loom.dispatch.app.logchannel;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Collects the entries of a log channel's next message. Up to ten entries are one embed each, with
 * the texts of twilight-dispatch. More entries are one embed for each kind. Used by one thread at a
 * time.
 *
 * <p>Bound: it keeps ten entries, one bit for each shard and {@link #MOST_GUILDS} guilds for each
 * kind. Discord accepts ten embeds and 6,000 characters in a message. Ten single embeds have at
 * most 10 · (20 + 130) characters, six collected ones 6 · (60 + {@link #MOST_CHARACTERS}).
 */
final class LogChannelDigest {
    private static final int MOST_SINGLE = 10;
    private static final int MOST_GUILDS = 20;
    private static final int MOST_CHARACTERS = 900;

    private final List<LogChannelEntry> first = new ArrayList<>();
    private final Map<LogChannelEntryKind, Gathered> gathered =
            new EnumMap<>(LogChannelEntryKind.class);
    private int entries;

    private static final class Gathered {
        private final BitSet shards = new BitSet();
        private final List<String> guilds = new ArrayList<>();
        private int entries;
        private Instant latest = Instant.EPOCH;

        private void add(LogChannelEntry entry) {
            entries++;
            latest = entry.at();
            if (entry.kind().ofShard()) {
                shards.set(Integer.parseInt(entry.subject()));
            } else if (guilds.size() < MOST_GUILDS) {
                guilds.add(entry.subject());
            }
        }
    }

    void add(LogChannelEntry entry) {
        entries++;
        if (first.size() < MOST_SINGLE) {
            first.add(entry);
        }
        gathered.computeIfAbsent(entry.kind(), _ -> new Gathered()).add(entry);
    }

    boolean isEmpty() {
        return entries == 0;
    }

    /**
     * Returns the message as JSON for Discord.
     *
     * @param nonce identifies the message if it is sent again
     */
    String message(String nonce) {
        List<Map<String, Object>> embeds = new ArrayList<>();
        if (entries <= MOST_SINGLE) {
            first.forEach(entry -> embeds.add(single(entry)));
        } else {
            gathered.forEach((kind, many) -> embeds.add(gathered(kind, many)));
        }
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("embeds", embeds);
        message.put("allowed_mentions", Map.of("parse", List.of()));
        message.put("nonce", nonce);
        message.put("enforce_nonce", true);
        try {
            return JSON.std.asString(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> single(LogChannelEntry entry) {
        LogChannelEntryKind kind = entry.kind();
        return kind.ofShard()
                ? embed(kind, "[Shard " + entry.subject() + "] " + kind.word(), "", entry.at())
                : embed(kind, kind.word(), entry.subject(), entry.at());
    }

    private static Map<String, Object> gathered(LogChannelEntryKind kind, Gathered many) {
        if (!kind.ofShard()) {
            int left = many.entries - many.guilds.size();
            String more = left == 0 ? "" : "\nand " + left + " more";
            return embed(
                    kind,
                    many.entries + " × " + kind.word(),
                    cut(String.join("\n", many.guilds), MOST_CHARACTERS - more.length()) + more,
                    many.latest);
        }
        int shards = many.shards.cardinality();
        String times = many.entries == shards ? "" : many.entries + " times: ";
        return embed(
                kind,
                "[" + shards + (shards == 1 ? " Shard] " : " Shards] ") + kind.word(),
                cut(times + ranges(many.shards), MOST_CHARACTERS),
                many.latest);
    }

    /** Formats shard numbers, for example {@code 0-511, 513}. */
    private static String ranges(BitSet shards) {
        var ranges = new StringJoiner(", ");
        int from = shards.nextSetBit(0);
        while (from >= 0 && ranges.length() < MOST_CHARACTERS) {
            int to = shards.nextClearBit(from) - 1;
            ranges.add(from == to ? "" + from : from + "-" + to);
            from = shards.nextSetBit(to + 1);
        }
        return from < 0 ? ranges.toString() : ranges + ", …";
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }

    private static Map<String, Object> embed(
            LogChannelEntryKind kind, String title, String description, Instant at) {
        Map<String, Object> embed = new LinkedHashMap<>();
        embed.put("title", title);
        if (!description.isEmpty()) {
            embed.put("description", description);
        }
        embed.put("color", kind.colour());
        embed.put("timestamp", at.truncatedTo(ChronoUnit.SECONDS).toString());
        return embed;
    }
}
