package dev.taper.assurance;

import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Algorithm;
import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperAnswer;
import dev.taper.server.keeper.KeeperRefusal;
import dev.taper.server.keeper.KeeperRequest;
import dev.taper.server.keeper.KeeperRequest.RenewAt;
import dev.taper.server.keeper.RenewalAnswer;
import dev.taper.server.keeper.RequestReader;
import dev.taper.server.keeper.SignedMessage;
import dev.taper.token.Token;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * The readers of a keeper, on both sides of its socket. What is refused has a code, and a sentence
 * that can be shown.
 */
final class KeeperReaders {
  private static final Set<String> ANSWER_CODES = Set.of("io", "malformed_answer");
  private static final int MAX_DETAIL = 20_000;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern OWN =
      Pattern.compile("localhost|127\\.[0-9.]+|\\[(::1|0:0:0:0:0:0:0:1)]");

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
    holds(read);
    if (line[0].equals("POST")) {
      strict(target, Laws.utf8(content), read);
    }
    return true;
  }

  /** The same in canonical form is the same request; with one more member it is none. */
  private static void strict(String target, String content, KeeperRequest read) {
    String canonical = CanonicalJson.of(content);
    KeeperRequest again = RequestReader.read("POST", target, utf8(canonical));
    Laws.same("the kind of request", read.getClass(), again.getClass());
    Laws.same("written and read again", shown(read), shown(again));
    String more =
        canonical.equals("{}") ? "{" : canonical.substring(0, canonical.length() - 1) + ",";
    try {
      var unused = RequestReader.read("POST", target, utf8(more + "\"zzz\":1}"));
    } catch (KeeperRefusal e) {
      Laws.same("an unknown member", "invalid_request", e.code());
      return;
    }
    throw new AssertionError("an unknown member was taken: " + read.getClass());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What is asked for within its bounds. */
  private static void holds(KeeperRequest read) {
    if (read instanceof KeeperRequest.NewKey key) {
      isName(key.name());
      Laws.same("a device's key", true, !key.inDevice() || key.algorithm() == Algorithm.SECP256R1);
    } else if (read instanceof KeeperRequest.AddToken add) {
      isName(add.name());
      Laws.same("audiences once", add.audiences().size(), Set.copyOf(add.audiences()).size());
    } else if (read instanceof KeeperRequest.ProveExchange exchange) {
      isName(exchange.key());
      Laws.same("a digest", 32, exchange.tokenDigest().length);
      isSafe(URI.create(exchange.issuer()));
      Laws.same("details are short", true, exchange.details().length() <= 8192);
    } else if (read instanceof KeeperRequest.Delegate hop) {
      Laws.same("one next holder", true, (hop.name() == null) != (hop.agent() == null));
      Agent agent = hop.agent();
      if (agent != null) {
        Laws.same("a key is a point", agent.key(), agent.key().validate());
      }
    } else if (read instanceof KeeperRequest.Ask ask) {
      Laws.same("one call", true, (ask.http() == null) != (ask.call() == null));
      Laws.same("a wait", true, ask.patience().compareTo(LONGEST_WAIT) <= 0);
    } else if (read instanceof KeeperRequest.AwaitAsk await) {
      isSafe(await.ask());
      Laws.same("a wait", true, await.patience().compareTo(LONGEST_WAIT) <= 0);
    } else if (read instanceof KeeperRequest.Renew renew) {
      isName(renew.token());
      RenewAt at = renew.at();
      if (at != null) {
        isSafe(at.url());
      }
    }
  }

  private static void isName(String name) {
    Laws.same("a name", true, NAME.matcher(name).matches());
  }

  /** Nobody in between reads or changes what comes from there. */
  private static void isSafe(URI address) {
    boolean isOwn = OWN.matcher(String.valueOf(address.getHost())).matches();
    boolean isHttp = "http".equals(address.getScheme()) && isOwn;
    Laws.same("an address", true, "https".equals(address.getScheme()) || isHttp);
    Laws.same("no secret in it", true, address.getUserInfo() == null);
  }

  /** What can be compared of a request: all of it, where it has no bytes and no calls. */
  private static Object shown(KeeperRequest read) {
    if (read instanceof KeeperRequest.ProveExchange exchange) {
      return List.of(
          exchange.key(),
          exchange.issuer(),
          HexFormat.of().formatHex(exchange.tokenDigest()),
          exchange.details());
    }
    if (read instanceof KeeperRequest.Sign sign) {
      return List.of(sign.key(), HexFormat.of().formatHex(sign.message()));
    }
    if (read instanceof KeeperRequest.Prove prove) {
      return List.of(
          prove.token(), String.valueOf(prove.audience()), prove.asked().getClass().toString());
    }
    if (read instanceof KeeperRequest.Ask ask) {
      return List.of(
          ask.token(), String.valueOf(ask.audience()), ask.reason(), ask.patience().toString());
    }
    return read;
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
    members(read)
        .forEach(
            (member, value) -> {
              StringBuilder name = new StringBuilder();
              CanonicalJson.writeString(member, name);
              json.add(name + ":" + value);
            });
    byte[] content = json.toString().getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 " + read.status() + "\r\nContent-Length: " + content.length + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(start, start.length + content.length);
    System.arraycopy(content, 0, whole, start.length, content.length);
    KeeperAnswer again = KeeperAnswer.parse(whole);
    Laws.same("written and read again", read.status(), again.status());
    Laws.same("written and read again", members(read), members(again));
    return true;
  }

  private static Map<String, String> members(KeeperAnswer answer) {
    Map<String, String> members = new LinkedHashMap<>();
    answer.members().names().forEach(name -> members.put(name, answer.members().json(name)));
    return members;
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
