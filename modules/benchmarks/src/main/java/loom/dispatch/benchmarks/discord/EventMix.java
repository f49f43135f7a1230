package loom.dispatch.benchmarks.discord;

import loom.dispatch.simulator.EventGenerator;

/** Which events a load is made of. */
public enum EventMix {
    /**
     * As a busy bot sees it: presences nearly half, messages a quarter, typing, reactions, voice.
     */
    TRAFFIC,
    /** Messages alone: each is a value of its own, with a time to live, in three sets. */
    MESSAGES,
    /** Member updates alone: each must read the member before it can write it. */
    MEMBERS,
    /** GUILD_CREATEs alone: each is hundreds of objects. */
    GUILDS;

    /** Has the simulator draw these events. */
    void choose(EventGenerator events) {
        switch (this) {
            case TRAFFIC -> events.mix(EventGenerator.Mix.TRAFFIC);
            case MESSAGES -> events.only("MESSAGE_CREATE");
            case MEMBERS, GUILDS -> events.only("GUILD_MEMBER_UPDATE");
        }
    }
}
