package dev.taper.server.serve;

import dev.taper.server.listener.ListenOptions;
import dev.taper.server.process.Running;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code taper serve}. */
@Command(
    name = "serve",
    description =
        "Decides for services in any language, serves lists, keeps asks, and issues tokens.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ServeCommand implements Callable<Integer> {
  @Mixin private final ServeOptions options = new ServeOptions();
  @Mixin private final ListenOptions listen = new ListenOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    try (Running running = Running.stoppedBySignals(listen.drain())) {
      new Serving(options, listen, running, Clock.systemUTC()).start(spec.commandLine().getOut());
      running.await();
    }
    return CommandLine.ExitCode.OK;
  }
}
