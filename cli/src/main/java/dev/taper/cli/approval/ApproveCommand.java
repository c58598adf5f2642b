package dev.taper.cli.approval;

import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import dev.taper.operations.asking.ServiceAsk;
import org.jspecify.annotations.Nullable;

/** {@code taper approve}. */
public final class ApproveCommand extends ConsoleCommand {
  private final Value<@Nullable String> request =
      parameter(
              "0",
              "0..1",
              "REQUEST",
              "File with the request, or - for standard input (needs --yes).")
          .text();

  private final FromOptions from = part(new FromOptions());

  private final Value<@Nullable String> file =
      option(
              "-o, --out",
              "FILE",
              "Write to a file that only its owner can read. Default: standard output.")
          .text();

  private final Value<@Nullable String> printed =
      option(
              "--print-call",
              "FILE",
              "Write the whole call, however long it is, and its digest to a file that only its owner"
                  + " can read, or with - to standard output. Nothing is signed.")
          .text();

  private final Value<@Nullable String> catalog =
      option(
              "--catalog",
              "FILE",
              "The service's catalog of tools: what it says a call touches, and its amount, are shown"
                  + " before the rest.")
          .text();

  private final AnswerOptions answer = part(new AnswerOptions());
  private final PublicKeyInput root = part(new PublicKeyInput());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final AuditOptions audit = part(new AuditOptions());
  private final NamesOption names = part(new NamesOption());
  private final JsonOption json = part(new JsonOption());

  /** Runs in the given console. */
  public ApproveCommand(Console console) {
    super(
        console,
        "approve",
        "Approve a call that a holder or a service asks for.",
        "Verifies the token, shows who asks for what on whose behalf and what would be signed, and"
            + " signs when answered yes. The approval goes back to the holder, who sends it beside"
            + " the token, or with --from to the service that asks; taper revoke approval takes it"
            + " back.");
  }

  @Override
  protected ExitCode run() {
    ApprovalService service = new ApprovalService(names.shown(console).on(console));
    String name = request.get();
    if (from.isGiven() == (name != null)) {
      throw CliException.usage(
          "say what is to be approved: a file with the request, or --from with the URL of an ask");
    }
    if (name == null && from.refusal() != null) {
      new GivenOptions()
          .add("--out", file.get() != null)
          .add("--yes", answer.isFinal())
          .add("--print-call", printed.get() != null)
          .add("--catalog", catalog.get() != null)
          .refuse("and --refuse exclude each other", "and --refuse exclude each other");
      return service.refuse(from.read(), from.refusal(), json.json());
    }
    if (printed.get() != null) {
      return print(service, name, printed.get());
    }
    PublicKeyInput trusted = root.required();
    KeyInput approver = key.input(console);
    if (name == null) {
      ServiceAsk ask = from.read();
      return service.approve(
          asked(service, ask.request(), trusted, approver), ask, file.get(), json.json());
    }
    from.requireNothingElse();
    if (name.equals("-") && !answer.isFinal()) {
      throw CliException.usage("the answer is read from standard input: name a file, or use --yes");
    }
    ApprovalRequest given = service.request(Source.ofFile(name));
    return service.approve(asked(service, given, trusted, approver), null, file.get(), json.json());
  }

  /** Writes the call that is to be approved. */
  private ExitCode print(ApprovalService service, @Nullable String name, String target) {
    new GivenOptions()
        .add("--out", file.get() != null)
        .add("--yes", answer.isFinal())
        .add("--accept-digest", answer.acceptedDigest() != null)
        .refuse("and --print-call exclude each other", "and --print-call exclude each other");
    if (name == null) {
      return print(service, from.read().request(), target);
    }
    from.requireNothingElse();
    return print(service, service.request(Source.ofFile(name)), target);
  }

  private ExitCode print(ApprovalService service, ApprovalRequest given, String target) {
    return service.printCall(given, service.tool(given, catalog.get()), target, json.json());
  }

  private ApprovalService.Asked asked(
      ApprovalService service, ApprovalRequest asked, PublicKeyInput trusted, KeyInput approver) {
    return new ApprovalService.Asked(
        asked,
        answer,
        trusted,
        approver,
        audit.recorder(console),
        service.tool(asked, catalog.get()));
  }
}
