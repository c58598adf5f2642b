package dev.taper.server.process;

import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where a failure to start becomes a line and an exit code. */
public final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
  /** The exit code of a wrong command line, configuration or key. */
  public static final int USAGE = 2;

  /** The exit code of a file, address or database that cannot be used. */
  public static final int IO = 5;

  /** The exit code of a defect in this program. */
  public static final int INTERNAL = 70;

  private static final int MESSAGE = 2_000; // columns

  private final Supplier<@Nullable String> hint;

  /** Reports what fails. */
  public FailureReport() {
    this(() -> null);
  }

  private FailureReport(Supplier<@Nullable String> hint) {
    this.hint = hint;
  }

  /** One that adds what to know of a command line that makes no sense, if there is something. */
  public FailureReport hinting(Supplier<@Nullable String> what) {
    return new FailureReport(what);
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, @Nullable ParseResult parsed) {
    if (e instanceof ParameterException parameter) {
      return handleParseException(parameter, new String[0]);
    }
    if (e instanceof OperationException operation) {
      return say(
          line,
          operation.code().equals("usage") ? hinted(message(e)) : message(e),
          operation.code(),
          operation.kind() == OperationException.Kind.IO ? IO : USAGE);
    }
    if (e instanceof TaperException taper) {
      return say(
          line,
          message(e),
          taper.code().text(),
          taper.code().category() == ErrorCode.Category.STORE ? IO : USAGE);
    }
    return say(line, "internal error: " + e, "internal", INTERNAL);
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    String message =
        e instanceof UnmatchedArgumentException unmatched ? unmatched(unmatched) : message(e);
    int status = say(line, hinted(message), "usage", USAGE);
    line.getErr().println("See: " + line.getCommandSpec().qualifiedName() + " --help");
    return status;
  }

  private String hinted(String message) {
    String more = hint.get();
    return more == null ? message : message + "; " + more;
  }

  private static int say(CommandLine line, String message, String code, int status) {
    line.getErr().println("taper: " + ShownText.of(message, MESSAGE) + " (" + code + ")");
    if (JsonResult.isAsked(line)) {
      JsonResult.error(line.getOut(), code, message, status);
      line.getOut().flush();
    }
    return status;
  }

  private static String unmatched(UnmatchedArgumentException e) {
    String message = "unknown option or command: " + String.join(" ", e.getUnmatched());
    if (!e.getSuggestions().isEmpty()) {
      return message + "; did you mean " + String.join(" or ", e.getSuggestions()) + "?";
    }
    boolean startsServers =
        e.getCommandLine().getCommandSpec().positionalParameters().stream()
            .anyMatch(position -> position.paramLabel().startsWith("COMMAND"));
    return startsServers ? message + "; the command of a server stands behind --" : message;
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
