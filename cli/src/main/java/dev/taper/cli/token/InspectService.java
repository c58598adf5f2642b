package dev.taper.cli.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.grant.Lifetime;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Room;
import dev.taper.cli.output.Statements;
import dev.taper.cli.output.Style;
import dev.taper.cli.token.TokenView.BlockView;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Shows tokens. */
final class InspectService extends ConsoleService {
  private final KeyNames names;

  /** Works in the given console, and shows keys with their names. */
  InspectService(Console console, KeyNames names) {
    super(console);
    this.names = names;
  }

  /**
   * Shows a token.
   *
   * @param input the token
   * @param rootKeys which root keys to verify it with; none to verify nothing
   * @param json whether to print JSON
   * @param datalog whether to show blocks even if there is a chain
   * @param html file for a page about the chain, or null
   * @return {@link ExitCode#INVALID_TOKEN} if it claims the delegation profile and breaks its rules
   */
  ExitCode run(
      EncodedInput input,
      PublicKeyInput rootKeys,
      boolean json,
      boolean datalog,
      @Nullable String html) {
    UnverifiedToken token = tokens.read(input);
    RootKeys trusted = rootKeys.isGiven() ? rootKeys.read(inputs, console.clock()) : null;
    VerifiedChain verified =
        trusted == null ? null : Tokens.checked(() -> token.verifyAny(trusted));
    DelegationChain chain = null;
    String violation = null;
    try {
      chain = verified == null ? DelegationChain.claimedBy(token) : DelegationChain.of(verified);
    } catch (TaperException e) {
      if (html != null) {
        throw e;
      }
      violation = e.code() == ErrorCode.PROFILE_VIOLATION ? e.getMessage() : null;
    }
    String broken = violation;
    TokenView view =
        Tokens.checked(() -> view(token, verified == null ? null : verified.rootKey(), broken));
    Instant now = console.clock().instant();
    ChainView shown = chain == null ? null : ChainView.of(chain, view, now);
    Style style = Style.out(console);
    if (json) {
      Json.object(console.out(), out -> TokenJson.write(out, view, shown));
    } else if (shown == null || datalog) {
      new TokenText(console.out(), style, now).print(view);
    } else if (html != null) {
      outputs.secretText(html, new ChainPage(shown, names).write());
    } else {
      new ChainText(console.out(), style, shown, names).print();
    }
    return violation == null ? ExitCode.OK : ExitCode.INVALID_TOKEN;
  }

  /** What there is to see of a token; of what it claims only if no key verified it. */
  static TokenView view(
      UnverifiedToken token, @Nullable PublicKey verifiedBy, @Nullable String violation) {
    List<Block.Decoded> decoded = token.blocks();
    List<Block> contents = new ArrayList<>();
    List<BlockView> views = new ArrayList<>();
    PublicKey signer = verifiedBy;
    Room room = new Room();
    for (int i = 0; i < decoded.size(); i++) {
      contents.add(decoded.get(i).block());
      views.add(view(token, i, decoded.get(i), signer, room));
      signer = token.nextKeys().get(i);
    }
    return new TokenView(
        views,
        verifiedBy,
        token.kind(),
        token.rootKeyId().isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(Integer.toUnsignedLong(token.rootKeyId().getAsInt())),
        token.encode().length,
        lastSecond(Lifetime.end(contents)),
        violation);
  }

  private static @Nullable Instant lastSecond(@Nullable Instant end) {
    return end == null ? null : end.minusSeconds(1);
  }

  private static BlockView view(
      UnverifiedToken token,
      int index,
      Block.Decoded decoded,
      @Nullable PublicKey signer,
      Room room) {
    return new BlockView(
        Statements.of(decoded.block(), room),
        decoded.block().context(),
        decoded.externalKey(),
        signer,
        decoded.version(),
        token.signatureVersions().get(index),
        decoded.symbols(),
        decoded.publicKeys(),
        HexFormat.of().formatHex(token.revocationIds().get(index)),
        token.payloadSizes().get(index));
  }
}
