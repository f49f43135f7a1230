package loom.dispatch.cache;

import com.google.gson.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Generates random events of one or more shards from a seed. The events use few ids, so that they
 * often concern the same object. Some concern unknown or removed objects. A session begins with
 * READY.
 */
final class RandomHistory {
    static final String BOT = "1";

    /** One event of a shard, with its session and sequence. */
    record Step(
            int shard,
            int shardsTotal,
            String session,
            long sequence,
            String type,
            JsonObject data) {
        StateEvent event() {
            return new StateEvent(session, sequence, type, RedisTestClient.utf8(data.toString()));
        }
    }

    private static final List<String> TYPES =
            List.of(
                    "GUILD_CREATE",
                    "GUILD_CREATE",
                    "GUILD_CREATE",
                    "GUILD_UPDATE",
                    "GUILD_DELETE",
                    "CHANNEL_CREATE",
                    "CHANNEL_UPDATE",
                    "CHANNEL_DELETE",
                    "CHANNEL_PINS_UPDATE",
                    "VOICE_CHANNEL_STATUS_UPDATE",
                    "THREAD_CREATE",
                    "THREAD_UPDATE",
                    "THREAD_DELETE",
                    "THREAD_LIST_SYNC",
                    "THREAD_MEMBERS_UPDATE",
                    "THREAD_MEMBERS_UPDATE",
                    "THREAD_MEMBER_UPDATE",
                    "VOICE_CHANNEL_START_TIME_UPDATE",
                    "CHANNEL_INFO",
                    "GUILD_ROLE_CREATE",
                    "GUILD_ROLE_UPDATE",
                    "GUILD_ROLE_DELETE",
                    "GUILD_EMOJIS_UPDATE",
                    "GUILD_STICKERS_UPDATE",
                    "GUILD_MEMBER_ADD",
                    "GUILD_MEMBER_UPDATE",
                    "GUILD_MEMBER_REMOVE",
                    "GUILD_MEMBERS_CHUNK",
                    "PRESENCE_UPDATE",
                    "PRESENCE_UPDATE",
                    "VOICE_STATE_UPDATE",
                    "VOICE_STATE_UPDATE",
                    "MESSAGE_CREATE",
                    "MESSAGE_CREATE",
                    "MESSAGE_CREATE",
                    "MESSAGE_UPDATE",
                    "MESSAGE_DELETE",
                    "MESSAGE_DELETE_BULK",
                    "GUILD_SCHEDULED_EVENT_CREATE",
                    "GUILD_SCHEDULED_EVENT_UPDATE",
                    "GUILD_SCHEDULED_EVENT_DELETE",
                    "GUILD_SCHEDULED_EVENT_USER_ADD",
                    "GUILD_SCHEDULED_EVENT_USER_REMOVE",
                    "STAGE_INSTANCE_CREATE",
                    "STAGE_INSTANCE_UPDATE",
                    "STAGE_INSTANCE_DELETE",
                    "GUILD_SOUNDBOARD_SOUND_CREATE",
                    "GUILD_SOUNDBOARD_SOUND_UPDATE",
                    "GUILD_SOUNDBOARD_SOUND_DELETE",
                    "GUILD_SOUNDBOARD_SOUNDS_UPDATE",
                    "SOUNDBOARD_SOUNDS",
                    "USER_UPDATE",
                    "one of the forwarded");

    /** Discord's events that do not change the state, and one unknown event. */
    private static final List<String> FORWARDED =
            List.of(
                    "RESUMED",
                    "RATE_LIMITED",
                    "GUILD_AUDIT_LOG_ENTRY_CREATE",
                    "GUILD_BAN_ADD",
                    "GUILD_BAN_REMOVE",
                    "GUILD_INTEGRATIONS_UPDATE",
                    "WEBHOOKS_UPDATE",
                    "VOICE_SERVER_UPDATE",
                    "VOICE_CHANNEL_EFFECT_SEND",
                    "TYPING_START",
                    "MESSAGE_REACTION_ADD",
                    "MESSAGE_REACTION_REMOVE",
                    "MESSAGE_REACTION_REMOVE_ALL",
                    "MESSAGE_REACTION_REMOVE_EMOJI",
                    "MESSAGE_POLL_VOTE_ADD",
                    "MESSAGE_POLL_VOTE_REMOVE",
                    "INTEGRATION_CREATE",
                    "INTEGRATION_UPDATE",
                    "INTEGRATION_DELETE",
                    "INVITE_CREATE",
                    "INVITE_DELETE",
                    "AUTO_MODERATION_RULE_CREATE",
                    "AUTO_MODERATION_RULE_UPDATE",
                    "AUTO_MODERATION_RULE_DELETE",
                    "AUTO_MODERATION_ACTION_EXECUTION",
                    "APPLICATION_COMMAND_PERMISSIONS_UPDATE",
                    "INTERACTION_CREATE",
                    "ENTITLEMENT_CREATE",
                    "ENTITLEMENT_UPDATE",
                    "ENTITLEMENT_DELETE",
                    "SUBSCRIPTION_CREATE",
                    "SUBSCRIPTION_UPDATE",
                    "SUBSCRIPTION_DELETE",
                    "SOMETHING_NEW");

    private final RandomGenerator random;

    /** The current session of a shard. */
    private static final class Session {
        private final RandomPayloads payloads;
        private String id = "";
        private long sequence;

        Session(RandomPayloads payloads) {
            this.payloads = payloads;
        }
    }

    RandomHistory(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** The events of one shard. */
    List<Step> steps(int length) {
        return steps(length, 1);
    }

    /** The events of several shards; the first of each is READY. */
    List<Step> steps(int length, int shardsTotal) {
        List<Session> sessions = new ArrayList<>();
        for (int shard = 0; shard < shardsTotal; shard++) {
            sessions.add(new Session(new RandomPayloads(random, shard, shardsTotal)));
        }
        List<Step> steps = new ArrayList<>();
        while (steps.size() < length) {
            int shard = random.nextInt(shardsTotal);
            steps.add(step(shard, shardsTotal, sessions.get(shard)));
        }
        return steps;
    }

    private Step step(int shard, int shardsTotal, Session session) {
        boolean begins = session.id.isEmpty() || random.nextInt(60) == 0;
        if (begins) {
            session.id = "s" + random.nextInt(1_000_000);
            session.sequence = 0;
        }
        String type = begins ? "READY" : anyOf(TYPES);
        if (!begins && type.equals(TYPES.getLast())) {
            type = anyOf(FORWARDED);
        }
        JsonObject data = session.payloads.of(type);
        return new Step(shard, shardsTotal, session.id, ++session.sequence, type, data);
    }

    /** All event types. */
    static Set<String> allTypes() {
        Set<String> all = new TreeSet<>(TYPES.subList(0, TYPES.size() - 1));
        all.addAll(FORWARDED);
        all.add("READY");
        return all;
    }

    private String anyOf(List<String> types) {
        return types.get(random.nextInt(types.size()));
    }
}
