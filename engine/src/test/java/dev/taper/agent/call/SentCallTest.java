package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.SettableClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the four forms of proofs cover: every part of it, and nothing of another form. */
class SentCallTest {
  private static final byte[] STATE = {1, 2, 3, 4};
  private static final Audience JIRA = Audience.of("svc:jira");
  private static final byte[] NONCE = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
  private static final SentApprovals ONE = SentApprovals.ofBytes(List.of(bytes("approval")));

  private static final SentTool TOOL =
      new SentTool("jira.search", "read", "jira:project/ACME", "{\"limit\":50}");
  private static final SentHttp HTTP =
      SentHttp.of("POST", "https://jira.example.com", "/issues?limit=50")
          .content("application/json", bytes("{\"a\":1}"))
          .contentEncoding("gzip")
          .field("X-Tenant", "acme");
  private static final SentMcp MCP =
      SentMcp.of("tools/call", "{\"name\":\"search\",\"arguments\":{\"limit\":50}}");

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
  private final AcceptedProofs memory =
      AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, ReplayMemory.inMemory(), clock);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Proof.Subject subject(@Nullable SentCall sent) {
    return Proof.Subject.of(STATE, JIRA, ONE, sent);
  }

  private Proof proof(@Nullable SentCall sent) {
    return Proof.decode(Proof.make(key, subject(sent), clock, NONCE).encode());
  }

  private static SentHttp http(String method, String origin, String target) {
    return SentHttp.of(method, origin, target);
  }

  /** One part of each form changed, and how a refusal calls it. */
  static Stream<Arguments> changes() {
    String origin = "https://jira.example.com";
    String target = "/issues?limit=50";
    byte[] json = bytes("{\"a\":1}");
    SentHttp base = http("POST", origin, target).content("application/json", json);
    SentHttp zipped = base.contentEncoding("gzip");
    SentHttp plain = http("POST", origin, target).contentEncoding("gzip").field("X-Tenant", "acme");
    return Stream.of(
        tool("tool", new SentTool("jira.get", "read", "jira:project/ACME", "{\"limit\":50}")),
        tool(
            "operation",
            new SentTool("jira.search", "list", "jira:project/ACME", "{\"limit\":50}")),
        tool("operation", new SentTool("jira.search", null, "jira:project/ACME", "{\"limit\":50}")),
        tool("resource", new SentTool("jira.search", "read", "jira:project/B", "{\"limit\":50}")),
        tool("resource", new SentTool("jira.search", "read", null, "{\"limit\":50}")),
        tool("arguments", new SentTool("jira.search", "read", "jira:project/ACME", "{}")),
        tool(
            "arguments",
            new SentTool("jira.search", "read", "jira:project/ACME", "{\"limit\":50,\"x\":1}")),
        sent("method", with(http("PUT", origin, target), json)),
        sent("scheme", with(http("POST", "http://jira.example.com", target), json)),
        sent("authority", with(http("POST", "https://jira.example.org", target), json)),
        sent("authority", with(http("POST", origin + ":8443", target), json)),
        sent("target", with(http("POST", origin, "/issues?limit=51"), json)),
        sent("target", with(http("POST", origin, "/issues"), json)),
        sent("target", with(http("POST", origin, target + "&id=2"), json)),
        sent("target", with(http("POST", origin, "/issues?limit=%350"), json)), // the same, decoded
        sent("content_type", plain.content("application/json; charset=utf-8", json)),
        sent("content_type", plain.content("multipart/form-data; boundary=x", json)),
        sent("content_type", plain.content(null, json)),
        sent("content_encoding", base.field("X-Tenant", "acme")),
        sent("content_encoding", base.contentEncoding("br").field("X-Tenant", "acme")),
        sent("fields", zipped),
        sent("fields", zipped.field("X-Tenant", "evil")),
        sent("fields", zipped.field("X-Tenants", "acme")),
        sent("fields", zipped.field("X-Tenant", "acme").field("X-More", "1")),
        sent("content", plain.content("application/json", bytes("{\"a\":2}"))),
        sent("content", plain.content("application/json", bytes("{\"a\":1} "))),
        sent("content", plain.content("application/json", new byte[0])),
        mcp("method", SentMcp.of("tools/list", MCP.params())),
        mcp("params", SentMcp.of("tools/call", "{\"name\":\"search\"}")),
        mcp("params", SentMcp.of("tools/call", "{\"name\":\"drop\",\"arguments\":{\"limit\":50}}")),
        mcp(
            "params",
            SentMcp.of("tools/call", "{\"name\":\"search\",\"arguments\":{\"limit\":51}}")));
  }

  private static SentHttp with(SentHttp request, byte[] json) {
    return request
        .content("application/json", json)
        .contentEncoding("gzip")
        .field("X-Tenant", "acme");
  }

  private static Arguments tool(String part, SentCall changed) {
    return Arguments.of(part, TOOL, changed);
  }

  private static Arguments sent(String part, SentCall changed) {
    return Arguments.of(part, HTTP, changed);
  }

  private static Arguments mcp(String part, SentCall changed) {
    return Arguments.of(part, MCP, changed);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("changes")
  void check_onePartChanged_isNamed(String part, SentCall signed, SentCall received) {
    assertThat(different(signed, received)).containsExactly(part);
    Proof proof = proof(signed);

    assertThatThrownBy(() -> proof.check(key.publicKey(), subject(received), memory))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_MISMATCH))
        .hasMessage("the proof was made for another request: " + part + " is not what was signed");
    assertThat(proof.check(key.publicKey(), subject(signed), memory).proof()).isEqualTo(proof);
  }

  private static List<String> different(SentCall one, SentCall other) {
    return Stream.iterate(0, i -> i < one.parts().size(), i -> i + 1)
        .filter(i -> !Arrays.equals(one.parts().get(i).digest(), other.parts().get(i).digest()))
        .map(i -> one.parts().get(i).name())
        .toList();
  }

  /** The table above must not lose a part. */
  @Test
  void changes_ofTheTable_coverEveryPartOfEveryForm() {
    for (SentCall signed : List.of(TOOL, HTTP, MCP)) {
      assertThat(
              changes()
                  .filter(row -> row.get()[1] == signed)
                  .map(row -> (String) row.get()[0])
                  .distinct())
          .containsExactlyElementsOf(signed.form().parts());
    }
  }

  static Stream<Arguments> commonChanges() {
    byte[] narrowed = {1, 2, 3, 5};
    return Stream.of(TOOL, HTTP, MCP, null)
        .flatMap(
            sent ->
                Stream.of(
                    Arguments.of(
                        sent,
                        Proof.Subject.of(STATE, Audience.of("svc:crm"), ONE, sent),
                        "the proof was made for another request: audience is not what was signed"),
                    Arguments.of(
                        sent,
                        Proof.Subject.of(STATE, JIRA, SentApprovals.NONE, sent),
                        "the proof was made for another request: approvals is not what was signed"),
                    Arguments.of(
                        sent,
                        Proof.Subject.of(
                            STATE, JIRA, SentApprovals.ofBytes(List.of(bytes("another"))), sent),
                        "the proof was made for another request: approvals is not what was signed"),
                    Arguments.of(
                        sent,
                        Proof.Subject.of(narrowed, JIRA, ONE, sent),
                        "the proof was made for another token, or before this one was changed")));
  }

  @ParameterizedTest
  @MethodSource("commonChanges")
  void check_anotherTokenAudienceOrApprovals_isNamed(
      @Nullable SentCall sent, Proof.Subject received, String message) {
    Proof proof = proof(sent);

    assertThatThrownBy(() -> proof.check(key.publicKey(), received, memory)).hasMessage(message);
    assertThat(proof.check(key.publicKey(), subject(sent), memory).holder())
        .isEqualTo(key.publicKey());
  }

  static Stream<Arguments> pairs() {
    List<SentCall> calls =
        List.of(
            TOOL,
            HTTP,
            MCP,
            SentTool.of("jira.search", "{}"),
            SentHttp.of("GET", "https://jira.example.com", "/"),
            SentMcp.of("tools/list", "{}"));
    return calls.stream()
        .flatMap(
            one ->
                Stream.concat(calls.stream(), Stream.of((SentCall) null))
                    .filter(other -> other == null || other.form() != one.form())
                    .flatMap(
                        other -> Stream.of(Arguments.of(one, other), Arguments.of(other, one))));
  }

  /** Above all: a proof that asks for an offer is good for no call, and the reverse. */
  @ParameterizedTest
  @MethodSource("pairs")
  void check_proofOfAnotherForm_isRefused(@Nullable SentCall signed, @Nullable SentCall received) {
    Proof proof = proof(signed);

    assertThatThrownBy(() -> proof.check(key.publicKey(), subject(received), memory))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_MISMATCH))
        .hasMessageContaining("another form");
  }

  /** With the byte of the form changed and hints to match, only the signature is left to tell. */
  @ParameterizedTest
  @MethodSource("pairs")
  void check_proofRelabelledAsAnotherForm_isNotSigned(
      @Nullable SentCall signed, @Nullable SentCall received) {
    byte[] good = proof(signed).encode();
    byte[] model = Proof.make(key, subject(received), clock, NONCE).encode();
    byte[] forged = model.clone();
    System.arraycopy(good, good.length - 64, forged, forged.length - 64, 64);

    assertThatThrownBy(() -> Proof.decode(forged).check(key.publicKey(), subject(received), memory))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.HOLDER_PROOF_MISMATCH));
  }

  /** Hints only name what differs: with true hints a false signature is still one. */
  @Test
  void check_hintsMadeToFit_provesNothing() {
    SentMcp other = SentMcp.of("tools/call", "{\"name\":\"drop\"}");
    byte[] forged = Proof.make(key, subject(other), clock, NONCE).encode();
    byte[] good = proof(MCP).encode();
    System.arraycopy(good, good.length - 64, forged, forged.length - 64, 64);

    assertThatThrownBy(() -> Proof.decode(forged).check(key.publicKey(), subject(other), memory))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.HOLDER_PROOF_MISMATCH));
  }

  // The documented bytes: any implementation can make a proof from this layout alone.

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Arguments> layouts() {
    return Stream.of(
        Arguments.of(
            TOOL,
            "01",
            "PROOF",
            List.of("jira.search", "read", "jira:project/ACME", "{\"limit\":50}")),
        Arguments.of(
            SentTool.of("jira.search", "{ \"b\": 1.0, \"a\": \"\\u00e9\" }"),
            "01",
            "PROOF",
            List.of("jira.search", "", "", "{\"a\":\"\u00e9\",\"b\":1}")),
        Arguments.of(
            HTTP,
            "02",
            "PROOF",
            List.of(
                "POST",
                "https",
                "jira.example.com",
                "/issues?limit=50",
                "application/json",
                "gzip",
                "{\"x-tenant\":\"acme\"}",
                "{\"a\":1}")),
        Arguments.of(
            SentHttp.of("GET", "http://[::1]:8080", "/"),
            "02",
            "PROOF",
            List.of("GET", "http", "[::1]:8080", "/", "", "", "", "")),
        Arguments.of(
            SentMcp.of("tools/call", "{\"name\":\"a\",\"_meta\":{\"progressToken\":1e1000}}"),
            "03",
            "PROOF",
            List.of("tools/call", "{\"name\":\"a\"}")),
        Arguments.of(null, "04", "OFFER", List.of()));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void make_fixedNonce_signsTheDocumentedBytes(
      @Nullable SentCall sent, String form, String tag, List<String> parts) {
    byte[] header = HexFormat.of().parseHex("02" + form + "00" + "0000019ca9450a00");
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes(bytes("\0TAPER\0" + tag + "\0"));
    signed.writeBytes(header);
    signed.writeBytes(NONCE);
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    encoded.writeBytes(header);
    encoded.writeBytes(NONCE);
    Stream.concat(
            Stream.of(STATE, bytes("svc:jira"), sha256(bytes("approval"))),
            parts.stream().map(SentCallTest::bytes))
        .map(SentCallTest::sha256)
        .forEach(
            digest -> {
              signed.writeBytes(digest);
              encoded.write(digest, 0, 4);
            });
    encoded.writeBytes(key.sign(signed.toByteArray()));

    Proof proof = Proof.make(key, subject(sent), clock, NONCE);

    assertThat(proof.encode()).isEqualTo(encoded.toByteArray());
    assertThat(proof.encodeBase64()).matches("[A-Za-z0-9_-]+");
    assertThat(Proof.decode(proof.encodeBase64())).isEqualTo(proof);
    assertThat(proof.form().wireId()).isEqualTo(Integer.parseInt(form));
  }

  @Test
  void make_withoutApprovals_coversTheDigestOfNothing() {
    assertThat(SentApprovals.NONE.digest()).isEqualTo(sha256(new byte[0]));
    assertThat(SentApprovals.of(List.of()).digest()).isEqualTo(sha256(new byte[0]));
  }

  @Test
  void sent_toolOfACall_isWhatTheCallerStates() {
    ToolCall call = ToolCall.of("jira.search");
    SentTool sent = (SentTool) call.operation("read").on("jira:project/ACME").sent();
    SentTool bare = (SentTool) call.sent();

    assertThat(sent.tool()).isEqualTo("jira.search");
    assertThat(sent.operation()).isEqualTo("read");
    assertThat(sent.resource()).isEqualTo("jira:project/ACME");
    assertThat(bare.operation()).isNull();
    assertThat(bare.resource()).isNull();
  }

  @Test
  void toString_tool_showsNoArguments() {
    assertThat(TOOL).hasToString("jira.search");
  }
}
