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

/** The program from start to end; its table of contents. */
public final class Main {
    private static final EventLog LOG = new EventLog("loom.dispatch.service");

    private Main() {}

    /**
     * Runs the service, or one of its subcommands.
     *
     * @param args nothing to run the service; {@code doctor}, {@code audit}, {@code version} or
     *     {@code --help} to do that and end
     */
    public static void main(String[] args) {
        var lifetime = ProcessLifecycle.ofThisProcess();
        ExitCode exitCode;
        try {
            exitCode = run(List.of(args), lifetime);
        } catch (StartFailure failure) {
            failure.lines(logFormat()).forEach(System.err::println);
            exitCode = failure.exitCode();
        } catch (Throwable unforeseen) {
            // whatever it is, it must end the process, other threads or not
            LOG.write(AppLogEvents.SERVICE_FAILED.with().causedBy(unforeseen));
            exitCode = ExitCode.FAILED;
        }
        lifetime.end(exitCode);
    }

    private static ExitCode run(List<String> args, ProcessLifecycle lifetime) throws Throwable {
        if (args.isEmpty()) {
            return serve(lifetime);
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

    /** What goes wrong is a line of the command's own. */
    private static void quiet() {
        LogOutput.configure(System.Logger.Level.OFF, LogRecordFormat.TEXT);
    }

    private static ExitCode serve(ProcessLifecycle lifetime) throws Throwable {
        Environment environment = environment();
        Settings settings = Settings.from(environment);
        LogOutput.configure(settings.service().logLevel(), settings.service().logFormat());
        environment
                .strangers()
                .forEach((name, meant) ->
                        LOG.write(
                                AppLogEvents.CONFIGURATION_UNKNOWN,
                                name,
                                Optional.of(meant).filter(known -> !known.isEmpty())));
        ExitCode ended = new Service(settings, lifetime).run();
        if (lifetime.failure() != null) {
            throw lifetime.failure();
        }
        return ended;
    }

    /** Of the log that did not begin: a configuration may be wrong and its LOG_FORMAT right. */
    private static LogRecordFormat logFormat() {
        try {
            return environment().get(ServiceSettings.LOG_FORMAT);
        } catch (StartFailure _) {
            // the .env cannot be read
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
