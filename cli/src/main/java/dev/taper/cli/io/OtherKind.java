package dev.taper.cli.io;

import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a file in which something encoded was expected, such as a token, and which command
 * or option takes it. It is asked after a mistake only, and repeats nothing of what it reads.
 */
final class OtherKind {
  private static final int LONGEST = 256 * 1024;
  private static final Pattern FORMAT =
      Pattern.compile(
          "\"format\"\\s*:\\s*\"taper/1 (approval request|ask|catalog|names|decision)\"");
  private static final byte[] LIST = "\0TAPER\0REVOCATION\0".getBytes(StandardCharsets.US_ASCII);

  private OtherKind() {}

  /** One sentence without a full stop; null if it is nothing known. */
  static @Nullable String recognise(byte[] bytes) {
    if (bytes.length >= LIST.length && Arrays.equals(bytes, 0, LIST.length, LIST, 0, LIST.length)) {
      return "this is a revocation list: taper revocations show";
    }
    if (bytes.length > LONGEST) {
      return null;
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    if (text.startsWith("ed25519-private/")
        || text.startsWith("secp256r1-private/")
        || (text.startsWith("-----BEGIN") && text.contains("PRIVATE KEY-----"))) {
      return "this is a private key: it goes with --key, and nobody else may read it";
    }
    if (text.startsWith("ed25519/")
        || text.startsWith("secp256r1/")
        || text.startsWith("-----BEGIN PUBLIC KEY-----")) {
      return "this is a public key: a root key goes with --public-key, another one with --holder"
          + " NAME=KEY or taper names add";
    }
    if (text.startsWith("{")) {
      return json(text);
    }
    if (isRead(Approval::decode, text)) {
      return "this is an approval: it goes with --approval, to prove and authorize";
    }
    return isRead(Proof::decode, text)
        ? "this is a holder's proof: it goes with --proof, to authorize"
        : null;
  }

  private static @Nullable String json(String text) {
    Matcher format = FORMAT.matcher(text);
    if (format.find()) {
      return switch (format.group(1)) {
        case "approval request" -> "this is a request for approval: taper approve";
        case "ask" -> "this is an ask of a service: taper approve";
        case "catalog" -> "this is a catalog: taper catalog show";
        case "names" -> "this is a file of names: taper names show";
        default -> "this is a decision about a call, as JSON";
      };
    }
    if (text.contains("\"checkpoint\"") || text.contains("\"prev\"")) {
      return "this is an audit log: taper audit verify";
    }
    if (text.contains("\"keys\"")) {
      return "this is a set of root keys: it goes with --keys";
    }
    return text.contains("\"tool\"") ? "this is a call of a tool: it goes with --request" : null;
  }

  private static boolean isRead(Consumer<String> reader, String text) {
    try {
      reader.accept(text);
      return true;
    } catch (TaperException e) {
      return false;
    }
  }
}
