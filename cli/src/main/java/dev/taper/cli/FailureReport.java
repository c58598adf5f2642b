package dev.taper.cli;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.operations.OperationException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where a failure becomes a message and an exit code. */
final class FailureReport
    implements IExecutionExceptionHandler, IParameterExceptionHandler, IExecutionStrategy {
  /** How picocli begins to say that a parameter is wrong. */
  private static final String POSITIONAL = "Invalid value for positional parameter";

  private final Console console;
  private final List<String> args;
  private final BooleanSupplier debug;
  private @Nullable Supplier<@Nullable String> usageHint;

  FailureReport(Console console, List<String> args, BooleanSupplier debug) {
    this.console = console;
    this.args = args;
    this.debug = debug;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, @Nullable ParseResult parsed) {
    if (e instanceof CliException cli) {
      return fail(cli, cli.exit(), cli.code(), message(cli), line);
    } else if (e instanceof OperationException operation) {
      return fail(operation, exit(operation.kind()), operation.code(), message(operation), line);
    } else if (e instanceof TaperException taper) {
      return fail(taper, exit(taper.code()), taper.code().text(), message(taper), line);
    } else if (e instanceof ParameterException parameter) {
      return handleParseException(parameter, new String[0]);
    }
    return internal(e);
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    return misused(e, List.of(e));
  }

  /** Adds what to know of a command line that makes no sense. */
  void hint(Supplier<@Nullable String> hint) {
    usageHint = hint;
  }

  private @Nullable String usageHint() {
    return usageHint == null ? null : usageHint.get();
  }

  /**
   * Runs a command whose options make sense. What is wrong with several of them is told at once.
   *
   * @param parsed what was parsed, with its errors
   */
  @Override
  public int execute(ParseResult parsed) {
    List<ParameterException> errors = new ArrayList<>();
    boolean asksHelp = false;
    boolean isMisled = false; // a parameter was taken for none, so those behind it are not known
    for (ParseResult at = parsed; at != null; at = at.hasSubcommand() ? at.subcommand() : null) {
      asksHelp |= at.isUsageHelpRequested() || at.isVersionHelpRequested();
      for (Exception error : at.errors()) {
        if (!(error instanceof ParameterException wrong)) {
          throw new IllegalStateException(error);
        } else if (!(isMisled && isOfParameters(wrong))
            && errors.stream().noneMatch(one -> message(one).equals(message(wrong)))) {
          errors.add(wrong);
          isMisled |= isParameter(wrong);
        }
      }
    }
    if (!errors.isEmpty() && !asksHelp) {
      return misused(errors.get(errors.size() - 1), errors);
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static boolean isOfParameters(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched.getUnmatched().stream().noneMatch(word -> word.startsWith("-"));
    }
    if (e instanceof MissingParameterException missing) {
      return missing.getMissing().stream().allMatch(ArgSpec::isPositional);
    }
    return isParameter(e);
  }

  private static boolean isParameter(ParameterException e) {
    return e.getArgSpec() != null && e.getArgSpec().isPositional();
  }

  private int misused(ParameterException shown, List<ParameterException> errors) {
    CommandLine line = shown.getCommandLine();
    Hints hints = new Hints(console);
    boolean isMisled = errors.stream().anyMatch(FailureReport::isParameter);
    List<String> messages = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    for (ParameterException error : errors) {
      messages.add(
          error instanceof UnmatchedArgumentException un
              ? unmatched(un, isMisled)
              : message(error));
      advice.addAll(hints(error, hints));
    }
    String ofProfile = usageHint();
    if (ofProfile != null) {
      advice.add(ofProfile);
    }
    String hint = advice.isEmpty() ? null : String.join("; ", advice);
    int status = fail(shown, ExitCode.USAGE, "usage", String.join("\n", messages), hint, line);
    console.err().println("See: " + line.getCommandSpec().qualifiedName() + " --help");
    return status;
  }

  /** Reports a defect. */
  int internal(Throwable e) {
    console.err().println("taper: internal error: " + SafeText.line(e.toString()) + " (internal)");
    trace(e);
    return ExitCode.INTERNAL.status();
  }

  /** Which exit code a code stands for. */
  static ExitCode exit(ErrorCode code) {
    return switch (code.category()) {
      case FORMAT, SIGNATURE, REQUEST, PROOF, REVOCATION -> ExitCode.INVALID_TOKEN;
      case LANGUAGE -> ExitCode.INVALID_DATALOG;
      // What could not be evaluated is not allowed; the code tells it from a plain refusal.
      case EXECUTION, LIMIT -> ExitCode.DENIED;
      case STORE -> ExitCode.IO;
      case KEY, USAGE -> ExitCode.USAGE;
    };
  }

  private static ExitCode exit(OperationException.Kind kind) {
    return switch (kind) {
      case USAGE -> ExitCode.USAGE;
      case REFUSED -> ExitCode.DENIED;
      case NOTHING -> ExitCode.NOTHING;
      case IO -> ExitCode.IO;
    };
  }

  private int fail(Exception e, ExitCode exit, String code, String message, CommandLine line) {
    return fail(e, exit, code, message, code.equals("usage") ? usageHint() : null, line);
  }

  private int fail(
      Exception e,
      ExitCode exit,
      String code,
      String message,
      @Nullable String hint,
      CommandLine line) {
    console.out().flush();
    int end = message.indexOf('\n');
    String first = end < 0 ? message : message.substring(0, end);
    String told =
        (hint == null ? first : first + "; " + hint) + (end < 0 ? "" : message.substring(end));
    console.err().println(Style.err(console).bad("taper:") + " " + withCode(told, code));
    if (isJson(line)) {
      JsonFields error =
          new JsonFields()
              .put("code", code)
              .put("message", message)
              .putIfPresent("hint", hint)
              .put("exit", exit.status());
      Json.error(
          console.out(),
          new JsonFields()
              .putIfPresent("allowed", exit == ExitCode.DENIED ? false : null)
              .put("error", error));
    }
    trace(e);
    return exit.status();
  }

  /** Whether a command prints its results, and so its failures, as JSON. */
  private boolean isJson(CommandLine line) {
    OptionSpec json = line.getCommandSpec().findOption("--json");
    return json == null
        ? line.getParent() == null && args.contains("--json") // nothing was parsed yet
        : Boolean.TRUE.equals(json.getValue());
  }

  private void trace(Throwable e) {
    if (debug.getAsBoolean()) {
      e.printStackTrace(console.err());
    }
  }

  /** The message with its code at the end of the first line; a caret may follow below. */
  private static String withCode(String message, String code) {
    String safe = SafeText.lines(message);
    int end = safe.indexOf('\n');
    String suffix = " (" + code + ")";
    return end < 0 ? safe + suffix : safe.substring(0, end) + suffix + safe.substring(end);
  }

  /**
   * What nobody knows: one word where a command is expected, as all else depends on it; options
   * alone behind a parameter that is wrong.
   */
  private static String unmatched(UnmatchedArgumentException e, boolean isMisled) {
    List<String> words = e.getUnmatched();
    boolean isCommand = isGroup(e) && !words.get(0).startsWith("-");
    Stream<String> shown =
        isCommand
            ? Stream.of(words.get(0))
            : words.stream().filter(word -> !isMisled || word.startsWith("-"));
    return "unknown option or command: " + shown.collect(Collectors.joining(" "));
  }

  private static boolean isGroup(ParameterException e) {
    return !e.getCommandLine().getSubcommands().isEmpty() || e.getCommandLine().getParent() == null;
  }

  private static List<String> hints(ParameterException e, Hints hints) {
    List<String> found = new ArrayList<>();
    String under = words(e.getCommandLine());
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> words = unmatched.getUnmatched();
      boolean isCommand = isGroup(e) && !words.get(0).startsWith("-");
      for (String word : isCommand ? words.subList(0, 1) : words) {
        String hint = isCommand || word.startsWith("-") ? hints.of(under, word) : null;
        if (hint != null && !found.contains(hint)) {
          found.add(hint);
        }
      }
    } else if (e.getArgSpec() != null && e.getValue() != null) {
      ArgSpec argument = e.getArgSpec();
      String hint = argument.isPositional() ? hints.ofValue(under, e.getValue()) : null;
      if (hint == null && argument.completionCandidates() != null) {
        hint = Hints.ofChoice(e.getValue(), argument.completionCandidates());
      }
      if (hint != null) {
        found.add(hint);
      }
    }
    return found;
  }

  /** The words of a command, without the program's. */
  private static String words(CommandLine line) {
    String name = line.getCommandSpec().qualifiedName();
    int space = name.indexOf(' ');
    return space < 0 ? "" : name.substring(space + 1);
  }

  private static String message(ParameterException e) {
    String message = message((Exception) e);
    ArgSpec argument = e.getArgSpec();
    if (argument == null || !argument.isPositional() || !message.startsWith(POSITIONAL)) {
      return message;
    }
    return message.substring(message.indexOf(" (") + 2).replaceFirst("\\): ", ": ");
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
