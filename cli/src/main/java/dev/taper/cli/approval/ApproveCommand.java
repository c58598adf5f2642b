package dev.taper.cli.approval;

import dev.taper.JsonFields;
import dev.taper.ShownText;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CatalogOption;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.crypto.Signer;
import dev.taper.operations.asking.ServiceAsk;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.trail.AuditRecorder;
import org.jspecify.annotations.Nullable;

/** {@code taper approve}. */
public final class ApproveCommand extends JsonCommand {
  private static final int MAX_ANSWER_BYTES = 17;

  private final Value<@Nullable String> request =
      parameter(
              "0",
              "0..1",
              "REQUEST",
              "File with the request, or - for standard input (needs --yes).")
          .text();

  private final FromOptions from = part(new FromOptions());

  private final Value<@Nullable String> file = outFile();

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
    Console named = names.shown(console).on(console);
    String name = request.get();
    if (from.isGiven() == (name != null)) {
      throw CliException.usage(
          "say what is to be approved: a file with the request, or --from with the URL of an ask");
    }
    if (name == null && from.refusal() != null) {
      new GivenOptions()
          .add(file, answer.yes, printed, catalog)
          .refuse("and --refuse exclude each other");
      return refuse(from.read(), from.refusal());
    }
    if (printed.get() != null) {
      return printCall(name, printed.get(), new Outputs(named));
    }
    PublicKeyInput trusted = root.required();
    KeyInput approver = key.input(console);
    if (name == null) {
      ServiceAsk ask = from.read();
      return approve(ask.request(), ask, trusted, approver);
    }
    from.requireNothingElse();
    if (name.equals("-") && !answer.yes.given()) {
      throw CliException.usage("the answer is read from standard input: name a file, or use --yes");
    }
    return approve(read(name), null, trusted, approver);
  }

  private ApprovalRequest read(String name) {
    String text = inputs.text(Source.ofFile(name), InputKind.APPROVAL_REQUEST);
    return Tokens.checked(() -> ApprovalRequest.decode(text));
  }

  /**
   * What a catalog says of the tool that a request is about.
   *
   * @return null if no catalog is at hand
   * @throws CliException {@code usage} if the call was not made by this catalog
   */
  private @Nullable CatalogTool tool(ApprovalRequest asked) {
    if (catalog.get() == null) {
      return null;
    }
    ToolCatalog tools = CatalogOption.read(inputs, catalog.get());
    if (!tools.digest().equals(asked.catalogDigest())) {
      throw CliException.usage(
          "another catalog says what this call means: its digest is "
              + asked.catalogDigest()
              + ", and that of --catalog is "
              + tools.digest());
    }
    return tools.tools().get(asked.call().tool());
  }

  private ExitCode printCall(@Nullable String name, String target, Outputs shown) {
    new GivenOptions()
        .add(file, answer.yes, answer.digest)
        .refuse("and --print-call exclude each other");
    if (name != null) {
      from.requireNothingElse();
    }
    ApprovalRequest asked = name == null ? from.read().request() : read(name);
    shown.result(target, CallText.whole(asked, tool(asked)), json.given());
    return ExitCode.OK;
  }

  /**
   * Shows what is asked for and signs it.
   *
   * @param asked what is asked for
   * @param ask the service that asks and gets the answer, or null
   * @param trusted who signed the token
   * @param approverKey who approves
   */
  private ExitCode approve(
      ApprovalRequest asked,
      @Nullable ServiceAsk ask,
      PublicKeyInput trusted,
      KeyInput approverKey) {
    AuditRecorder recorder = audit.recorder(console);
    CatalogTool tool = tool(asked);
    if (ask != null) {
      ask.requireOpen();
    }
    DelegationChain chain =
        Tokens.checked(
            () ->
                DelegationChain.of(
                    asked.token().verifyHeld(trusted.read(inputs, console.clock()))));
    ApprovalStatement statement = asked.statement(answer.terms(console.clock()), console.clock());
    Signer approver = keys.signer(approverKey);
    try {
      ShownCall shown = ShownCall.of(asked.call(), tool);
      new ApprovalText(console, asked, chain, approver.publicKey()).print(ask, shown, statement);
      answer.requireSeen(shown, statement);
      if (!answer.yes.given() && !console.ask("Sign? Type yes: ", MAX_ANSWER_BYTES).equals("yes")) {
        console.err().println("taper: nothing was signed");
        return ExitCode.DENIED;
      }
      Approval signed = statement.sign(approver);
      recorder.record(now -> ServiceAsk.approved(asked, signed, now));
      if (ask == null) {
        outputs.result(file.get(), signed.encodeBase64(), json.given());
        return ExitCode.OK;
      }
      if (file.get() != null) {
        outputs.secretText(file.get(), signed.encodeBase64());
      }
      ask.approve(signed);
      console.err().println("taper: the service has the approval");
      answered("approved");
      return ExitCode.OK;
    } finally {
      KeyFile.wipe(approver);
    }
  }

  private ExitCode refuse(ServiceAsk ask, String reason) {
    ask.requireOpen();
    ask.refuse(Canonical.reason(reason));
    console.err().println("taper: refused: " + ShownText.of(ask.request().call().toString(), 200));
    answered("refused");
    return ExitCode.OK;
  }

  private void answered(String words) {
    if (json.given()) {
      printJson(new JsonFields().put("answer", words).putIfPresent("file", file.get()));
    }
  }
}
