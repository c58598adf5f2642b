package dev.taper.cli.login;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import dev.taper.operations.config.Times;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code taper enrol}. */
public final class EnrolCommand extends ConsoleCommand {
  private final Value<String> name =
      parameter("0", "1", "NAME", "What the agent is called, such as agent:planner.")
          .requiredText();

  private final Value<String> issuer =
      option("--issuer", "URL", "The issuer, as it is called.").requiredText();

  private final Value<@Nullable String> token =
      option(
              "--workload-token",
              "FILE",
              "Enrol by the token in this file, which the workload's provider made for the issuer;"
                  + " - for standard input. Default: by a code that an operator confirms.")
          .text();

  private final Value<String> patience =
      option("--wait", "DURATION", "How long to wait for the operator. Default: 10m.").text("10m");

  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final JsonOption json = part(new JsonOption());

  /** Runs in the given console. */
  public EnrolCommand(Console console) {
    super(
        console,
        "enrol",
        "Make an agent's key known to an issuer, once.",
        "Shows a code and the whole key. An operator types the code at the issuer's page, compares"
            + " the key, and confirms.");
  }

  String name() {
    return name.get();
  }

  String issuer() {
    return issuer.get();
  }

  @Nullable String token() {
    return token.get();
  }

  boolean json() {
    return json.json();
  }

  Duration patience() {
    return Times.parseDuration(patience.get());
  }

  @Override
  protected ExitCode run() {
    return new EnrolService(console).run(this, key.input(console));
  }
}
