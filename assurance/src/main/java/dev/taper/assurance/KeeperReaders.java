package dev.taper.assurance;

import dev.taper.agent.AgentToken;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperAnswer;
import dev.taper.server.keeper.KeeperRefusal;
import dev.taper.server.keeper.KeeperRequest;
import dev.taper.server.keeper.RenewalAnswer;
import dev.taper.server.keeper.RequestReader;
import dev.taper.server.keeper.SignedMessage;
import dev.taper.token.Token;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The readers of a keeper, on both sides of its socket. What is refused has a code, and a sentence
 * that can be shown.
 */
final class KeeperReaders {
  private static final Set<String> ANSWER_CODES = Set.of("io", "malformed_answer");
  private static final int MAX_DETAIL = 20_000;

  private KeeperReaders() {}

  /** A request: method and target in the first line, and the content. */
  static boolean request(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String[] line = new String(input, 0, end, StandardCharsets.ISO_8859_1).split(" ", 2);
    byte[] content = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    String target = line.length < 2 ? "" : line[1];
    KeeperRequest read;
    try {
      read = RequestReader.read(line[0], target, content);
    } catch (KeeperRefusal e) {
      refused(e);
      return false;
    }
    Laws.same(
        "read again", read.getClass(), RequestReader.read(line[0], target, content).getClass());
    return true;
  }

  private static void refused(KeeperRefusal refusal) {
    if (refusal.status() < 400
        || refusal.status() >= 500
        || !refusal.code().matches("[a-z_]{1,64}")
        || refusal.detail().isBlank()
        || refusal.detail().length() > MAX_DETAIL) {
      throw new AssertionError(
          "refused with " + refusal.status() + " " + refusal.code() + ": " + refusal.detail(),
          refusal);
    }
  }

  /** An answer, as it comes from the socket. */
  static boolean answer(byte[] input) {
    KeeperAnswer read;
    try {
      read = KeeperAnswer.parse(input);
    } catch (OperationException e) {
      if (!ANSWER_CODES.contains(e.code())) {
        throw new AssertionError("refused with " + e.code(), e);
      }
      return false;
    }
    StringJoiner json = new StringJoiner(",", "{", "}");
    for (Map.Entry<String, String> member : read.members().entrySet()) {
      StringBuilder name = new StringBuilder();
      CanonicalJson.writeString(member.getKey(), name);
      json.add(name + ":" + member.getValue());
    }
    byte[] content = json.toString().getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 " + read.status() + "\r\nContent-Length: " + content.length + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(start, start.length + content.length);
    System.arraycopy(content, 0, whole, start.length, content.length);
    Laws.same("written and read again", read, KeeperAnswer.parse(whole));
    return true;
  }

  /** A message that the root key is to sign. */
  static boolean message(byte[] input) {
    try {
      SignedMessage read = SignedMessage.recognise(input, Keys.ROOT.publicKey());
      String start = new String(input, StandardCharsets.ISO_8859_1);
      if (start.startsWith("\0TAPER\0PROOF\0")
          || start.startsWith("\0TAPER\0OFFER\0")
          || read.words().isBlank()) {
        throw new AssertionError("signed: " + read);
      }
      return true;
    } catch (KeeperRefusal e) {
      refused(e);
      return false;
    }
  }

  /** The content of an issuer's answer, whose fields are as they should be. */
  static boolean renewal(byte[] input) {
    AgentToken read;
    try {
      read = renewed(input);
    } catch (KeeperRefusal e) {
      if (e.status() != 502 || !e.code().equals("no_renewal") || e.detail().length() > MAX_DETAIL) {
        throw new AssertionError("refused with " + e.status() + " " + e.code(), e);
      }
      return false;
    }
    Laws.same("the kind of a renewed token", Token.Kind.HELD, read.token().kind());
    String text = read.encodeBase64();
    String again = "{\"format\":\"taper/1 renewal\",\"token\":\"" + text + "\"}";
    Laws.same(
        "written and read again",
        text,
        renewed(again.getBytes(StandardCharsets.US_ASCII)).encodeBase64());
    return true;
  }

  private static AgentToken renewed(byte[] content) {
    return RenewalAnswer.read(200, List.of("application/json"), List.of(), content);
  }
}
