package dev.taper.cli.service;

import dev.taper.agent.Agent;
import dev.taper.agent.AgentToken;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalTerms;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.approval.Refusal;
import dev.taper.agent.approval.Statement;
import dev.taper.agent.call.ToolCall;
import dev.taper.audit.AuditCall;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditSubject;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Source;
import dev.taper.cli.output.SafeText;
import dev.taper.crypto.PrivateKey;
import dev.taper.token.ThirdPartyBlock;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks for approvals, gives or refuses them, adds them to tokens; and justifies. */
public final class ApprovalService {
  private static final int LONGEST_ANSWER = 16;

  private final Console console;
  private final Inputs inputs;
  private final Outputs outputs;
  private final Keys keys;
  private final Tokens tokens;
  private final AuditRecorder audit;

  /** Works in the given console. */
  public ApprovalService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.outputs = new Outputs(console);
    this.keys = new Keys(console, inputs);
    this.tokens = new Tokens(inputs, outputs);
    this.audit = new AuditRecorder(console);
  }

  /**
   * What is asked.
   *
   * @param call the call as JSON
   * @param freeText arguments that are neither URLs nor paths, whatever they look like
   * @param audience the service
   * @param reason why
   */
  public record Suggestion(Source call, List<String> freeText, String audience, String reason) {
    /** Copies the list. */
    public Suggestion {
      freeText = List.copyOf(freeText);
    }
  }

  /**
   * What the approver says.
   *
   * @param window for how long, as written
   * @param audiences at which services; none for the one that is asked for
   * @param anyArguments whatever the arguments are
   * @param singleUse for one call only
   * @param refuse true to refuse
   * @param reason why it is refused, or null
   * @param yes true not to ask
   */
  public record Answer(
      String window,
      List<String> audiences,
      boolean anyArguments,
      boolean singleUse,
      boolean refuse,
      @Nullable String reason,
      boolean yes) {
    /** Copies the list. */
    public Answer {
      audiences = List.copyOf(audiences);
    }
  }

  /**
   * What a holder says.
   *
   * @param tool which tools
   * @param reason why
   * @param window for how long, as written
   */
  public record Claim(String tool, String reason, String window) {}

  /**
   * Asks for an approval and writes the request.
   *
   * @param input the token
   * @param ask what is asked
   * @param file where the request goes, or null for standard output
   */
  public ExitCode request(EncodedInput input, Suggestion ask, @Nullable String file) {
    AgentToken token = token(input);
    ToolCall call =
        ToolCall.parse(inputs.text(ask.call(), InputKind.REQUEST), Set.copyOf(ask.freeText()));
    outputs.secretText(file, token.requestApproval(call, ask.audience(), ask.reason()).encode());
    return ExitCode.OK;
  }

  /**
   * Shows a request, and signs what is answered.
   *
   * @param source the request
   * @param answer what is answered
   * @param root the root keys that the token is verified with
   * @param key the approver's key
   * @param log the audit log, or null
   * @param target where the approval or refusal goes
   */
  public ExitCode decide(
      Source source,
      Answer answer,
      RootKeyInput root,
      KeyInput key,
      @Nullable AuditTarget log,
      OutputTarget target) {
    String text = inputs.text(source, InputKind.APPROVAL_REQUEST);
    ApprovalRequest request = Tokens.checked(() -> ApprovalRequest.decode(text));
    DelegationChain chain =
        Tokens.checked(() -> DelegationChain.of(request.token().verifyHeld(keys.rootKeys(root))));
    ApprovalTerms terms = terms(answer);
    PrivateKey approver = keys.privateKey(key);
    try {
      new ApprovalText(console, request, chain, approver.publicKey()).print(answer, terms);
      if (!answer.yes() && !isYes()) {
        console.err().println("taper: nothing was signed");
        return ExitCode.DENIED;
      }
      ThirdPartyBlock signed =
          answer.refuse()
              ? request.refuse(approver, answer.reason(), console.clock())
              : request.approve(approver, terms, console.clock());
      audit.record(log, now -> decided(request, answer, Statement.of(signed.block()), now));
      tokens.write(target, signed::encode, signed::encodeBase64);
      return ExitCode.OK;
    } finally {
      approver.destroy();
    }
  }

  /** The record of an approval or a refusal. */
  private static AuditEvent decided(
      ApprovalRequest request, Answer answer, @Nullable Statement statement, Instant now) {
    // A record names one service; what is approved for several stands in the approval.
    String audience =
        statement instanceof Approval approval && approval.audiences().size() == 1
            ? approval.audiences().first()
            : null;
    AuditCall call = AuditCall.of(audience, request.call());
    AuditEvent event =
        AuditEvent.of(answer.refuse() ? AuditKind.REFUSE : AuditKind.APPROVE, now)
            .about(AgentToken.of(request.token()))
            .call(answer.anyArguments() ? call.withAnyArguments() : call);
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

  private ApprovalTerms terms(Answer answer) {
    ApprovalTerms terms =
        ApprovalTerms.lasting(Times.window(console, answer.window())).at(answer.audiences());
    terms = answer.anyArguments() ? terms.withAnyArguments() : terms;
    return answer.singleUse() ? terms.once() : terms;
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
  public ExitCode attach(EncodedInput input, KeyInput key, Source source, OutputTarget target) {
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
   * @param claim what the holder says
   * @param log the audit log, or null
   * @param target where the new token goes
   */
  public ExitCode justify(
      EncodedInput input,
      KeyInput key,
      Claim claim,
      @Nullable AuditTarget log,
      OutputTarget target) {
    AgentToken token = token(input);
    Justification justification =
        Justification.of(
            claim.tool(), claim.reason(), Times.window(console, claim.window()), console.clock());
    PrivateKey holder = keys.privateKey(key);
    AgentToken longer = token.justify(holder, justification);
    holder.destroy();
    Agent by = token.chain().holder();
    audit.record(
        log,
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
