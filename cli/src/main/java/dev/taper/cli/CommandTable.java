package dev.taper.cli;

import dev.taper.cli.command.AttenuateCommand;
import dev.taper.cli.command.AuthorizeCommand;
import dev.taper.cli.command.CompletionCommand;
import dev.taper.cli.command.ConformanceCommand;
import dev.taper.cli.command.DemoCommand;
import dev.taper.cli.command.InspectCommand;
import dev.taper.cli.command.KeygenCommand;
import dev.taper.cli.command.MintCommand;
import dev.taper.cli.command.QueryCommand;
import dev.taper.cli.command.SealCommand;
import dev.taper.cli.command.SnapshotCommand;
import dev.taper.cli.command.ThirdPartyCommand;
import dev.taper.cli.io.Console;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/**
 * The commands by name. Only the one that is called gets built, because reading the annotations of
 * all of them takes longer than most commands.
 */
enum CommandTable {
  KEYGEN(KeygenCommand::new),
  MINT(MintCommand::new),
  ATTENUATE(AttenuateCommand::new),
  SEAL(SealCommand::new),
  INSPECT(InspectCommand::new),
  AUTHORIZE(AuthorizeCommand::new),
  QUERY(QueryCommand::new),
  THIRD_PARTY(ThirdPartyCommand::new),
  SNAPSHOT(SnapshotCommand::new),
  CONFORMANCE(ConformanceCommand::new),
  DEMO(console -> new DemoCommand(console, CommandTable::run)),
  COMPLETION(CompletionCommand::new),
  HELP(console -> new HelpCommand());

  private final Function<Console, Object> factory;

  CommandTable(Function<Console, Object> factory) {
    this.factory = factory;
  }

  /** Adds the command that the arguments start with, or else all of them. */
  static void register(CommandLine line, Console console, String[] args) {
    CommandTable called = args.length == 0 ? null : find(args[0]);
    if (called != null && called != HELP && called != COMPLETION) {
      called.add(line, console);
    } else {
      for (CommandTable command : values()) {
        command.add(line, console);
      }
    }
  }

  private static int run(Console console, List<String> args) {
    return new TaperCommandLine(console).run(args.toArray(new String[0]));
  }

  private static @Nullable CommandTable find(String name) {
    for (CommandTable command : values()) {
      if (command.text().equals(name)) {
        return command;
      }
    }
    return null;
  }

  private void add(CommandLine line, Console console) {
    line.addSubcommand(text(), factory.apply(console));
  }

  private String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
