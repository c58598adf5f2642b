package dev.taper.server.keeper;

import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.server.process.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code taper keeper run}. */
@Command(
    name = "run",
    description = {
      "Keep keys for one command: a keeper starts, the command finds it by TAPER_KEEPER, and both end"
          + " together.",
      "It stores nothing without --store. The terminal is the command's, so secrets come from files,"
          + " variables or --askpass. The exit code is the command's."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private static final int GRACE_SECONDS = 10;

  @Mixin final KeeperOptions options = new KeeperOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The command, behind --, with its arguments.")
  List<String> command = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    requireOwnOptions();
    options.inMemory |= options.store == null;
    try (Running running = Running.stoppedBySignals()) {
      if (options.socket == null) {
        Path folder = folder();
        running.<AutoCloseable>closing(() -> delete(folder));
        options.socket = folder.resolve("keeper.sock").toString();
      }
      Path socket = KeeperClient.socket(options.socket);
      String unused =
          new KeeperProcess(options, System.getenv(), null, Clock.systemUTC()).start(running);
      Process process = start(socket);
      running.<AutoCloseable>closing(() -> end(process));
      var ended = process.onExit().thenRun(running::stop);
      running.await();
      ended.join();
      return process.exitValue();
    }
  }

  /** Options that stand before the word would be those of a keeper that nobody starts. */
  private void requireOwnOptions() {
    CommandSpec keeper = spec.parent();
    if (keeper != null && !keeper.commandLine().getParseResult().matchedOptions().isEmpty()) {
      throw OperationException.usage("the options of taper keeper run stand behind run");
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("taper-keeper-"); // its user's alone
    } catch (IOException e) {
      throw OperationException.io("cannot make a folder for the socket: " + e.getMessage(), e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  private Process start(Path socket) {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put(KeeperClient.VARIABLE, socket.toString());
    if (options.passphraseVariable != null) {
      // The command may use the keys, and not take them out of the store.
      builder.environment().remove(options.passphraseVariable);
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw OperationException.io("cannot start " + command.get(0) + ": " + e.getMessage(), e);
    }
  }

  /** A command that was told to end has some time for that. */
  private static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
