package dev.taper.cli.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Style;
import dev.taper.crypto.RootKeys;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code taper inspect}. */
public final class InspectCommand extends JsonCommand {
  private final Value<@Nullable String> html =
      option(
              "--html",
              "FILE",
              "Write the chain of a delegation token as a page to a file, or to - instead.")
          .text();

  private final Flag datalog =
      flag("--datalog", "Show the Datalog of the blocks instead of the chain.");

  private final TokenInput token = part(new TokenInput());
  private final PublicKeyInput key = part(new PublicKeyInput());
  private final NamesOption names = part(new NamesOption());

  /** Runs in the given console. */
  public InspectCommand(Console console) {
    super(
        console,
        "inspect",
        "Show what a token says; with a root key, verify its signatures first.",
        "Without a key nothing is verified, and the output says so.",
        "A delegation token is shown as its chain: who let whom do what, and what is left of it.");
  }

  @Override
  protected ExitCode run() {
    if ((html.get() != null ? 1 : 0) + (datalog.given() ? 1 : 0) + (json.given() ? 1 : 0) > 1) {
      throw CliException.usage("--html, --datalog and --json exclude each other");
    }
    KeyNames known = names.shown(console);
    UnverifiedToken token = tokens.read(this.token.input(console));
    RootKeys trusted = key.isGiven() ? key.read(inputs, console.clock()) : null;
    VerifiedChain verified =
        trusted == null ? null : Tokens.checked(() -> token.verifyAny(trusted));
    DelegationChain chain = null;
    String violation = null;
    try {
      chain = verified == null ? DelegationChain.claimedBy(token) : DelegationChain.of(verified);
    } catch (TaperException e) {
      if (html.get() != null) {
        throw e;
      }
      violation = e.code() == ErrorCode.PROFILE_VIOLATION ? e.getMessage() : null;
    }
    String broken = violation;
    TokenView view =
        Tokens.checked(
            () -> TokenView.of(token, verified == null ? null : verified.rootKey(), broken));
    Instant now = console.clock().instant();
    ChainView shown = chain == null ? null : ChainView.of(chain, view, now);
    if (json.given()) {
      printJson(view.fields(shown));
      return violation == null ? ExitCode.OK : ExitCode.INVALID_TOKEN;
    }
    Console named = known.on(console);
    Style style = Style.out(console);
    if (shown == null || datalog.given()) {
      new TokenText(named.out(), style, now).print(view);
    } else if (html.get() != null) {
      new Outputs(named).secretText(html.get(), new ChainPage(shown, known).write());
    } else {
      new ChainText(named.out(), style, shown, known).print();
    }
    return violation == null ? ExitCode.OK : ExitCode.INVALID_TOKEN;
  }
}
