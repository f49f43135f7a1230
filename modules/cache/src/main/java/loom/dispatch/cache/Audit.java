package loom.dispatch.cache;

import static loom.dispatch.cache.AuditSuspect.What.ENTRY_WITHOUT_OBJECT;
import static loom.dispatch.cache.AuditSuspect.What.OBJECT_WITHOUT_ENTRY;

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
public final class Audit {
    /** Longer than an expired object may stay in its sets on a service that keeps up. */
    static final Duration SECOND_LOOK = Duration.ofSeconds(4);

    /** Elements asked for at a time: some 50 microseconds of Redis. */
    private static final int PIECE = 500;

    /** Small sets are walked so many at a time, each of them at most a piece: 25,000 keys. */
    private static final int SETS = 50;

    /** Suspects held before they are looked at again: some 2 MB. */
    private static final int SUSPECTS = 10_000;

    private static final String START = "0";

    private final Redis redis;
    private final LongConsumer progress;
    private final Duration secondLook;
    private final AuditCounts counts = new AuditCounts();
    private final List<AuditSuspect> suspects = new ArrayList<>();

    Audit(Redis redis, LongConsumer progress, Duration secondLook) {
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
     * @throws RedisUnavailable when Redis stops answering; nothing was changed
     * @throws InterruptedException when the thread is interrupted
     */
    public static AuditReport run(Redis redis, LongConsumer progress) throws InterruptedException {
        return new Audit(redis, progress, SECOND_LOOK).run();
    }

    /**
     * A set and how far it has been walked.
     *
     * @param cursor of SSCAN, {@link #START} at the beginning
     */
    private record Page(String set, String cursor) {}

    AuditReport run() throws InterruptedException {
        walkSets();
        for (Wire node : redis.nodes()) {
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
        for (Kind kind : Kind.values()) {
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
                                    .map(page -> Command.scanSet(page.set(), page.cursor(), PIECE))
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
        String next = Reply.text(answer.get(0));
        if (!next.equals(START)) {
            waiting.push(new Page(page.set(), next));
        }
        for (Object member : (List<?>) answer.get(1)) {
            String key = Reply.text(member);
            Optional<Ref> ref = Ref.parse("", key);
            if (ref.isPresent()) {
                Kind kind = ref.get().kind();
                counts.entry(kind);
                entries.add(new AuditSuspect(ENTRY_WITHOUT_OBJECT, kind, page.set(), key));
                if (page.set().equals(kind.set())) {
                    setsOf(ref.get()).forEach(set -> waiting.push(new Page(set, START)));
                }
            }
        }
    }

    /** The sets of what belongs to an object. */
    private static Stream<String> setsOf(Ref ref) {
        return switch (ref.kind()) {
            case GUILD ->
                    Stream.concat(
                            Stream.of(Keys.ofGuild(ref.id())),
                            Stream.of(Kind.values())
                                    .flatMap(kind -> kind.setOf(ref.id()).stream()));
            case CHANNEL, DIRECT_CHANNEL -> Stream.of(Keys.messagesOf(ref.id()));
            case THREAD -> Stream.of(Keys.messagesOf(ref.id()), Keys.threadMembersOf(ref.id()));
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
                redis.exchange(entries.stream().map(entry -> Command.exists(entry.key())).toList());
        for (int i = 0; i < entries.size(); i++) {
            if (!isOne(there.get(i))) {
                suspects.add(entries.get(i));
            }
        }
        pieceDone();
    }

    /** Every object that one server holds. */
    private void walkObjects(Wire node) throws InterruptedException {
        String cursor = START;
        do {
            List<?> page = (List<?>) node.exchange(List.of(Command.scan(cursor, PIECE))).getFirst();
            cursor = Reply.text(page.get(0));
            List<Ref> objects =
                    ((List<?>) page.get(1))
                            .stream()
                                    .flatMap(key -> Ref.parse("", Reply.text(key)).stream())
                                    .toList();
            suspectObjects(objects);
        } while (!cursor.equals(START));
    }

    /** Those of the objects that a set lacks. */
    private void suspectObjects(List<Ref> objects) throws InterruptedException {
        List<AuditSuspect> places = new ArrayList<>();
        for (Ref object : withGuilds(objects)) {
            counts.object(object.kind());
            for (String set : object.sets()) {
                places.add(
                        new AuditSuspect(OBJECT_WITHOUT_ENTRY, object.kind(), set, object.key()));
            }
        }
        List<Object> listed =
                redis.exchange(
                        places.stream()
                                .map(place -> Command.isInSet(place.set(), place.key()))
                                .toList());
        for (int i = 0; i < places.size(); i++) {
            if (!isOne(listed.get(i))) {
                suspects.add(places.get(i));
            }
        }
        pieceDone();
    }

    /** The keys of channels and threads do not name their guild; their values do. */
    private List<Ref> withGuilds(List<Ref> objects) {
        List<Ref> nameless =
                objects.stream()
                        .filter(one -> one.kind() == Kind.CHANNEL || one.kind() == Kind.THREAD)
                        .toList();
        List<Object> values =
                redis.exchange(nameless.stream().map(one -> Command.get(one.key())).toList());
        List<Ref> refs = new ArrayList<>(objects);
        refs.removeAll(nameless);
        for (int i = 0; i < nameless.size(); i++) {
            Ref one = nameless.get(i);
            refs.add(Ref.of(one.kind(), guildIn(values.get(i)), one.id()));
        }
        return refs;
    }

    private static String guildIn(Object value) {
        try {
            return Reply.bytes(value)
                    .map(Fields::of)
                    .flatMap(fields -> fields.text("guild_id"))
                    .orElse("");
        } catch (JsonFault foreign) {
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
            questions.add(Command.isInSet(suspect.set(), suspect.key()));
            questions.add(Command.exists(suspect.key()));
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
