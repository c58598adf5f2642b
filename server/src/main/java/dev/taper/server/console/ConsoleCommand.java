package dev.taper.server.console;

import dev.taper.server.console.page.PageFiles;
import dev.taper.server.process.Running;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code taper console}. */
@Command(
    name = "console",
    description = "Answers asks, and shows what is granted and done, in a browser on this machine.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ConsoleCommand implements Callable<Integer> {
  @Mixin private final ConsoleOptions options = new ConsoleOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  @SuppressWarnings("SystemConsoleNull") // newer platforms print at worst that Enter gives a link
  public Integer call() throws InterruptedException {
    try (Running running = Running.stoppedBySignals()) {
      Console console =
          new Console(options, PageFiles.load(), running, Path.of(""), Clock.systemUTC());
      console.start(spec.commandLine().getOut());
      if (System.console() != null) {
        console.printLinksFor(System.in, spec.commandLine().getOut());
      }
      running.await();
    }
    return CommandLine.ExitCode.OK;
  }
}
