package loom.dispatch.app.logchannel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;

import loom.dispatch.cache.GuildMembershipChange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tests that messages have the texts of twilight-dispatch and never exceed Discord's limits. */
final class LogChannelDigestTest {
    private static final Instant AT = Instant.parse("2026-11-25T10:20:30.987654321Z");
    private static final int MOST_EMBEDS = 10;
    private static final int MOST_CHARACTERS = 6_000;
    private static final int MOST_TITLE = 256;

    private final LogChannelDigest digest = new LogChannelDigest();

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> embeds() throws Exception {
        return (List<Map<String, Object>>) JSON.std.mapFrom(digest.message("1")).get("embeds");
    }

    private static LogChannelEntry guild(LogChannelEntryKind kind, Optional<String> name) {
        var change = new GuildMembershipChange(GuildMembershipChange.Kind.JOINED, "4711", name);
        return LogChannelEntry.ofGuild(kind, change, AT);
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECTED, [Shard 7] Connected, 65280",
        "READY, [Shard 7] Ready, 65280",
        "RESUMED, [Shard 7] Resumed, 2003199",
        "DISCONNECTED, [Shard 7] Disconnected, 16711680",
    })
    void shardEmbedEqualsThatOfTwilightDispatch(LogChannelEntryKind kind, String title, int colour)
            throws Exception {
        digest.add(LogChannelEntry.ofShard(kind, 7, AT));
        assertEquals(
                List.of(
                        Map.of(
                                "title",
                                title,
                                "color",
                                colour,
                                "timestamp",
                                "2026-11-25T10:20:30Z")),
                embeds());
    }

    @ParameterizedTest
    @CsvSource({
        "JOINED, Guild Join, 65280, A Guild, A Guild (4711)",
        "LEFT, Guild Leave, 16711680, A Guild, A Guild (4711)",
        "LEFT, Guild Leave, 16711680, , Unknown (0)",
    })
    void guildEmbedEqualsThatOfTwilightDispatch(
            LogChannelEntryKind kind, String title, int colour, String name, String description)
            throws Exception {
        digest.add(guild(kind, Optional.ofNullable(name)));
        Map<String, Object> embed = embeds().getFirst();
        assertEquals(title, embed.get("title"));
        assertEquals(colour, embed.get("color"));
        assertEquals(description, embed.get("description"));
    }

    @Test
    void guildNameMentionsNobody() throws Exception {
        digest.add(guild(LogChannelEntryKind.JOINED, Optional.of("@everyone \"\n")));
        Map<?, ?> message = JSON.std.mapFrom(digest.message("1"));
        assertEquals(Map.of("parse", List.of()), message.get("allowed_mentions"));
        assertEquals("@everyone \"\n (4711)", embeds().getFirst().get("description"));
    }

    @Test
    void tenEntriesAreTenEmbedsInOrder() throws Exception {
        for (int shard = 9; shard >= 0; shard--) {
            digest.add(LogChannelEntry.ofShard(LogChannelEntryKind.READY, shard, AT));
        }
        assertEquals(MOST_EMBEDS, embeds().size());
        assertEquals("[Shard 9] Ready", embeds().getFirst().get("title"));
    }

    @Test
    void moreThanTenEntriesAreOneEmbedForEachKind() throws Exception {
        for (int shard = 0; shard < 1_000; shard++) {
            digest.add(LogChannelEntry.ofShard(LogChannelEntryKind.DISCONNECTED, shard, AT));
            if (shard != 512) {
                digest.add(LogChannelEntry.ofShard(LogChannelEntryKind.RESUMED, shard, AT));
            }
        }
        digest.add(LogChannelEntry.ofShard(LogChannelEntryKind.READY, 512, AT));
        assertEquals(
                List.of("[1 Shard] Ready", "[999 Shards] Resumed", "[1000 Shards] Disconnected"),
                embeds().stream().map(embed -> embed.get("title")).toList());
        assertEquals(
                List.of("512", "0-511, 513-999", "0-999"),
                embeds().stream().map(embed -> embed.get("description")).toList());
    }

    @Test
    void repeatedEntriesOfShardAreCounted() throws Exception {
        for (int i = 0; i < 30; i++) {
            digest.add(LogChannelEntry.ofShard(LogChannelEntryKind.DISCONNECTED, 3, AT));
        }
        assertEquals("[1 Shard] Disconnected", embeds().getFirst().get("title"));
        assertEquals("30 times: 3", embeds().getFirst().get("description"));
    }

    @Test
    void largestDigestFitsIntoMessage() throws Exception {
        for (LogChannelEntryKind kind : LogChannelEntryKind.values()) {
            for (int shard = 0; shard < 100_000 && kind.ofShard(); shard += 2) {
                digest.add(LogChannelEntry.ofShard(kind, shard, AT));
            }
            for (int i = 0; i < 10_000 && !kind.ofShard(); i++) {
                digest.add(guild(kind, Optional.of("n".repeat(100))));
            }
        }
        int characters = 0;
        for (Map<String, Object> embed : embeds()) {
            String title = (String) embed.get("title");
            assertTrue(title.length() <= MOST_TITLE, title);
            characters += title.length() + ((String) embed.get("description")).length();
        }
        assertTrue(embeds().size() <= MOST_EMBEDS, digest.message("1"));
        assertTrue(characters <= MOST_CHARACTERS, characters + " characters");
        assertTrue(digest.message("1").contains("and 9980 more"), digest.message("1"));
    }

    @Test
    void tenLongestSingleEmbedsFitIntoMessage() throws Exception {
        for (int i = 0; i < MOST_EMBEDS; i++) {
            digest.add(guild(LogChannelEntryKind.LEFT, Optional.of("n".repeat(100))));
        }
        assertTrue(digest.message("1").length() <= MOST_CHARACTERS, digest.message("1"));
        assertFalse(digest.isEmpty());
    }
}
