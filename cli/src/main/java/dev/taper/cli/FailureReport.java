package dev.taper.cli;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.operations.OperationException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where a failure becomes a message and an exit code. */
final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final Console console;
  private final BooleanSupplier debug;

  FailureReport(Console console, BooleanSupplier debug) {
    this.console = console;
    this.debug = debug;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
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
    CommandLine line = e.getCommandLine();
    String message =
        e instanceof UnmatchedArgumentException unmatched ? unmatched(unmatched) : message(e);
    int status = fail(e, ExitCode.USAGE, "usage", message, line);
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
      case IO -> ExitCode.IO;
    };
  }

  private int fail(Exception e, ExitCode exit, String code, String message, CommandLine line) {
    console.out().flush();
    console.err().println(Style.err(console).bad("taper:") + " " + withCode(message, code));
    if (isJson(line)) {
      Json.object(
          console.out(),
          json -> {
            if (exit == ExitCode.DENIED) {
              json.writeBooleanField("allowed", false);
            }
            json.writeObjectFieldStart("error");
            json.writeStringField("code", code);
            json.writeStringField("message", message);
            json.writeEndObject();
          });
    }
    trace(e);
    return exit.status();
  }

  /** Whether a command prints its results, and so its failures, as JSON. */
  private static boolean isJson(CommandLine line) {
    OptionSpec json = line.getCommandSpec().findOption("--json");
    return json != null && Boolean.TRUE.equals(json.getValue());
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

  private static String unmatched(UnmatchedArgumentException e) {
    String message = "unknown option or command: " + String.join(" ", e.getUnmatched());
    return e.getSuggestions().isEmpty()
        ? message
        : message + "; did you mean " + String.join(" or ", e.getSuggestions()) + "?";
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
