package loom.dispatch.gateway.protocol;

/**
 * The fields of a gateway message around its data (protocol section 1.3).
 *
 * @param op the opcode
 * @param sequence {@code s}, or {@link #ABSENT}
 * @param type {@code t}, empty if null or absent
 * @param dataStart the index of the first byte of {@code d}
 * @param dataEnd the index behind its last byte; equal to dataStart if {@code d} is absent
 * @param guildId the guild that the event belongs to, empty if there is none
 */
public record MessageEnvelope(
        int op, long sequence, String type, int dataStart, int dataEnd, String guildId) {
    static final long ABSENT = -1;
}
