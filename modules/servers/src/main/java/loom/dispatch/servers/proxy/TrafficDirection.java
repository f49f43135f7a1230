package loom.dispatch.servers.proxy;

/** The direction of bytes through a {@link FaultProxy}. */
public enum TrafficDirection {
    /** From the client to the server. */
    TO_SERVER,
    /** From the server to the client. */
    TO_CLIENT
}
