package dev.taper.cli.approval;

import dev.taper.ShownText;
import dev.taper.agent.AgentToken;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.cli.io.CatalogOption;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.HolderRecords;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.Json;
import dev.taper.crypto.Signer;
import dev.taper.operations.asking.ServiceAsk;
import dev.taper.operations.config.Times;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.trail.AuditRecorder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Asks for approvals, gives them, and justifies. */
final class ApprovalService extends ConsoleService {
  private static final int LONGEST_ANSWER = 16;

  ApprovalService(Console console) {
    super(console);
  }

  /**
   * Asks for an approval and writes the request.
   *
   * @param input the token
   * @param ask what is asked
   * @param file where the request goes, or null for standard output
   * @param json whether to say as JSON where it went
   */
  ExitCode request(EncodedInput input, AskOptions ask, @Nullable String file, boolean json) {
    String request = ask.ask(token(input), inputs).encode();
    if (file == null || file.equals("-")) {
      outputs.secretText(null, request); // it is JSON itself
    } else {
      outputs.result(file, request, json);
    }
    return ExitCode.OK;
  }

  /** Reads a request for approval. */
  ApprovalRequest request(Source source) {
    String text = inputs.text(source, InputKind.APPROVAL_REQUEST);
    return Tokens.checked(() -> ApprovalRequest.decode(text));
  }

  /**
   * What a catalog says of the tool that a request is about.
   *
   * @param file the catalog; null if none is at hand
   * @return null without one
   * @throws CliException {@code usage} if the call was not made by this catalog
   */
  @Nullable CatalogTool tool(ApprovalRequest request, @Nullable String file) {
    if (file == null) {
      return null;
    }
    ToolCatalog catalog = CatalogOption.read(inputs, file);
    if (!catalog.digest().equals(request.catalogDigest())) {
      throw CliException.usage(
          "another catalog says what this call means: its digest is "
              + request.catalogDigest()
              + ", and that of --catalog is "
              + catalog.digest());
    }
    return catalog.tools().get(request.call().tool());
  }

  /**
   * Writes the whole call that is to be approved, and signs nothing.
   *
   * @param tool what the service's catalog says of the tool; null if none is at hand
   * @param file where it goes; {@code -} for standard output
   * @param json whether JSON is wanted
   */
  ExitCode printCall(
      ApprovalRequest request, @Nullable CatalogTool tool, String file, boolean json) {
    outputs.result(file, CallText.whole(request, tool), json);
    return ExitCode.OK;
  }

  /**
   * What is asked, and how it would be approved.
   *
   * @param request the request
   * @param answer on what terms
   * @param root the root keys that the token is verified with
   * @param key the approver's key
   * @param audit keeps the record
   * @param tool what the service's catalog says of the tool; null if none is at hand
   */
  record Asked(
      ApprovalRequest request,
      AnswerOptions answer,
      PublicKeyInput root,
      KeyInput key,
      AuditRecorder audit,
      @Nullable CatalogTool tool) {}

  /**
   * Shows a request and what would be signed, and signs that when answered yes.
   *
   * @param asked what is asked
   * @param ask the service's ask, which gets the approval; null without one
   * @param file where the approval goes; null for standard output, or for the ask alone
   * @param json whether JSON is wanted
   */
  ExitCode approve(Asked asked, @Nullable ServiceAsk ask, @Nullable String file, boolean json) {
    if (ask != null) {
      ask.requireOpen();
    }
    ApprovalRequest request = asked.request();
    DelegationChain chain =
        Tokens.checked(
            () ->
                DelegationChain.of(
                    request.token().verifyHeld(asked.root().read(inputs, console.clock()))));
    ApprovalStatement statement =
        request.statement(asked.answer().terms(console.clock()), console.clock());
    Signer approver = keys.signer(asked.key());
    try {
      ShownCall shown = ShownCall.of(request.call(), asked.tool());
      new ApprovalText(console, request, chain, approver.publicKey()).print(ask, shown, statement);
      asked.answer().requireSeen(shown, statement);
      if (!asked.answer().isFinal() && !isYes()) {
        console.err().println("taper: nothing was signed");
        return ExitCode.DENIED;
      }
      Approval signed = statement.sign(approver);
      asked.audit().record(now -> ServiceAsk.approved(request, signed, now));
      if (ask == null) {
        outputs.result(file, signed.encodeBase64(), json);
        return ExitCode.OK;
      }
      if (file != null) {
        outputs.secretText(file, signed.encodeBase64());
      }
      ask.approve(signed);
      console.err().println("taper: the service has the approval");
      if (json) {
        answered("approved", file);
      }
      return ExitCode.OK;
    } finally {
      KeyFile.wipe(approver);
    }
  }

  /**
   * Refuses what a service asks. No key signs a no: it lets nothing happen.
   *
   * @param ask the service's ask
   * @param reason why, for whoever asks
   * @param json whether JSON is wanted
   */
  ExitCode refuse(ServiceAsk ask, String reason, boolean json) {
    ask.requireOpen();
    ask.refuse(Canonical.reason(reason));
    console.err().println("taper: refused: " + ShownText.of(ask.request().call().toString(), 200));
    if (json) {
      answered("refused", null);
    }
    return ExitCode.OK;
  }

  private void answered(String answer, @Nullable String file) {
    Json.object(
        console.out(),
        out -> {
          out.writeStringField("answer", answer);
          Json.text(out, "file", file);
        });
  }

  private boolean isYes() {
    console.err().print("Sign? Type yes: ");
    console.err().flush();
    StringBuilder line = new StringBuilder();
    try {
      for (int c = console.in().read(); c >= 0 && c != '\n'; c = console.in().read()) {
        if (line.length() > LONGEST_ANSWER) {
          return false;
        }
        line.append((char) c);
      }
    } catch (IOException e) {
      throw CliException.io("cannot read the answer: " + e.getMessage(), e);
    }
    return line.toString().strip().equals("yes");
  }

  /**
   * Adds a justification and writes the new token.
   *
   * @param input the token
   * @param key the holder's key
   * @param tool which tools
   * @param reason why
   * @param window for how long, as written
   * @param audit keeps the record
   * @param target where the new token goes
   */
  ExitCode justify(
      EncodedInput input,
      KeyInput key,
      String tool,
      String reason,
      String window,
      HolderRecords audit,
      OutputOptions target) {
    AgentToken token = token(input);
    Justification justification =
        Justification.of(tool, reason, Times.window(console.clock(), window), console.clock());
    Signer holder = keys.signer(key);
    AgentToken longer;
    try {
      longer = token.justify(holder, justification);
      audit.record(token, holder, longer);
    } finally {
      KeyFile.wipe(holder);
    }
    tokens.write(target, longer::encode, longer::encodeBase64);
    return ExitCode.OK;
  }

  private AgentToken token(EncodedInput input) {
    return tokens.read(input, AgentToken::decode, AgentToken::decode);
  }
}
