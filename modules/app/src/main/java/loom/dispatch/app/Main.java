package loom.dispatch.app;

import loom.dispatch.app.config.DotEnvFile;
import loom.dispatch.app.config.Environment;
import loom.dispatch.app.config.HelpText;
import loom.dispatch.app.config.ServiceSettings;
import loom.dispatch.app.config.Settings;
import loom.dispatch.app.doctor.AuditCommand;
import loom.dispatch.app.doctor.DoctorCommand;
import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.log.LogOutput;
import loom.dispatch.app.log.LogRecordFormat;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.ProcessLifecycle;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.app.process.Version;
import loom.dispatch.app.run.Service;
import loom.dispatch.runtime.EventLog;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Starts the service or one of its subcommands, and ends the process with its exit code. */
public final class Main {
    private static final EventLog LOG = new EventLog("loom.dispatch.service");

    private Main() {}

    /**
     * Runs the service, or one of its subcommands.
     *
     * @param args empty for the service; otherwise {@code doctor}, {@code audit}, {@code version}
     *     or {@code --help}
     */
    public static void main(String[] args) {
        var process = ProcessLifecycle.ofThisProcess();
        process.end(exitCode(() -> run(List.of(args), process)));
    }

    /** A command of this program. */
    @FunctionalInterface
    interface Command {
        ExitCode run() throws Throwable;
    }

    /** Runs a command, reports its failure, and returns the exit code. */
    static ExitCode exitCode(Command command) {
        try {
            return command.run();
        } catch (StartFailure failure) {
            failure.lines(logFormat()).forEach(System.err::println);
            return failure.exitCode();
        } catch (Throwable unexpected) {
            LOG.write(AppLogEvents.SERVICE_FAILED.with().causedBy(unexpected));
            return ExitCode.FAILED;
        }
    }

    private static ExitCode run(List<String> args, ProcessLifecycle process) throws Throwable {
        if (args.isEmpty()) {
            return serve(process);
        }
        return switch (String.join(" ", args)) {
            case "audit" -> audit();
            case "doctor" -> examine();
            case "version", "--version" -> print(Version.TEXT);
            case "--help", "-h", "help" -> print(HelpText.text());
            default ->
                    throw new StartFailure(
                            ExitCode.CONFIGURATION,
                            "unknown arguments "
                                    + args
                                    + ": a bare start runs the service; else"
                                    + " doctor, audit, version or --help");
        };
    }

    private static ExitCode examine() throws StartFailure, InterruptedException {
        quiet();
        return DoctorCommand.run(environment(), System.out);
    }

    private static ExitCode audit() throws StartFailure, InterruptedException {
        quiet();
        return AuditCommand.run(environment(), System.out);
    }

    /** Turns the log off: a subcommand reports failures in its output. */
    private static void quiet() {
        LogOutput.configure(System.Logger.Level.OFF, LogRecordFormat.TEXT);
    }

    private static ExitCode serve(ProcessLifecycle process) throws Throwable {
        Environment environment = environment();
        Settings settings = Settings.from(environment);
        LogOutput.configure(settings.service().logLevel(), settings.service().logFormat());
        environment
                .unknownVariables()
                .forEach((name, meant) ->
                        LOG.write(
                                AppLogEvents.CONFIGURATION_UNKNOWN,
                                name,
                                Optional.of(meant).filter(known -> !known.isEmpty())));
        return new Service(settings, process).run();
    }

    /** Returns LOG_FORMAT, which may be valid although another variable is not. */
    private static LogRecordFormat logFormat() {
        try {
            return environment().get(ServiceSettings.LOG_FORMAT);
        } catch (StartFailure _) {
            // the .env file cannot be read
            return LogRecordFormat.TEXT;
        }
    }

    private static Environment environment() throws StartFailure {
        return new Environment(DotEnvFile.nearest(Path.of("")), System.getenv());
    }

    private static ExitCode print(String text) {
        System.out.println(text);
        return ExitCode.CLEAN;
    }
}
