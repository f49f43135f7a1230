package loom.dispatch.benchmarks.discord;

import loom.dispatch.simulator.EventGenerator;

/** The events of a load. */
public enum EventMix {
    /** A busy bot: nearly half presences, a quarter messages, then typing, reactions and voice. */
    TRAFFIC,
    /** Only messages: each is a separate value with a time to live, in three index sets. */
    MESSAGES,
    /** Only member updates: the cache reads the member before it writes it. */
    MEMBERS,
    /** Only GUILD_CREATEs: each has hundreds of objects. */
    GUILDS;

    /** Makes the simulator generate these events. */
    void choose(EventGenerator events) {
        switch (this) {
            case TRAFFIC -> events.mix(EventGenerator.Mix.TRAFFIC);
            case MESSAGES -> events.only("MESSAGE_CREATE");
            case MEMBERS, GUILDS -> events.only("GUILD_MEMBER_UPDATE");
        }
    }
}
