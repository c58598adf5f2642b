package dev.taper.cli.login;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.config.Times;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.login.KeyEnrolment;
import org.jspecify.annotations.Nullable;

/** {@code taper enrol}. */
public final class EnrolCommand extends JsonCommand {
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

  /** Runs in the given console. */
  public EnrolCommand(Console console) {
    super(
        console,
        "enrol",
        "Make an agent's key known to an issuer, once.",
        "Shows a code and the whole key. An operator types the code at the issuer's page, compares"
            + " the key, and confirms.");
  }

  @Override
  protected ExitCode run() {
    KeyInput agentKey = key.input(console);
    PublicKey enrolled;
    KeyEnrolment enrolment = KeyEnrolment.at(issuer.get(), console.clock());
    String file = token.get();
    Signer agent = keys.signer(agentKey);
    try {
      if (file == null) {
        enrolment.byCode(
            name.get(), agent, told -> show(told, agent), Times.parseDuration(patience.get()));
      } else {
        String proof = inputs.text(Source.ofFile(file), InputKind.TOKEN).strip();
        enrolment.byWorkload(name.get(), agent, proof);
      }
      enrolled = agent.publicKey();
    } finally {
      KeyFile.wipe(agent);
    }
    return answer(
        () -> new JsonFields().put("name", name.get()).put("key", enrolled),
        () -> print("enrolled as " + SafeText.line(name.get())));
  }

  private void show(KeyEnrolment.Told told, Signer agent) {
    console.err().println("key   " + agent.publicKey());
    console.err().println("code  " + told.code());
    console.err().println("Have an operator type the code at " + SafeText.line("" + told.page()));
    console.err().flush();
  }
}
