package loom.dispatch.simulator.events;

import loom.dispatch.simulator.world.World;

import java.util.Map;

/** Lists all event types that the simulator can make. */
public final class SimulatedEvents {
    private SimulatedEvents() {}

    public static void register(
            World world, SimulatedEvent.Sink sink, Map<String, SimulatedEvent> simulatedEvents) {
        new UserActivityEvents(world, sink).register(simulatedEvents);
        new GuildEvents(world, sink).register(simulatedEvents);
        new GuildObjectEvents(world, sink).register(simulatedEvents);
        new ChannelEvents(world, sink).register(simulatedEvents);
        new ThreadEvents(world, sink).register(simulatedEvents);
        new MemberEvents(world, sink).register(simulatedEvents);
        new StatelessEvents(world, sink).register(simulatedEvents);
    }
}
