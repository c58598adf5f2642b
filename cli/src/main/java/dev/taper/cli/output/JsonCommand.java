package dev.taper.cli.output;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import java.util.function.Supplier;

/** A command whose result is lines for people, or JSON for programs. */
public abstract class JsonCommand extends ConsoleCommand {
  /** Whether JSON is wanted. */
  protected final Flag json = flag("--json", "Print the result, or the error, as JSON.");

  /**
   * Makes a command.
   *
   * @param name its name
   * @param description what it does, line by line
   */
  protected JsonCommand(Console console, String name, String... description) {
    super(console, name, description);
  }

  /**
   * Prints the result.
   *
   * @param fields the result for programs
   * @param lines prints it for people
   */
  protected final ExitCode answer(Supplier<JsonFields> fields, Runnable lines) {
    return answer(true, fields, lines);
  }

  /**
   * Prints the result.
   *
   * @param good whether it is a good one: else the command exits as for what is denied
   * @param fields the result for programs
   * @param lines prints it for people
   */
  protected final ExitCode answer(boolean good, Supplier<JsonFields> fields, Runnable lines) {
    if (json.given()) {
      printJson(fields.get());
    } else {
      lines.run();
    }
    return good ? ExitCode.OK : ExitCode.DENIED;
  }
}
