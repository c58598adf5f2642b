package dev.taper.cli;

import dev.taper.cli.approval.ApproveCommand;
import dev.taper.cli.approval.EscalateCommand;
import dev.taper.cli.approval.JustifyCommand;
import dev.taper.cli.audit.AuditCommand;
import dev.taper.cli.call.AuthorizeCommand;
import dev.taper.cli.call.ProveCommand;
import dev.taper.cli.call.QueryCommand;
import dev.taper.cli.call.SnapshotCommand;
import dev.taper.cli.catalog.CatalogCommand;
import dev.taper.cli.config.ConfigCommand;
import dev.taper.cli.conformance.ConformanceCommand;
import dev.taper.cli.demo.DemoCommand;
import dev.taper.cli.doctor.DoctorCommand;
import dev.taper.cli.findings.FindingsCommand;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.key.KeygenCommand;
import dev.taper.cli.key.RotateCommand;
import dev.taper.cli.login.EnrolCommand;
import dev.taper.cli.login.LoginCommand;
import dev.taper.cli.names.NamesCommand;
import dev.taper.cli.policy.PolicyCommand;
import dev.taper.cli.registry.RegistryCommand;
import dev.taper.cli.registry.ReviewCommand;
import dev.taper.cli.revocation.OffboardCommand;
import dev.taper.cli.revocation.RevocationsCommand;
import dev.taper.cli.revocation.RevokeCommand;
import dev.taper.cli.revocation.TaskCommand;
import dev.taper.cli.token.AttenuateCommand;
import dev.taper.cli.token.DelegateCommand;
import dev.taper.cli.token.DiffCommand;
import dev.taper.cli.token.InspectCommand;
import dev.taper.cli.token.MintCommand;
import dev.taper.cli.token.SealCommand;
import dev.taper.cli.token.ThirdPartyCommand;
import dev.taper.operations.config.ProfileChoice;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands by name. Only the one that is called is made with its options: all of them together
 * take longer than most commands.
 */
enum CommandTable {
  KEYGEN,
  NAMES,
  ENROL,
  LOGIN,
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
  OFFBOARD,
  TASK,
  QUERY,
  POLICY,
  CATALOG,
  THIRD_PARTY,
  SNAPSHOT,
  AUDIT,
  FINDINGS,
  REGISTRY,
  REVIEW,
  ROTATE,
  CONFIG,
  DOCTOR,
  CONFORMANCE,
  DEMO,
  COMPLETION,
  HELP;

  /** Makes the command. */
  ConsoleCommand build(Console console) {
    return (ConsoleCommand) made(console);
  }

  // Of no closer type, or the verifier would load every command to see that it is one.
  private Object made(Console console) {
    return switch (this) {
      case KEYGEN -> new KeygenCommand(console);
      case NAMES -> new NamesCommand(console);
      case ENROL -> new EnrolCommand(console);
      case LOGIN -> new LoginCommand(console);
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
      case OFFBOARD -> new OffboardCommand(console);
      case TASK -> new TaskCommand(console);
      case QUERY -> new QueryCommand(console);
      case POLICY -> new PolicyCommand(console);
      case CATALOG -> new CatalogCommand(console);
      case THIRD_PARTY -> new ThirdPartyCommand(console);
      case SNAPSHOT -> new SnapshotCommand(console);
      case AUDIT -> new AuditCommand(console);
      case FINDINGS -> new FindingsCommand(console);
      case REGISTRY -> new RegistryCommand(console);
      case REVIEW -> new ReviewCommand(console);
      case ROTATE -> new RotateCommand(console);
      case CONFIG -> new ConfigCommand(console);
      case DOCTOR -> new DoctorCommand(console);
      case CONFORMANCE -> new ConformanceCommand(console);
      case DEMO -> new DemoCommand(console, CommandTable::run);
      case COMPLETION -> new CompletionCommand(console);
      case HELP -> new HelpCommand(console);
    };
  }

  /**
   * Adds the command that the arguments name. Where a name is looked for among all, the others are
   * added by name; only {@code completion} reads all of them.
   */
  static void register(CommandLine line, Console console, String[] args) {
    String word = firstWord(args);
    if (word == null) {
      return; // all that is left are the program's own options
    }
    CommandTable called = find(word);
    if (called != null && called != HELP && called != COMPLETION) {
      called.add(line, console);
      return;
    }
    List<String> words = List.of(args);
    for (CommandTable command : values()) {
      boolean asked = called == HELP && words.contains(command.text());
      if (command == called || asked || called == COMPLETION) {
        command.add(line, console);
      } else {
        line.addSubcommand(command.text(), CommandSpec.create());
      }
    }
  }

  static @Nullable String firstWord(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals(ProfileChoice.PROFILE) || args[i].equals(ProfileChoice.CONFIG)) {
        i++; // its value
      } else if (!args[i].startsWith("-")) {
        return args[i];
      }
    }
    return null;
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
    CommandSpec spec = build(console).spec();
    Examples.addTo(text(), spec);
    line.addSubcommand(text(), spec);
  }

  /** What it is called by. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
