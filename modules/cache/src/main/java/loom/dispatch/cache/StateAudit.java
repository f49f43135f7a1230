package loom.dispatch.cache;

import static loom.dispatch.cache.stores.AuditSuspect.What.ENTRY_WITHOUT_OBJECT;
import static loom.dispatch.cache.stores.AuditSuspect.What.OBJECT_WITHOUT_ENTRY;

import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.cache.stores.AuditCounter;
import loom.dispatch.cache.stores.AuditSuspect;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;

import redis.clients.jedis.CommandArguments;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Finds differences between the index sets and the objects in Redis. It only reads, in chunks and
 * one at a time, so that a running service hardly notices it. It ignores keys of other programs.
 * For use by one thread.
 *
 * <p>The service may write at the same time, and an expired object stays in its sets for a second
 * or two. So a difference counts only if it still exists after {@link #RECHECK_DELAY}.
 */
public final class StateAudit {
    /** Longer than an expired object stays in its sets while the service keeps up. */
    static final Duration RECHECK_DELAY = Duration.ofSeconds(4);

    /** Elements requested at a time, which occupies Redis for about 50 microseconds. */
    private static final int CHUNK = 500;

    /** Sets read in one pipeline, each with at most one chunk: 25,000 keys. */
    private static final int SETS = 50;

    /** Suspects collected before they are checked again: about 2 MB. */
    private static final int SUSPECTS = 10_000;

    private static final String START = "0";

    private final RedisClient redis;
    private final LongConsumer progress;
    private final Duration recheckDelay;
    private final AuditCounter counts = new AuditCounter();
    private final List<AuditSuspect> suspects = new ArrayList<>();

    StateAudit(RedisClient redis, LongConsumer progress, Duration recheckDelay) {
        this.redis = redis;
        this.progress = progress;
        this.recheckDelay = recheckDelay;
    }

    /**
     * Audits the whole state. Blocks until it is finished.
     *
     * @param redis the connections
     * @param progress receives the number of examined entries and objects after each chunk
     * @return the result
     * @throws RedisUnavailableException if Redis does not answer; nothing was changed
     * @throws InterruptedException if the thread is interrupted
     */
    public static AuditReport run(RedisClient redis, LongConsumer progress)
            throws InterruptedException {
        return new StateAudit(redis, progress, RECHECK_DELAY).run();
    }

    /**
     * A position in a set.
     *
     * @param cursor the cursor of SSCAN, {@link #START} at the beginning
     */
    private record Page(String set, String cursor) {}

    AuditReport run() throws InterruptedException {
        readSets();
        for (RedisConnection node : redis.nodes()) {
            try (node) {
                readObjects(node);
            }
        }
        recheckSuspects();
        return counts.report();
    }

    /**
     * Reads all sets: those with all objects of a kind, and those of the guilds, channels and
     * threads found there. It reads the newest position first. So at most the sets named by one
     * page of each kind wait: about 7,000.
     */
    private void readSets() throws InterruptedException {
        Deque<Page> waiting = new ArrayDeque<>();
        for (ObjectKind kind : ObjectKind.values()) {
            waiting.push(new Page(kind.set(), START));
        }
        while (!waiting.isEmpty()) {
            List<Page> pages = new ArrayList<>();
            while (pages.size() < SETS && !waiting.isEmpty()) {
                pages.add(waiting.pop());
            }
            List<Object> replies =
                    redis.exchange(
                            pages.stream()
                                    .map(page ->
                                            RedisCommands.scanSet(page.set(), page.cursor(), CHUNK))
                                    .toList());
            List<AuditSuspect> entries = new ArrayList<>();
            for (int i = 0; i < pages.size(); i++) {
                readPage(pages.get(i), replies.get(i), waiting, entries);
            }
            suspectEntries(entries);
        }
    }

    /** Collects the entries of one page, and the sets to read next. */
    private void readPage(
            Page page, Object reply, Deque<Page> waiting, List<AuditSuspect> entries) {
        if (!(reply instanceof List<?> answer)) {
            // another program uses this key with another type: treat the set as absent
            return;
        }
        String next = RedisReplies.text(answer.get(0));
        if (!next.equals(START)) {
            waiting.push(new Page(page.set(), next));
        }
        for (Object member : (List<?>) answer.get(1)) {
            String key = RedisReplies.text(member);
            Optional<ObjectRef> ref = ObjectRef.parse("", key);
            if (ref.isPresent()) {
                ObjectKind kind = ref.get().kind();
                counts.entry(kind);
                entries.add(new AuditSuspect(ENTRY_WITHOUT_OBJECT, kind, page.set(), key));
                if (page.set().equals(kind.set())) {
                    setsOf(ref.get()).forEach(set -> waiting.push(new Page(set, START)));
                }
            }
        }
    }

    /** Returns the sets of the objects that belong to an object. */
    private static Stream<String> setsOf(ObjectRef ref) {
        return switch (ref.kind()) {
            case GUILD ->
                    Stream.concat(
                            Stream.of(RedisKeys.ofGuild(ref.id())),
                            Stream.of(ObjectKind.values())
                                    .flatMap(kind -> kind.setOf(ref.id()).stream()));
            case CHANNEL, DIRECT_CHANNEL -> Stream.of(RedisKeys.messagesOf(ref.id()));
            case THREAD ->
                    Stream.of(RedisKeys.messagesOf(ref.id()), RedisKeys.threadMembersOf(ref.id()));
            case THREAD_MEMBER,
                    ROLE,
                    EMOJI,
                    STICKER,
                    SOUND,
                    EVENT,
                    STAGE,
                    MEMBER,
                    PRESENCE,
                    VOICE,
                    MESSAGE ->
                    Stream.empty();
        };
    }

    /** Adds the entries without an object to the suspects. */
    private void suspectEntries(List<AuditSuspect> entries) throws InterruptedException {
        List<Object> there =
                redis.exchange(
                        entries.stream().map(entry -> RedisCommands.exists(entry.key())).toList());
        for (int i = 0; i < entries.size(); i++) {
            if (!isOne(there.get(i))) {
                suspects.add(entries.get(i));
            }
        }
        chunkDone();
    }

    /** Reads all objects of one server. */
    private void readObjects(RedisConnection node) throws InterruptedException {
        String cursor = START;
        do {
            List<?> page =
                    (List<?>) node.exchange(List.of(RedisCommands.scan(cursor, CHUNK))).getFirst();
            cursor = RedisReplies.text(page.get(0));
            List<ObjectRef> objects =
                    ((List<?>) page.get(1))
                            .stream()
                                    .flatMap(key ->
                                            ObjectRef.parse("", RedisReplies.text(key)).stream())
                                    .toList();
            suspectObjects(objects);
        } while (!cursor.equals(START));
    }

    /** Adds the objects that a set lacks to the suspects. */
    private void suspectObjects(List<ObjectRef> objects) throws InterruptedException {
        List<AuditSuspect> places = new ArrayList<>();
        for (ObjectRef object : withGuildIds(objects)) {
            counts.object(object.kind());
            for (String set : object.sets()) {
                places.add(
                        new AuditSuspect(OBJECT_WITHOUT_ENTRY, object.kind(), set, object.key()));
            }
        }
        List<Object> listed =
                redis.exchange(
                        places.stream()
                                .map(place -> RedisCommands.isInSet(place.set(), place.key()))
                                .toList());
        for (int i = 0; i < places.size(); i++) {
            if (!isOne(listed.get(i))) {
                suspects.add(places.get(i));
            }
        }
        chunkDone();
    }

    /** Adds the guild ids of channels and threads, which only their values contain. */
    private List<ObjectRef> withGuildIds(List<ObjectRef> objects) {
        List<ObjectRef> withoutGuild =
                objects.stream()
                        .filter(one ->
                                one.kind() == ObjectKind.CHANNEL || one.kind() == ObjectKind.THREAD)
                        .toList();
        List<Object> values =
                redis.exchange(
                        withoutGuild.stream().map(one -> RedisCommands.get(one.key())).toList());
        List<ObjectRef> refs = new ArrayList<>(objects);
        refs.removeAll(withoutGuild);
        for (int i = 0; i < withoutGuild.size(); i++) {
            ObjectRef one = withoutGuild.get(i);
            refs.add(ObjectRef.of(one.kind(), guildIn(values.get(i)), one.id()));
        }
        return refs;
    }

    private static String guildIn(Object value) {
        try {
            return RedisReplies.bytes(value)
                    .map(JsonObject::of)
                    .flatMap(fields -> fields.text("guild_id"))
                    .orElse("");
        } catch (JsonSyntaxException foreign) {
            // another program wrote this value: its guild is unknown
            return "";
        }
    }

    private void chunkDone() throws InterruptedException {
        if (suspects.size() >= SUSPECTS) {
            recheckSuspects();
        }
        progress.accept(counts.examined());
    }

    /**
     * Checks the suspects again. Differences that remain were not caused by a write of the service.
     */
    private void recheckSuspects() throws InterruptedException {
        if (suspects.isEmpty()) {
            return;
        }
        Thread.sleep(recheckDelay);
        List<CommandArguments> questions = new ArrayList<>(2 * suspects.size());
        for (AuditSuspect suspect : suspects) {
            questions.add(RedisCommands.isInSet(suspect.set(), suspect.key()));
            questions.add(RedisCommands.exists(suspect.key()));
        }
        List<Object> answers = redis.exchange(questions);
        for (int i = 0; i < suspects.size(); i++) {
            boolean listed = isOne(answers.get(2 * i));
            boolean there = isOne(answers.get(2 * i + 1));
            if (suspects.get(i).holds(listed, there)) {
                counts.drift(suspects.get(i));
            }
        }
        suspects.clear();
    }

    private static boolean isOne(Object reply) {
        return Long.valueOf(1).equals(reply);
    }
}
