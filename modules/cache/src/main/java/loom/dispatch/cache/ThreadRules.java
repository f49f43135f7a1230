package loom.dispatch.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What happens in threads that stay. */
final class ThreadRules {
    private ThreadRules() {}

    /** THREAD_CREATE: the thread; a new post is its forum's last message. */
    record Create() implements Rule {
        private static final Upsert THREAD = Upsert.create(Kind.THREAD).keeping("member");

        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            List<Ref> refs = new ArrayList<>(THREAD.reads(event, scope));
            forum(event).ifPresent(refs::add);
            return refs;
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            Optional<Ref> forum = forum(event);
            if (forum.flatMap(draft::fields).filter(Create::isForum).isPresent()) {
                draft.lastMessage(forum.get(), event.data().require("id"));
            }
            return THREAD.apply(event, draft);
        }

        /** The channel of a thread that did not exist before. */
        private static Optional<Ref> forum(Event event) {
            return event.data()
                    .get("newly_created")
                    .filter(Slice::isTrue)
                    .flatMap(_ -> event.data().text("parent_id"))
                    .map(parent -> Ref.of(Kind.CHANNEL, event.guild(), parent));
        }

        /** A forum or a media channel. */
        private static boolean isForum(Fields channel) {
            long type = channel.get("type").map(Slice::integer).orElse(0L);
            return type == 15 || type == 16;
        }
    }

    /** THREAD_MEMBER_UPDATE: the bot's own membership, kept inside the thread. */
    record OwnMember() implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            return List.of(thread(event));
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            Ref ref = thread(event);
            Optional<Fields> known = draft.fields(ref);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            Optional<byte[]> old = draft.get(ref);
            draft.put(ref, ObjectEdit.of(known.get()).put("member", event.raw().data()).toBytes());
            return old;
        }
    }

    /** THREAD_MEMBERS_UPDATE: others come and go; the thread counts them. */
    record Members() implements Rule {
        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            List<Ref> refs = new ArrayList<>(List.of(thread(event)));
            for (Slice added : event.data().array("added_members")) {
                MemberRules.seen(event.guild(), Fields.of(added))
                        .filter(scope::keeps)
                        .ifPresent(refs::add);
            }
            return refs;
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            Ref ref = thread(event);
            Optional<Fields> known = draft.fields(ref);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            Optional<byte[]> old = draft.get(ref);
            ObjectEdit edit = ObjectEdit.of(known.get());
            event.data().get("member_count").ifPresent(count -> edit.put("member_count", count));
            draft.put(ref, edit.toBytes());
            for (Slice added : event.data().array("added_members")) {
                draft.unreadable()
                        .unless(Kind.THREAD_MEMBER.prefix(), () -> add(event, added, draft));
            }
            for (Slice removed : event.data().array("removed_member_ids")) {
                draft.remove(Ref.threadMember(event.guild(), ref.id(), removed.text()));
            }
            return old;
        }

        private static void add(Event event, Slice added, Draft draft) {
            Fields object = Fields.of(added);
            String user = Kind.THREAD_MEMBER.id(object);
            Ref ref = Ref.threadMember(event.guild(), event.requireText("id"), user);
            draft.put(ref, Kind.THREAD_MEMBER.value(object, event.guild()));
            MemberRules.keepSeen(event.guild(), object, draft);
        }
    }

    /** CHANNEL_INFO: passing facts about several channels. */
    record Info() implements Rule {
        private static final List<String> FACTS = List.of("status", "voice_start_time");

        @Override
        public Collection<Ref> reads(Event event, Scope scope) {
            List<Ref> refs = new ArrayList<>();
            for (Slice channel : event.data().array("channels")) {
                refs.add(ref(event, Fields.of(channel)));
            }
            return refs;
        }

        @Override
        public Optional<byte[]> apply(Event event, Draft draft) {
            List<byte[]> before = new ArrayList<>();
            for (Slice channel : event.data().array("channels")) {
                Fields facts = Fields.of(channel);
                Ref ref = ref(event, facts);
                Optional<Fields> known = draft.fields(ref);
                if (known.isPresent()) {
                    draft.get(ref).ifPresent(before::add);
                    ObjectEdit edit = ObjectEdit.of(known.get());
                    FACTS.forEach(
                            fact -> facts.get(fact).ifPresent(value -> edit.put(fact, value)));
                    draft.put(ref, edit.toBytes());
                }
            }
            return Rule.arrayOf(before);
        }

        private static Ref ref(Event event, Fields channel) {
            return Ref.of(Kind.CHANNEL, event.guild(), channel.require("id").text());
        }
    }

    private static Ref thread(Event event) {
        return Ref.of(Kind.THREAD, event.guild(), event.requireText("id"));
    }
}
