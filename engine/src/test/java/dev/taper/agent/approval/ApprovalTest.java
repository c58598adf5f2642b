package dev.taper.agent.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.CallPattern;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.ToolPattern;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovalTest {
  private static final String ID = "00112233445566778899aabbccddeeff";
  private static final String DIGEST = "ab".repeat(32);
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final String CALL =
      "{\"audiences\":[\"svc:jira\"],\"from\":1795521600,\"id\":\"ID\",\"meaning\":\"DIGEST\","
          + "\"reason\":\"fine \\\"so\\\"\",\"state\":\"DIGEST\",\"until\":1795522500,\"uses\":1}";
  private static final String PATTERNS =
      "{\"audiences\":[\"svc:jira\"],\"calls\":[{\"operations\":[\"read\",\"write\"],"
          + "\"resources\":[\"jira:project/ACME\",\"jira:project/ACME/*\"],\"tools\":[\"jira.*\"]},"
          + "{\"tools\":[\"crm.read\"]}],\"from\":1795521600,\"id\":\"ID\",\"onward\":true,"
          + "\"state\":\"DIGEST\",\"until\":1795522500,\"uses\":3}";

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);

  private static String filled(String json) {
    return json.replace("ID", ID).replace("DIGEST", DIGEST);
  }

  private static ApprovalStatement.Parts parts() {
    ApprovalStatement.Parts parts = new ApprovalStatement.Parts();
    parts.id = ID;
    parts.state = DIGEST;
    parts.audiences = new TreeSet<>(List.of("svc:jira"));
    parts.meaning = DIGEST;
    parts.from = NOON;
    parts.until = NOON.plusSeconds(900);
    return parts;
  }

  /** The bytes of an approval of any statement, whose signature is nobody's. */
  private byte[] bytes(String statement) {
    byte[] said = statement.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + 32 + 1 + 64 + said.length)
        .put((byte) 1)
        .put((byte) 0)
        .put(key.publicKey().bytes())
        .put((byte) 64)
        .put(new byte[64])
        .put(said)
        .array();
  }

  @ParameterizedTest
  @EnumSource
  void encode_signed_readsBack(Algorithm algorithm) {
    PrivateKey approver = PrivateKey.generate(algorithm);
    Approval approval = parts().build().sign(approver);

    Approval back = Approval.decode(approval.encodeBase64());

    assertThat(back).isEqualTo(approval);
    assertThat(back.approver()).isEqualTo(approver.publicKey());
    assertThat(back.statement()).isEqualTo(approval.statement());
    assertThat(back.isSigned()).isTrue();
    assertThat(back.name()).isEqualTo(approver.publicKey() + " " + ID);
    assertThat(Approval.decode(bytes(approval.statement().toJson())).isSigned()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {CALL, PATTERNS})
  void decode_statement_isWrittenAsItWasRead(String json) {
    String text = filled(json);

    assertThat(Approval.decode(bytes(text)).statement().toJson()).isEqualTo(text);
  }

  @Test
  void words_statement_sayAllOfIt() {
    assertThat(Approval.decode(bytes(filled(PATTERNS))).statement().words())
        .isEqualTo(
            "approves jira.* read, write on jira:project/ACME, jira:project/ACME/*; or crm.read at"
                + " svc:jira, 3 times, also by those to whom the token is handed on, from"
                + " 2026-11-24T12:00:00Z until 2026-11-24T12:15:00Z");
    assertThat(Approval.decode(bytes(filled(CALL))).statement().words())
        .startsWith("approves the call with the digest " + DIGEST + " at svc:jira, once, from ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"audiences\":[\"svc:jira\"]}",
        CALL + " ",
        CALL + "{}",
        " " + CALL,
        PATTERNS + "x",
      })
  void decode_noStatement_isMalformed(String json) {
    assertMalformed(bytes(filled(json)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // what is replaced, and by what
        "\"id\":\"ID\" => \"id\":\"00\"",
        "\"id\":\"ID\", => ",
        "\"meaning\":\"DIGEST\" => \"meaning\":\"00\"",
        "\"meaning\":\"DIGEST\" => \"meaning\":null",
        "\"meaning\":\"DIGEST\", => ",
        "\"meaning\":\"DIGEST\" => \"calls\":[]",
        "\"meaning\":\"DIGEST\" => \"meaning\":\"DIGEST\",\"onward\":true",
        "\"meaning\":\"DIGEST\" => \"meaning\":\"DIGEST\",\"onward\":false",
        "\"meaning\":\"DIGEST\" => \"meaning\":\"DIGEST\",\"other\":1",
        "\"from\" => \"calls\":[{\"tools\":[\"crm.read\"]}],\"from\"",
        "\"state\":\"DIGEST\" => \"state\":\"00\"",
        "\"state\":\"DIGEST\" => \"state\":5",
        "\"state\":\"DIGEST\", => ",
        "[\"svc:jira\"] => []",
        "[\"svc:jira\"] => \"svc:jira\"",
        "[\"svc:jira\"] => [\"svc:jira\",\"svc:jira\"]",
        "[\"svc:jira\"] => [\"svc:jira\",\"svc:wiki\"]",
        "[\"svc:jira\"] => [\"svc:\u202ejira\"]",
        "[\"svc:jira\"] => [\" \"]",
        "[\"svc:jira\"] => [\"svc:jir\\u0061\"]",
        "1795521600 => 1795522500",
        "1795521600 => -1",
        "1795521600 => 1795521600.5",
        "1795521600 => 1.7955216e9",
        "1795522500 => 253402300800",
        "1795522500 => \"1795522500\"",
        ",\"uses\":1 => ,\"uses\":0",
        ",\"uses\":1 => ,\"uses\":10001",
        ",\"uses\":1 => ,\"uses\":99999999999",
        ",\"uses\":1 => ,\"uses\":true",
        ",\"uses\":1 => ,\"uses\":1,\"uses\":1",
        "fine \\\"so\\\" => ",
        "fine \\\"so\\\" => two\\nlines",
      })
  void decode_statementWithAFlaw_isMalformed(String flaw) {
    int arrow = flaw.indexOf(" => ");
    String bad = CALL.replace(flaw.substring(0, arrow), flaw.substring(arrow + 4));
    assertThat(bad).isNotEqualTo(CALL);

    assertMalformed(bytes(filled(bad)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"uses\":3 => ",
        "1795522500 => 1795525201",
        "[\"read\",\"write\"] => [\"write\",\"read\"]",
        "[\"read\",\"write\"] => [\"read\",\"read\"]",
        "[\"read\",\"write\"] => []",
        "[\"read\",\"write\"] => [\"re ad\"]",
        "[\"jira.*\"] => [\"*\"]",
        "[\"jira.*\"] => [\"jira.*.x\"]",
        "[\"jira.*\"] => []",
        "[\"jira.*\"] => [5]",
        "\"jira:project/ACME/*\" => \"jira:project/ACME/\"",
        "\"jira:project/ACME/*\" => \"jira:project/ACME*\"",
        "\"jira:project/ACME/*\" => \"jira://x//y\"",
        "{\"tools\":[\"crm.read\"]} => {\"tools\":[\"crm.read\"],\"where\":1}",
        "{\"tools\":[\"crm.read\"]} => {}",
        "{\"tools\":[\"crm.read\"]} => \"crm.read\"",
      })
  void decode_patternsWithAFlaw_areMalformed(String flaw) {
    int arrow = flaw.indexOf(" => ");
    String bad = PATTERNS.replace(flaw.substring(0, arrow), flaw.substring(arrow + 4));
    assertThat(bad).isNotEqualTo(PATTERNS);

    assertMalformed(bytes(filled(bad)));
  }

  @Test
  void decode_bytesWithAFlaw_areMalformed() {
    byte[] good = bytes(filled(CALL));
    assertThat(Approval.decode(good).statement().id()).isEqualTo(ID);
    for (int length : new int[] {0, 1, 2, 33, 34, 35, 98, 99, 200}) {
      assertMalformed(Arrays.copyOf(good, length));
    }
    assertMalformed(changed(good, 0, 2)); // another version
    assertMalformed(changed(good, 1, 1)); // another algorithm than the key's length
    Refused.with(
        ErrorCode.MALFORMED_APPROVAL,
        "the unknown algorithm 200",
        () -> Approval.decode(changed(good, 1, 200)));
    assertMalformed(changed(good, 34, 63)); // a signature of another length
    assertMalformed(changed(good, 34, 255));
    byte[] weak = good.clone();
    Arrays.fill(weak, 2, 34, (byte) 0); // a point of small order
    assertMalformed(weak);
    byte[] notUtf8 = good.clone();
    notUtf8[good.length - 20] = (byte) 0xff;
    assertMalformed(notUtf8);
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    byte[] copy = bytes.clone();
    copy[at] = (byte) value;
    return copy;
  }

  /** The longest approval is of the key and the signature that take the most bytes. */
  @Test
  void decode_longestApproval_isTaken() {
    ApprovalStatement.Parts parts = parts();
    parts.audiences = services(4);
    int missing = ApprovalStatement.MAX_BYTES - parts.build().toJson().length();
    parts.reason = "x".repeat(missing - ",\"reason\":\"\"".length());
    String longest = parts.build().toJson();
    assertThat(longest).hasSize(ApprovalStatement.MAX_BYTES);
    assertThat(ApprovalStatement.parse(longest).toJson()).isEqualTo(longest);

    assertThat(Approval.decode(bytesOfP256(72, longest)).statement().toJson()).isEqualTo(longest);
    assertMalformed(bytesOfP256(72, longest + " "));
  }

  @Test
  void decode_signatureOfP256_hasALengthThatDerAllows() {
    String said = filled(CALL);
    for (int length : new int[] {8, 72}) {
      assertThat(Approval.decode(bytesOfP256(length, said)).isSigned()).isFalse();
    }
    for (int length : new int[] {0, 7, 73, 255}) {
      assertMalformed(bytesOfP256(length, said));
    }
  }

  private static byte[] bytesOfP256(int signature, String statement) {
    byte[] said = statement.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + 33 + 1 + signature + said.length)
        .put((byte) 1)
        .put((byte) 1)
        .put(PrivateKey.generate(Algorithm.SECP256R1).publicKey().bytes())
        .put((byte) signature)
        .put(new byte[signature])
        .put(said)
        .array();
  }

  /** So many services with long names. */
  private static SortedSet<String> services(int count) {
    TreeSet<String> services = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      services.add("svc:" + i + "x".repeat(860));
    }
    return services;
  }

  @Test
  void covers_call_isTheOneOfTheDigestOrOfAPattern() {
    ToolCall call = ToolCall.of("crm.read").on("crm:contact/1").arg("limit", 1);
    ToolCall other = ToolCall.of("crm.read").on("crm:contact/1").arg("limit", 2);
    ToolCall another = ToolCall.of("crm.write").on("crm:contact/1");
    ApprovalStatement.Parts one = parts();
    one.meaning = HexFormat.of().formatHex(call.digest());
    ApprovalStatement.Parts some = parts();
    some.meaning = null;
    some.uses = 1;
    some.patterns =
        List.of(CallPattern.of(Grant.parse("jira.*")), CallPattern.of(Grant.parse("crm.read")));

    assertThat(one.build().covers(call)).isTrue();
    assertThat(one.build().covers(other)).isFalse();
    assertThat(some.build().covers(call)).isTrue();
    assertThat(some.build().covers(other)).isTrue();
    assertThat(some.build().covers(another)).isFalse();
  }

  /**
   * Whatever order its approver keeps the tools in: nobody would take a statement in another one.
   */
  @Test
  void build_patternOfSetsInAnotherOrder_isReadBack() {
    SortedSet<String> tools = new TreeSet<>(Comparator.reverseOrder());
    tools.addAll(List.of("crm.read", "jira.*"));
    ApprovalStatement.Parts parts = parts();
    parts.meaning = null;
    parts.uses = 1;
    parts.patterns = List.of(new CallPattern(tools, new TreeSet<>(), new TreeSet<>()));

    String json = parts.build().toJson();

    assertThat(ApprovalStatement.parse(json).toJson()).isEqualTo(json);
    assertThat(parts.patterns).containsExactly(CallPattern.of(Grant.parse("crm.read, jira.*")));
  }

  @Test
  void parse_statementThatSaysNothingValid_isMalformed() {
    String good = filled(CALL);
    assertThat(ApprovalStatement.parse(good).toJson()).isEqualTo(good);
    for (String bad :
        List.of(
            "{}",
            good + " ",
            good.replace("1795521600", "1795522500"),
            good.replace("svc:jira", " "),
            " ".repeat(ApprovalStatement.MAX_BYTES + 1))) {
      Refused.with(ErrorCode.MALFORMED_APPROVAL, () -> ApprovalStatement.parse(bad));
    }
  }

  @Test
  void equals_approvals_areThoseOfTheSameBytes() {
    Approval one = parts().build().sign(key);
    ApprovalStatement.Parts later = parts();
    later.until = later.until.plusSeconds(1);

    assertThat(Approval.decode(one.encode())).isEqualTo(one).hasSameHashCodeAs(one);
    assertThat(one).isNotEqualTo(later.build().sign(key)).isNotEqualTo(one.encodeBase64());
    assertThat(one.statement()).isNotEqualTo(later.build()).isEqualTo(parts().build());
    assertThat(one.statement()).hasSameHashCodeAs(parts().build());
    assertThat(one)
        .hasToString(key.publicKey() + " " + one.statement())
        .hasToString(key.publicKey() + " " + one.statement().words());
  }

  @Test
  void build_asManyAsThereCanBe_isTakenAndNotOneMore() {
    CallPattern any = CallPattern.of(Grant.parse("crm.read"));
    ApprovalStatement.Parts most = parts();
    most.meaning = null;
    most.patterns = Collections.nCopies(16, any);
    most.uses = 10_000;
    most.until = NOON.plusSeconds(3600);
    assertThat(most.build().uses()).hasValue(10_000);
    most.patterns = Collections.nCopies(17, any);
    Refused.with(ErrorCode.INVALID_ARGUMENT, "16 patterns", most::build);

    ApprovalStatement.Parts places = parts();
    for (int i = 1; i < 64; i++) {
      places.audiences.add("svc:" + i);
    }
    assertThat(places.build().audiences()).hasSize(64);
    places.audiences.add("svc:64");
    Refused.with(ErrorCode.INVALID_ARGUMENT, "64 services", places::build);
  }

  /** An approval counts whole seconds, so that all who read it agree when it ends. */
  @Test
  void build_windowThatIsNoneOfWholeSeconds_isRefused() {
    ApprovalStatement.Parts from = parts();
    from.from = NOON.plusMillis(1);
    ApprovalStatement.Parts until = parts();
    until.until = NOON.plusSeconds(1).plusNanos(1);
    ApprovalStatement.Parts early = parts();
    early.from = Instant.EPOCH.minusSeconds(1);
    ApprovalStatement.Parts empty = parts();
    empty.until = NOON;
    for (ApprovalStatement.Parts bad : List.of(from, until, early, empty)) {
      Refused.with(ErrorCode.INVALID_ARGUMENT, "whole seconds", bad::build);
    }
    ApprovalStatement.Parts shortest = parts();
    shortest.until = NOON.plusSeconds(1);
    assertThat(shortest.build().window()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void justification_windowThatIsNoneOfWholeSeconds_isRefused() {
    ToolPattern tools = new ToolPattern("jira.*");
    Instant end = NOON.plusSeconds(1);
    assertThat(new Justification(tools, "why", NOON, end).window())
        .isEqualTo(Duration.ofSeconds(1));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> new Justification(tools, "why", NOON.plusMillis(1), end));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> new Justification(tools, "why", NOON, end.plusNanos(1)));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> new Justification(tools, "why", NOON, NOON));
    Refused.with(
        ErrorCode.INVALID_REQUEST, () -> new Justification(tools, "two\nlines", NOON, end));
  }

  @Test
  void terms_inWords_sayForHowLongAndForWhat() {
    Approval.Terms terms = Approval.Terms.lasting(Duration.ofMinutes(15));

    assertThat(terms).hasToString("ApprovalTerms(PT15M, the call)");
    assertThat(terms.calls(List.of(CallPattern.of(Grant.parse("crm.read")))))
        .hasToString("ApprovalTerms(PT15M, [crm.read])");
  }

  @Test
  void build_tooMuch_isRefused() {
    ApprovalStatement.Parts parts = parts();
    for (int i = 0; i < 3; i++) {
      parts.audiences.add("svc:" + i + "x".repeat(1000));
    }
    assertThat(parts.build().toJson()).hasSizeLessThan(ApprovalStatement.MAX_BYTES);
    parts.audiences.add("svc:9" + "x".repeat(1000));

    assertThatThrownBy(parts::build)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("4096 bytes");
  }

  @Test
  void use_notCounted_isNone() {
    Approval lasting = parts().build().sign(key);

    assertThatThrownBy(lasting::use).isInstanceOf(TaperException.class);
  }

  private static void assertMalformed(byte[] bytes) {
    assertThatThrownBy(() -> Approval.decode(bytes))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_APPROVAL));
  }
}
