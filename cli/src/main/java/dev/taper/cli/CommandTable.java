package dev.taper.cli;

import dev.taper.cli.command.ApproveCommand;
import dev.taper.cli.command.AttenuateCommand;
import dev.taper.cli.command.AuditCommand;
import dev.taper.cli.command.AuthorizeCommand;
import dev.taper.cli.command.CompletionCommand;
import dev.taper.cli.command.ConformanceCommand;
import dev.taper.cli.command.DelegateCommand;
import dev.taper.cli.command.DemoCommand;
import dev.taper.cli.command.DiffCommand;
import dev.taper.cli.command.EscalateCommand;
import dev.taper.cli.command.HelpCommand;
import dev.taper.cli.command.InspectCommand;
import dev.taper.cli.command.JustifyCommand;
import dev.taper.cli.command.KeygenCommand;
import dev.taper.cli.command.MintCommand;
import dev.taper.cli.command.PolicyCommand;
import dev.taper.cli.command.ProveCommand;
import dev.taper.cli.command.QueryCommand;
import dev.taper.cli.command.RegistryCommand;
import dev.taper.cli.command.ReviewCommand;
import dev.taper.cli.command.RevocationsCommand;
import dev.taper.cli.command.RevokeCommand;
import dev.taper.cli.command.RotateCommand;
import dev.taper.cli.command.SealCommand;
import dev.taper.cli.command.SnapshotCommand;
import dev.taper.cli.command.TaskCommand;
import dev.taper.cli.command.ThirdPartyCommand;
import dev.taper.cli.io.Console;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands by name. Only the one that is called gets built, because reading the annotations of
 * all of them takes longer than most commands.
 */
enum CommandTable {
  KEYGEN,
  MINT,
  ATTENUATE,
  DELEGATE,
  PROVE,
  JUSTIFY,
  ESCALATE,
  APPROVE,
  SEAL,
  INSPECT,
  DIFF,
  AUTHORIZE,
  REVOKE,
  REVOCATIONS,
  TASK,
  QUERY,
  POLICY,
  THIRD_PARTY,
  SNAPSHOT,
  AUDIT,
  REGISTRY,
  REVIEW,
  ROTATE,
  CONFORMANCE,
  DEMO,
  COMPLETION,
  HELP;

  private static final List<String> VERSION = List.of("-V", "--version");

  private Object build(Console console) {
    return switch (this) {
      case KEYGEN -> new KeygenCommand(console);
      case MINT -> new MintCommand(console);
      case ATTENUATE -> new AttenuateCommand(console);
      case DELEGATE -> new DelegateCommand(console);
      case PROVE -> new ProveCommand(console);
      case JUSTIFY -> new JustifyCommand(console);
      case ESCALATE -> new EscalateCommand(console);
      case APPROVE -> new ApproveCommand(console);
      case SEAL -> new SealCommand(console);
      case INSPECT -> new InspectCommand(console);
      case DIFF -> new DiffCommand(console);
      case AUTHORIZE -> new AuthorizeCommand(console);
      case REVOKE -> new RevokeCommand(console);
      case REVOCATIONS -> new RevocationsCommand(console);
      case TASK -> new TaskCommand(console);
      case QUERY -> new QueryCommand(console);
      case POLICY -> new PolicyCommand(console);
      case THIRD_PARTY -> new ThirdPartyCommand(console);
      case SNAPSHOT -> new SnapshotCommand(console);
      case AUDIT -> new AuditCommand(console);
      case REGISTRY -> new RegistryCommand(console);
      case REVIEW -> new ReviewCommand(console);
      case ROTATE -> new RotateCommand(console);
      case CONFORMANCE -> new ConformanceCommand(console);
      case DEMO -> new DemoCommand(console, CommandTable::run);
      case COMPLETION -> new CompletionCommand(console);
      case HELP -> new HelpCommand(console);
    };
  }

  /**
   * Adds the command that the arguments start with. Where the list of all commands may be printed,
   * the others are added by name; only {@code completion} reads all of them.
   */
  static void register(CommandLine line, Console console, String[] args) {
    CommandTable called =
        Arrays.stream(args)
            .filter(arg -> !arg.startsWith("-"))
            .findFirst()
            .map(CommandTable::find)
            .orElse(null);
    if (called != null && called.text().equals(args[0]) && called != HELP && called != COMPLETION) {
      called.add(line, console);
      return;
    }
    if (args.length == 1 && VERSION.contains(args[0])) {
      return; // needs none of them
    }
    List<String> words = List.of(args);
    for (CommandTable command : values()) {
      boolean asked = called == HELP && words.contains(command.text());
      if (command == called || asked || called == COMPLETION) {
        command.add(line, console);
      } else {
        command.list(line, console);
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
    line.addSubcommand(text(), build(console));
  }

  /** Adds the name and the description: all that a list of commands shows. */
  private void list(CommandLine line, Console console) {
    CommandSpec named = CommandSpec.create();
    CommandLine.Command says = build(console).getClass().getAnnotation(CommandLine.Command.class);
    named.usageMessage().description(says.description());
    line.addSubcommand(text(), named);
  }

  private String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
