package dev.taper.cli.approval;

import dev.taper.agent.Agent;
import dev.taper.agent.AgentToken;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalTerms;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.approval.Refusal;
import dev.taper.agent.approval.Statement;
import dev.taper.audit.AuditCall;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditSubject;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.SafeText;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.config.Times;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.token.ThirdPartyBlock;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks for approvals, gives or refuses them, adds them to tokens, and justifies. */
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
   */
  ExitCode request(EncodedInput input, AskOptions ask, @Nullable String file) {
    outputs.secretText(file, ask.ask(token(input), inputs).encode());
    return ExitCode.OK;
  }

  /**
   * Shows a request, and signs what is answered.
   *
   * @param source the request
   * @param answer what is answered
   * @param root the root keys that the token is verified with
   * @param key the approver's key
   * @param audit keeps the record
   * @param target where the approval or refusal goes
   */
  ExitCode decide(
      Source source,
      AnswerOptions answer,
      PublicKeyInput root,
      KeyInput key,
      AuditRecorder audit,
      OutputOptions target) {
    String text = inputs.text(source, InputKind.APPROVAL_REQUEST);
    ApprovalRequest request = Tokens.checked(() -> ApprovalRequest.decode(text));
    DelegationChain chain =
        Tokens.checked(
            () ->
                DelegationChain.of(request.token().verifyHeld(root.read(inputs, console.clock()))));
    ApprovalTerms terms = answer.terms(console.clock());
    PrivateKey approver = keys.privateKey(key);
    try {
      new ApprovalText(console, request, chain, approver.publicKey()).print(answer, terms);
      if (!answer.isFinal() && !isYes()) {
        console.err().println("taper: nothing was signed");
        return ExitCode.DENIED;
      }
      ThirdPartyBlock signed =
          answer.isRefusal()
              ? request.refuse(approver, answer.reason(), console.clock())
              : request.approve(approver, terms, console.clock());
      audit.record(now -> decided(request, answer, terms, Statement.of(signed.block()), now));
      tokens.write(target, signed::encode, signed::encodeBase64);
      return ExitCode.OK;
    } finally {
      approver.destroy();
    }
  }

  /** The record of an approval or a refusal. */
  private static AuditEvent decided(
      ApprovalRequest request,
      AnswerOptions answer,
      ApprovalTerms terms,
      @Nullable Statement statement,
      Instant now) {
    // A record names one service; what is approved for several stands in the approval.
    String audience =
        statement instanceof Approval approval && approval.audiences().size() == 1
            ? approval.audiences().first()
            : null;
    AuditCall call = AuditCall.of(audience, request.call());
    AuditEvent event =
        AuditEvent.of(answer.isRefusal() ? AuditKind.REFUSE : AuditKind.APPROVE, now)
            .about(AgentToken.of(request.token()))
            .call(terms.anyArguments() ? call.withAnyArguments() : call);
    if (statement instanceof Approval approval) {
      return event
          .by(approval.approver().toString())
          .subject(
              AuditSubject.of("approval", approval.id())
                  .until(approval.until())
                  .reason(request.reason())
                  .decision(approval.singleUse() ? "approved once" : "approved"));
    } else if (statement instanceof Refusal refusal) {
      return event
          .by(refusal.approver().toString())
          .subject(
              AuditSubject.of("approval", refusal.id())
                  .reason(answer.reason())
                  .decision("refused"));
    }
    throw new IllegalStateException("what was signed is neither an approval nor a refusal");
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
   * Adds an approval and writes the new token.
   *
   * @param input the token
   * @param key the holder's key
   * @param source what the approver signed
   * @param target where the new token goes
   * @return {@link ExitCode#DENIED} for a refusal
   */
  ExitCode attach(EncodedInput input, KeyInput key, Source source, OutputOptions target) {
    AgentToken token = token(input);
    ThirdPartyBlock block =
        tokens.read(
            new EncodedInput(source, false), ThirdPartyBlock::decode, ThirdPartyBlock::decode);
    Statement statement = Tokens.checked(() -> Statement.of(block.block()));
    if (statement instanceof Refusal refusal) {
      console.err().println("taper: " + SafeText.line(refusal.approver() + " " + refusal.words()));
      return ExitCode.DENIED;
    }
    if (!(statement instanceof Approval)) {
      throw new CliException(
          ExitCode.INVALID_TOKEN,
          "not_an_approval",
          "the third party's block is no approval; use third-party append for others",
          null);
    }
    PrivateKey holder = keys.privateKey(key);
    AgentToken longer = Tokens.checked(() -> token.append(block, holder));
    holder.destroy();
    tokens.write(target, longer::encode, longer::encodeBase64);
    return ExitCode.OK;
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
      AuditRecorder audit,
      OutputOptions target) {
    AgentToken token = token(input);
    Justification justification =
        Justification.of(tool, reason, Times.window(console.clock(), window), console.clock());
    PrivateKey holder = keys.privateKey(key);
    AgentToken longer = token.justify(holder, justification);
    holder.destroy();
    Agent by = token.chain().holder();
    audit.record(
        now ->
            AuditEvent.of(AuditKind.JUSTIFY, now)
                .about(longer)
                .by(by == null ? null : by.name())
                .subject(
                    AuditSubject.of("justification", justification.tools().toString())
                        .until(justification.until())
                        .reason(justification.reason())));
    tokens.write(target, longer::encode, longer::encodeBase64);
    return ExitCode.OK;
  }

  private AgentToken token(EncodedInput input) {
    return tokens.read(input, AgentToken::decode, AgentToken::decode);
  }
}
