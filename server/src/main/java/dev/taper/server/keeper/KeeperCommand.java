package dev.taper.server.keeper;

import dev.taper.server.process.Running;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code taper keeper}. */
@Command(
    name = "keeper",
    description = {
      "Keep keys and tokens, and use them for your own processes: they are made inside, and no key"
          + " ever leaves.",
      "It runs until it is stopped. Its commands talk to the one that runs."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      RunCommand.class,
      ClientCommands.New.class,
      ClientCommands.Add.class,
      ClientCommands.Show.class,
      ClientCommands.Renew.class,
      ClientCommands.Forget.class,
      ClientCommands.Unlock.class,
      ClientCommands.Lock.class
    })
public final class KeeperCommand implements Callable<Integer> {
  @Mixin private final KeeperOptions options = new KeeperOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    try (Running running = Running.stoppedBySignals()) {
      String ready =
          new KeeperProcess(options, System.getenv(), KeeperProcess.terminal(), Clock.systemUTC())
              .start(running);
      spec.commandLine().getOut().println(ready);
      spec.commandLine().getOut().flush();
      running.await();
    }
    return 0;
  }
}
