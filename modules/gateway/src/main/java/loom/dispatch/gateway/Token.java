package loom.dispatch.gateway;

/** A bot token that cannot print itself. */
public final class Token {
    private final String bare;

    /**
     * Takes a token with or without its {@code Bot } prefix.
     *
     * @throws IllegalArgumentException if nothing is left without prefix and blanks
     */
    public Token(String text) {
        String stripped = text.strip();
        bare = stripped.startsWith("Bot ") ? stripped.substring(4).strip() : stripped;
        if (bare.isEmpty()) {
            throw new IllegalArgumentException("a bot token must not be empty");
        }
    }

    /** The value for an Authorization header and for IDENTIFY and RESUME. */
    String authorization() {
        return "Bot " + bare;
    }

    @Override
    public String toString() {
        return "***";
    }
}
