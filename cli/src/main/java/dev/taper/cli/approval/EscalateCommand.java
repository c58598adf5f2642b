package dev.taper.cli.approval;

import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.cli.io.CallInput;
import dev.taper.cli.io.CatalogOption;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code taper escalate}. */
public final class EscalateCommand extends JsonCommand {
  private final Value<@Nullable String> file = outFile();

  private final TokenInput token = part(new TokenInput());
  private final CallInput call = part(new CallInput());
  private final CatalogOption catalog = part(new CatalogOption());

  private final Value<@Nullable String> decision =
      option(
              "--decision",
              "FILE",
              "The service's refusal of the call, as authorize --json prints it for the operator:"
                  + " instead of the call and --audience.")
          .text();

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why the call is to be made, in one line for the approver.")
          .text();

  /** Runs in the given console. */
  public EscalateCommand(Console console) {
    super(
        console,
        "escalate",
        "Ask for the approval of a call, as its holder or as the service that refused it.",
        "The file holds the token and the call with its arguments, for approvers to see. It needs no"
            + " key, nobody else can use the token that is in it, and several approvers can be given"
            + " it at once. What they sign (taper approve) goes beside the token: prove --approval,"
            + " authorize --approval.");
  }

  @Override
  protected ExitCode run() {
    check();
    AgentToken held = tokens.read(token.input(console), AgentToken::decode, AgentToken::decode);
    String request = ask(held).encode();
    if (file.get() == null || file.get().equals("-")) {
      outputs.secretText(null, request); // it is JSON itself
    } else {
      outputs.result(file.get(), request, json.given());
    }
    return ExitCode.OK;
  }

  private void check() {
    if (decision.get() == null) {
      call.check(catalog.isGiven());
      call.requireMeaning(catalog.isGiven());
    } else {
      new GivenOptions()
          .add("a call", call.isGiven())
          .add(catalog)
          .refuse("and --decision exclude each other");
      call.requireNothingElse();
    }
    if (reason.get() == null) {
      throw CliException.usage("the approver wants to know why: use --reason TEXT");
    }
  }

  private ApprovalRequest ask(AgentToken held) {
    String why = Objects.requireNonNull(reason.get());
    String refusal = decision.get();
    if (refusal != null) {
      return DeniedCall.parse(inputs.text(Source.ofFile(refusal), InputKind.DECISION))
          .request(held, why);
    }
    ToolCatalog meaning = catalog.read(inputs);
    return held.requestApproval(call.call(inputs, meaning), call.audience(meaning), why);
  }
}
