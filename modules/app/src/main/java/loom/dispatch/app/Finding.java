package loom.dispatch.app;

/**
 * One line of {@code loom-dispatch doctor}.
 *
 * @param subject what was looked at, in a word or two
 * @param text what was found and, if it is not well, what to do
 * @param exitCode what a failure ends a script with
 */
record Finding(Verdict verdict, String subject, String text, ExitCode exitCode) {
    /** How it is. */
    enum Verdict {
        OK,
        /** A start succeeds, and somebody should look at this. */
        WARN,
        /** A start fails, or waits. */
        FAIL
    }

    static Finding ok(String subject, String text) {
        return new Finding(Verdict.OK, subject, text, ExitCode.CLEAN);
    }

    static Finding warn(String subject, String text) {
        return new Finding(Verdict.WARN, subject, text, ExitCode.CLEAN);
    }

    static Finding fail(String subject, String text, ExitCode exitCode) {
        return new Finding(Verdict.FAIL, subject, text, exitCode);
    }

    /** {@code ok redis memory …}, always one line. */
    String line() {
        String word =
                switch (verdict) {
                    case OK -> "ok";
                    case WARN -> "warn";
                    case FAIL -> "FAIL";
                };
        return "%-5s %-21s %s".formatted(word, subject, text.replaceAll("\\s+", " "));
    }
}
