package dev.taper.cli.service;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Style;
import dev.taper.cli.service.TokenView.BlockView;
import dev.taper.cli.service.TokenView.Ending;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.token.TokenKind;
import dev.taper.token.UnverifiedToken;
import dev.taper.wire.DecodeLimits;
import dev.taper.wire.DecodedBlock;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignedBlock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Shows tokens. */
public final class InspectService {
  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  /** Works in the given console. */
  public InspectService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /**
   * Shows a token.
   *
   * @param input the token
   * @param rootKeys which root keys to verify it with, or null to verify nothing
   * @param json whether to print JSON
   */
  public ExitCode run(EncodedInput input, @Nullable RootKeyInput rootKeys, boolean json) {
    UnverifiedToken token = tokens.read(input);
    RootKeys trusted = rootKeys == null ? null : new Keys(console, inputs).rootKeys(rootKeys);
    TokenView view = Tokens.checked(() -> view(token, trusted));
    if (json) {
      Json.object(console.out(), out -> TokenJson.write(out, view));
    } else {
      new TokenText(console.out(), Style.out(console), console.clock().instant()).print(view);
    }
    return ExitCode.OK;
  }

  private static TokenView view(UnverifiedToken token, @Nullable RootKeys rootKeys) {
    PublicKey verifiedBy = rootKeys == null ? null : verify(token, rootKeys);
    byte[] encoded = token.encode();
    RawToken raw = RawToken.decode(encoded, DecodeLimits.DEFAULT);
    List<DecodedBlock> decoded = token.blocks();
    List<Block> contents = new ArrayList<>();
    List<BlockView> views = new ArrayList<>();
    PublicKey signer = verifiedBy;
    for (int i = 0; i < decoded.size(); i++) {
      SignedBlock signed = raw.blocks().get(i);
      contents.add(decoded.get(i).block());
      views.add(view(decoded.get(i), signed, signer));
      signer = signed.nextKey();
    }
    return new TokenView(
        views,
        verifiedBy,
        ending(token.kind()),
        raw.rootKeyId().isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(Integer.toUnsignedLong(raw.rootKeyId().getAsInt())),
        encoded.length,
        Expiry.of(contents));
  }

  private static PublicKey verify(UnverifiedToken token, RootKeys rootKeys) {
    return token.kind() == TokenKind.HELD
        ? token.verifyHeld(rootKeys).rootKey()
        : token.verify(rootKeys).rootKey();
  }

  private static BlockView view(
      DecodedBlock decoded, SignedBlock signed, @Nullable PublicKey signer) {
    return new BlockView(
        Statements.of(decoded.block()),
        decoded.block().context(),
        decoded.externalKey(),
        signer,
        decoded.version(),
        signed.version(),
        decoded.symbols(),
        decoded.publicKeys(),
        HexFormat.of().formatHex(signed.signature()),
        signed.payload().length);
  }

  private static Ending ending(TokenKind kind) {
    return switch (kind) {
      case BEARER -> Ending.ATTENUABLE;
      case SEALED -> Ending.SEALED;
      case HELD -> Ending.HELD;
    };
  }
}
