package loom.dispatch.gateway;

import loom.dispatch.runtime.Secret;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** A bot token that cannot print itself. */
public final class BotToken {
    private final Secret secret;

    /**
     * Takes a token with or without its {@code Bot } prefix.
     *
     * @throws IllegalArgumentException if the token is empty without prefix and blanks
     */
    public BotToken(String text) {
        String stripped = text.strip();
        String bare = stripped.startsWith("Bot ") ? stripped.substring(4).strip() : stripped;
        if (bare.isEmpty()) {
            throw new IllegalArgumentException("a bot token must not be empty");
        }
        secret = new Secret(bare);
    }

    /**
     * Returns the value of the Authorization header and of the {@code token} field of IDENTIFY and
     * RESUME.
     */
    public String authorization() {
        return "Bot " + secret.reveal();
    }

    /**
     * Returns the bot's id, which the token contains in base64. The id is not secret.
     *
     * @return empty if the token does not have that form
     */
    public Optional<String> botId() {
        String bare = secret.reveal();
        int dot = bare.indexOf('.');
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(bare.substring(0, Math.max(0, dot)));
            String id = new String(decoded, StandardCharsets.US_ASCII);
            return id.matches("[0-9]{1,20}") ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return secret.toString();
    }
}
