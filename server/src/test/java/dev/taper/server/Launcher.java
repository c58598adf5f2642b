package dev.taper.server;

import dev.taper.cli.TaperCommandLine;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.StandardOutput;
import dev.taper.cli.io.Terminals;
import dev.taper.testing.ChildJvm;
import dev.taper.testing.Resident;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;

/**
 * {@code ./taper} for scripts of tests: the command line is run by this JVM, and each role of the
 * server is a process of its own.
 */
public final class Launcher {
  private static final Resident COMMANDS = new Resident(Launcher::run);

  private Launcher() {}

  /** Puts {@code taper} into a folder. */
  public static Path in(Path folder) throws IOException {
    return Resident.write(
        folder.resolve("taper"),
        "case $1 in\nserve | mcp | keeper | console)\n"
            + ChildJvm.exec("dev.taper.server.Main")
            + ";;\nesac\n"
            + COMMANDS.exec());
  }

  private static int run(Resident.Call call) {
    Console console =
        new Console(
            call.in(),
            new StandardOutput(call.out()),
            new PrintStream(call.err(), true, StandardCharsets.UTF_8),
            call.environment(),
            Clock.systemUTC(),
            Terminals.NONE,
            call.folder());
    return new TaperCommandLine(console).run(call.arguments().toArray(new String[0]));
  }
}
