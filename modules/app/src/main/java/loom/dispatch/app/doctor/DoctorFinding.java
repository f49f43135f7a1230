package loom.dispatch.app.doctor;

import loom.dispatch.app.process.ExitCode;

/**
 * One line of {@code loom-dispatch doctor}.
 *
 * @param subject what was looked at, in a word or two
 * @param text what was found and, if it is not well, what to do
 * @param exitCode what a failure ends a script with
 */
public record DoctorFinding(Verdict verdict, String subject, String text, ExitCode exitCode) {
    /** How it is. */
    enum Verdict {
        OK,
        /** A start succeeds, and somebody should look at this. */
        WARN,
        /** A start fails, or waits. */
        FAIL
    }

    static DoctorFinding ok(String subject, String text) {
        return new DoctorFinding(Verdict.OK, subject, text, ExitCode.CLEAN);
    }

    static DoctorFinding warn(String subject, String text) {
        return new DoctorFinding(Verdict.WARN, subject, text, ExitCode.CLEAN);
    }

    static DoctorFinding fail(String subject, String text, ExitCode exitCode) {
        return new DoctorFinding(Verdict.FAIL, subject, text, exitCode);
    }

    /** {@code ok redis memory …}, always one line. */
    public String line() {
        String word =
                switch (verdict) {
                    case OK -> "ok";
                    case WARN -> "warn";
                    case FAIL -> "FAIL";
                };
        return "%-5s %-21s %s".formatted(word, subject, text.replaceAll("\\s+", " "));
    }
}
