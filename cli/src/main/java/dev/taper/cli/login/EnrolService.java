package dev.taper.cli.login;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.login.KeyEnrolment;

/** Enrols an agent's key. */
final class EnrolService extends ConsoleService {
  EnrolService(Console console) {
    super(console);
  }

  ExitCode run(EnrolCommand request, KeyInput key) {
    PublicKey enrolled;
    KeyEnrolment issuer = KeyEnrolment.at(request.issuer(), console.clock());
    String file = request.token();
    Signer agent = keys.signer(key);
    try {
      if (file == null) {
        issuer.byCode(request.name(), agent, told -> show(told, agent), request.patience());
      } else {
        String token = inputs.text(Source.ofFile(file), InputKind.TOKEN).strip();
        issuer.byWorkload(request.name(), agent, token);
      }
      enrolled = agent.publicKey();
    } finally {
      KeyFile.wipe(agent);
    }
    if (request.json()) {
      Json.object(
          console.out(),
          out -> {
            out.writeStringField("name", request.name());
            out.writeStringField("key", enrolled.toString());
          });
    } else {
      console.out().println("enrolled as " + SafeText.line(request.name()));
    }
    return ExitCode.OK;
  }

  private void show(KeyEnrolment.Told told, Signer agent) {
    console.err().println("key   " + agent.publicKey());
    console.err().println("code  " + told.code());
    console.err().println("Have an operator type the code at " + SafeText.line("" + told.page()));
    console.err().flush();
  }
}
