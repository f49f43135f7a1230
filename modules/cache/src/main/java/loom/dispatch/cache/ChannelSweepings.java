package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What goes with a channel or thread, and what replaces the threads of a guild. */
final class ChannelSweepings {
    private ChannelSweepings() {}

    /**
     * CHANNEL_DELETE: with its threads, voice states, scheduled events and stages, for which
     * Discord sends no events, and with all their messages.
     */
    record ChannelGone() implements Sweeping {
        private static final List<Kind> INSIDE = List.of(Kind.VOICE, Kind.EVENT, Kind.STAGE);

        @Override
        public List<CommandArguments> reads(Event event, int shard) {
            return List.of(Command.get(ref(event).key()));
        }

        @Override
        public Applied apply(Event event, Sweep sweep, List<Object> replies) {
            Ref channel = ref(event);
            sweep.writes().remove(channel);
            for (Ref thread : inside(sweep, Kind.THREAD, channel, "parent_id")) {
                sweep.removeThread(thread);
                sweep.writeIfFull();
            }
            for (Kind kind : INSIDE) {
                for (Ref ref : inside(sweep, kind, channel, "channel_id")) {
                    sweep.writes().remove(ref);
                    sweep.writeIfFull();
                }
            }
            sweep.removeMessages(channel.guild(), channel.id());
            sweep.finish(event.raw());
            return ended(sweep, Reply.bytes(replies.getFirst()));
        }

        private static List<Ref> inside(Sweep sweep, Kind kind, Ref channel, String field) {
            List<Ref> found = new ArrayList<>();
            sweep.values(sweep.refsOf(kind, channel.guild()))
                    .forEach((ref, value) -> {
                        if (textOf(value, field).equals(Optional.of(channel.id()))) {
                            found.add(ref);
                        }
                    });
            return found;
        }

        private static Ref ref(Event event) {
            return Ref.of(Kind.CHANNEL, event.guild(), event.requireText("id"));
        }
    }

    /** THREAD_DELETE, and whatever else ends a thread for us: archived, or closed to the bot. */
    record ThreadGone() implements Sweeping {
        @Override
        public List<CommandArguments> reads(Event event, int shard) {
            return List.of(Command.get(ref(event).key()));
        }

        @Override
        public Applied apply(Event event, Sweep sweep, List<Object> replies) {
            sweep.removeThread(ref(event));
            sweep.finish(event.raw());
            return ended(sweep, Reply.bytes(replies.getFirst()));
        }

        private static Ref ref(Event event) {
            return Ref.of(Kind.THREAD, event.guild(), event.requireText("id"));
        }
    }

    /** THREAD_LIST_SYNC: the active threads of some channels, or of all that the bot can see. */
    record ThreadList() implements Sweeping {
        @Override
        public List<CommandArguments> reads(Event event, int shard) {
            return List.of(Command.exists(Ref.guild(event.guild()).key()));
        }

        @Override
        public Applied apply(Event event, Sweep sweep, List<Object> replies) {
            String guild = event.guild();
            Set<String> listed = new HashSet<>();
            Map<Ref, byte[]> threads = new HashMap<>();
            if (Long.valueOf(1).equals(replies.getFirst())) {
                threads.putAll(threads(event, sweep));
            }
            threads.keySet().forEach(ref -> listed.add(ref.key()));
            List<byte[]> before = new ArrayList<>();
            sweep.values(sweep.refsOf(Kind.THREAD, guild))
                    .forEach((ref, value) -> {
                        if (concerns(event, value)) {
                            before.add(value);
                            if (!listed.contains(ref.key())) {
                                sweep.removeThread(ref);
                            }
                        }
                    });
            threads.forEach((ref, value) -> sweep.writes().put(ref, value));
            sweep.finish(event.raw());
            return ended(sweep, Rule.arrayOf(before));
        }

        private static boolean concerns(Event event, byte[] thread) {
            Optional<Slice> channels = event.data().get("channel_ids");
            return channels.isEmpty()
                    || Fields.elements(channels.get()).stream()
                            .map(Slice::text)
                            .anyMatch(id -> textOf(thread, "parent_id").equals(Optional.of(id)));
        }

        private static Map<Ref, byte[]> threads(Event event, Sweep sweep) {
            Map<String, Slice> own = new HashMap<>();
            for (Slice member : event.data().array("members")) {
                Fields.of(member).text("id").ifPresent(id -> own.put(id, member));
            }
            Map<Ref, byte[]> threads = new HashMap<>();
            for (Slice thread : event.data().array("threads")) {
                sweep.unreadable()
                        .unless(
                                Kind.THREAD.prefix(),
                                () -> {
                                    Fields object = Fields.of(thread);
                                    String id = Kind.THREAD.id(object);
                                    ObjectEdit edit = ObjectEdit.of(object);
                                    if (own.containsKey(id)) {
                                        edit.put("member", own.get(id));
                                    }
                                    Ref ref = Ref.of(Kind.THREAD, event.guild(), id);
                                    if (sweep.scope().keeps(ref)) {
                                        threads.put(
                                                ref,
                                                Kind.THREAD
                                                        .completed(edit, event.guild())
                                                        .toBytes());
                                    }
                                });
            }
            return threads;
        }
    }

    private static Applied ended(Sweep sweep, Optional<byte[]> old) {
        return new Applied(sweep.scope().config().old() ? old : Optional.empty(), Optional.empty());
    }

    private static Optional<String> textOf(byte[] object, String field) {
        try {
            return Fields.of(object).text(field);
        } catch (JsonFault foreign) {
            // somebody else's value: it is inside no channel of ours
            return Optional.empty();
        }
    }
}
