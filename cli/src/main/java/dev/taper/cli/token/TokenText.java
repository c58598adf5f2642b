package dev.taper.cli.token;

import dev.taper.cli.output.Count;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.cli.token.TokenView.BlockView;
import dev.taper.token.Token;
import java.io.PrintStream;
import java.time.Instant;

/** Prints a token for people. */
final class TokenText {
  private static final int SHORT_ID = 16;

  private final PrintStream out;
  private final Style style;
  private final Instant now;

  TokenText(PrintStream out, Style style, Instant now) {
    this.out = out;
    this.style = style;
    this.now = now;
  }

  void print(TokenView token) {
    summary(token);
    if (token.violation() != null) {
      line("profile", style.bad("broken") + ": " + SafeText.line(token.violation()));
    }
    if (token.expiry() != null) {
      line("expiry", expiry(token.expiry()));
    }
    for (int i = 0; i < token.blocks().size(); i++) {
      out.println();
      block(i, token.blocks().get(i));
    }
  }

  /** The token as a whole. */
  void summary(TokenView token) {
    int count = token.blocks().size();
    String blocks = Count.of(count, "block") + ", ";
    line("token", blocks + token.size() + " bytes, " + words(token.kind()));
    line("signatures", signatures(token));
    if (token.rootKeyId().isPresent()) {
      line("root key id", token.rootKeyId().getAsLong() + " (a hint, not signed)");
    }
  }

  private static String words(Token.Kind kind) {
    return switch (kind) {
      case BEARER -> "bearer: can be attenuated by whoever has it";
      case SEALED -> "sealed: cannot be attenuated";
      case HELD -> "held: only the holder of its next key can go on";
    };
  }

  private String signatures(TokenView token) {
    return token.verifiedBy() == null
        ? style.warn("not verified: no key given")
        : style.good("verified") + " with " + token.verifiedBy();
  }

  private String expiry(Instant last) {
    String when = last + " (" + HumanTime.fromNow(last, now) + ")";
    return now.isAfter(last) ? style.bad("expired") + ", last valid " + when : "last valid " + when;
  }

  private void block(int index, BlockView block) {
    out.println(style.bold("block " + index + "  " + block.kind(index)));
    if (block.decoded().externalKey() != null) {
      line("  third party", block.decoded().externalKey().toString());
    }
    if (block.signer() != null) {
      line("  signer", block.signer().toString());
    }
    if (block.decoded().block().context() != null) {
      line("  context", SafeText.line(block.decoded().block().context()));
    }
    line("  version", block.versionText() + ", " + block.size() + " bytes");
    line("  revocation", shortened(block.revocationId()));
    if (block.statements().isEmpty()) {
      out.println("    " + style.dim("(says nothing)"));
    }
    for (String statement : block.statements()) {
      out.println("    " + SafeText.line(statement) + ";");
    }
  }

  private static String shortened(String id) {
    return id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID) + "...";
  }

  private void line(String label, String value) {
    out.println(style.label(label, 15) + value);
  }
}
