package loom.dispatch.cache;

import static loom.dispatch.cache.stores.AuditSuspect.What.ENTRY_WITHOUT_OBJECT;
import static loom.dispatch.cache.stores.AuditSuspect.What.OBJECT_WITHOUT_ENTRY;

import loom.dispatch.cache.json.JsonFormatException;
import loom.dispatch.cache.json.JsonObject;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.cache.stores.AuditCounter;
import loom.dispatch.cache.stores.AuditSuspect;

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
 * Walks the state's indexes and then its objects, and counts where they disagree. Reads only, in
 * pieces, one at a time, so that a running service hardly notices. Keys of others are seen by name
 * and passed over. Used by one thread.
 *
 * <p>The service may write meanwhile, and an object that Redis has dropped stays in its sets for a
 * second or two: so what seems wrong counts only if it still is after {@link #SECOND_LOOK}.
 */
public final class StateAudit {
    /** Longer than an expired object may stay in its sets on a service that keeps up. */
    static final Duration SECOND_LOOK = Duration.ofSeconds(4);

    /** Elements asked for at a time: some 50 microseconds of Redis. */
    private static final int PIECE = 500;

    /** Small sets are walked so many at a time, each of them at most a piece: 25,000 keys. */
    private static final int SETS = 50;

    /** Suspects held before they are looked at again: some 2 MB. */
    private static final int SUSPECTS = 10_000;

    private static final String START = "0";

    private final RedisClient redis;
    private final LongConsumer progress;
    private final Duration secondLook;
    private final AuditCounter counts = new AuditCounter();
    private final List<AuditSuspect> suspects = new ArrayList<>();

    StateAudit(RedisClient redis, LongConsumer progress, Duration secondLook) {
        this.redis = redis;
        this.progress = progress;
        this.secondLook = secondLook;
    }

    /**
     * Audits the whole state. Blocks for as long as it takes.
     *
     * @param redis the connections
     * @param progress hears after each piece how many entries and objects have been looked at
     * @return what was found
     * @throws RedisUnavailableException when Redis stops answering; nothing was changed
     * @throws InterruptedException when the thread is interrupted
     */
    public static AuditReport run(RedisClient redis, LongConsumer progress)
            throws InterruptedException {
        return new StateAudit(redis, progress, SECOND_LOOK).run();
    }

    /**
     * A set and how far it has been walked.
     *
     * @param cursor of SSCAN, {@link #START} at the beginning
     */
    private record Page(String set, String cursor) {}

    AuditReport run() throws InterruptedException {
        walkSets();
        for (RedisConnection node : redis.nodes()) {
            try (node) {
                walkObjects(node);
            }
        }
        lookAgain();
        return counts.report();
    }

    /**
     * Every set there is: the sets of all objects of a kind, and as their pages name guilds,
     * channels and threads, the sets of those. The newest page goes first, so what waits is at most
     * what one page of each kind names: some 7,000 sets.
     */
    private void walkSets() throws InterruptedException {
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
                                            RedisCommands.scanSet(page.set(), page.cursor(), PIECE))
                                    .toList());
            List<AuditSuspect> entries = new ArrayList<>();
            for (int i = 0; i < pages.size(); i++) {
                turn(pages.get(i), replies.get(i), waiting, entries);
            }
            suspectEntries(entries);
        }
    }

    /** One page's entries, and what it says is to be walked next. */
    private void turn(Page page, Object reply, Deque<Page> waiting, List<AuditSuspect> entries) {
        if (!(reply instanceof List<?> answer)) {
            // somebody else's key of another type: for us there is no such set
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

    /** The sets of what belongs to an object. */
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

    /** Those of the entries whose object is not there. */
    private void suspectEntries(List<AuditSuspect> entries) throws InterruptedException {
        List<Object> there =
                redis.exchange(
                        entries.stream().map(entry -> RedisCommands.exists(entry.key())).toList());
        for (int i = 0; i < entries.size(); i++) {
            if (!isOne(there.get(i))) {
                suspects.add(entries.get(i));
            }
        }
        pieceDone();
    }

    /** Every object that one server holds. */
    private void walkObjects(RedisConnection node) throws InterruptedException {
        String cursor = START;
        do {
            List<?> page =
                    (List<?>) node.exchange(List.of(RedisCommands.scan(cursor, PIECE))).getFirst();
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

    /** Those of the objects that a set lacks. */
    private void suspectObjects(List<ObjectRef> objects) throws InterruptedException {
        List<AuditSuspect> places = new ArrayList<>();
        for (ObjectRef object : withGuilds(objects)) {
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
        pieceDone();
    }

    /** The keys of channels and threads do not name their guild; their values do. */
    private List<ObjectRef> withGuilds(List<ObjectRef> objects) {
        List<ObjectRef> nameless =
                objects.stream()
                        .filter(one ->
                                one.kind() == ObjectKind.CHANNEL || one.kind() == ObjectKind.THREAD)
                        .toList();
        List<Object> values =
                redis.exchange(nameless.stream().map(one -> RedisCommands.get(one.key())).toList());
        List<ObjectRef> refs = new ArrayList<>(objects);
        refs.removeAll(nameless);
        for (int i = 0; i < nameless.size(); i++) {
            ObjectRef one = nameless.get(i);
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
        } catch (JsonFormatException foreign) {
            // somebody else's value: what it belongs to is not ours to say
            return "";
        }
    }

    private void pieceDone() throws InterruptedException {
        if (suspects.size() >= SUSPECTS) {
            lookAgain();
        }
        progress.accept(counts.examined());
    }

    /** What still disagrees after a while is no writing that we came across. */
    private void lookAgain() throws InterruptedException {
        if (suspects.isEmpty()) {
            return;
        }
        Thread.sleep(secondLook);
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
