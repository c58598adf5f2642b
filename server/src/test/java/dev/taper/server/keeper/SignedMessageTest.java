package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.token.Token;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignedMessageTest {
  private static final Clock CLOCK = Clock.systemUTC();

  /** Keeps what it is given to sign. */
  private static final class Recorder implements Signer {
    final PrivateKey key;
    final List<byte[]> messages = new ArrayList<>();

    Recorder(Algorithm algorithm) {
      key = PrivateKey.generate(algorithm);
    }

    @Override
    public PublicKey publicKey() {
      return key.publicKey();
    }

    @Override
    public byte[] sign(byte[] message) {
      messages.add(message.clone());
      return key.sign(message);
    }

    byte[] last() {
      return messages.get(messages.size() - 1);
    }
  }

  private static String words(Recorder signer) {
    return SignedMessage.recognise(signer.last(), signer.publicKey()).words();
  }

  private static AgentToken mint(Recorder by, PublicKey holder) {
    return Issuer.of(by)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", holder))
                .task("T-1")
                .grant("jira.* read")
                .expiresIn(Duration.ofHours(1)));
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void recognise_allThatKeysSign_isKnown(Algorithm algorithm) {
    Recorder root = new Recorder(algorithm);
    Recorder holder = new Recorder(algorithm);
    Recorder other = new Recorder(Algorithm.SECP256R1);
    AgentToken token = mint(root, holder.publicKey());
    assertThat(words(root)).contains("block", holder.publicKey().toString());

    AgentToken narrower =
        token.delegate(holder, Hop.to(Agent.of("agent:x", other.publicKey())).grant("jira.a read"));
    assertThat(words(holder)).contains("block", other.publicKey().toString());
    var justified =
        token.justify(holder, Justification.of("jira.*", "night", Duration.ofMinutes(1), CLOCK));
    assertThat(words(holder)).contains("block", holder.publicKey().toString());
    assertThat(narrower).isNotEqualTo(justified);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void recognise_seal_isKnownForItsHolderAlone(Algorithm algorithm) {
    Recorder root = new Recorder(Algorithm.ED25519);
    Recorder holder = new Recorder(algorithm);
    var sealed = mint(root, holder.publicKey()).seal(holder);
    assertThat(sealed.token().kind()).isEqualTo(Token.Kind.SEALED);
    assertThat(words(holder)).contains("seal");
    PublicKey stranger = PrivateKey.generate(algorithm).publicKey();
    refused(holder.last(), stranger, "not_signable");
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void recognise_plainBiscuits_areKnown(Algorithm algorithm) {
    Recorder root = new Recorder(algorithm);
    var token = Token.mint(root, Datalog.block("user(1234); check if operation(\"read\");"));
    assertThat(words(root)).contains("block");
    Recorder external = new Recorder(algorithm);
    var unused = token.thirdPartyRequest().sign(external, Datalog.block("group(\"admin\");"));
    assertThat(words(external)).contains("somebody else's token");
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void recognise_approval_names_list_andCheckpoint(Algorithm algorithm, @TempDir Path folder) {
    Recorder signer = new Recorder(algorithm);
    AgentToken token = mint(new Recorder(Algorithm.ED25519), keyOf(1));
    var unusedApproval =
        token
            .requestApproval(ToolCall.of("jira.close"), "svc:jira", "done")
            .approve(signer, Approval.Terms.lasting(Duration.ofMinutes(5)), CLOCK);
    assertThat(words(signer)).startsWith("approve");
    assertOnlyItsKey(signer);

    var unusedNames =
        NamesFile.builder().number(7).agent("agent:planner", keyOf(1)).build().sign(signer);
    assertThat(words(signer)).contains("number 7", "1 agents");
    assertOnlyItsKey(signer);

    var unusedList =
        RevocationIssuer.of(signer)
            .snapshot(
                4,
                List.of(),
                RevocationHeader.Validity.from(CLOCK, Duration.ofHours(1), Duration.ofHours(2)));
    assertThat(words(signer)).contains("revocation list number 4");
    assertOnlyItsKey(signer);

    try (AuditLog log =
        AuditLog.on(AuditSink.inFile(folder.resolve("log"), CLOCK), signer).clock(CLOCK).open()) {
      var unusedCheckpoint = log.checkpoint();
    }
    assertThat(words(signer)).contains("audit log");
    assertOnlyItsKey(signer);
  }

  private static void assertOnlyItsKey(Recorder signer) {
    refused(
        signer.last(),
        PrivateKey.generate(signer.publicKey().algorithm()).publicKey(),
        "not_signable");
  }

  private static PublicKey keyOf(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return PrivateKey.of(Algorithm.ED25519, bytes).publicKey();
  }

  @Test
  void recognise_proofs_areMadeElsewhere() {
    Recorder holder = new Recorder(Algorithm.ED25519);
    AgentToken token = mint(new Recorder(Algorithm.ED25519), holder.publicKey());
    var unusedCall = token.prove(holder, SentHttp.of("GET", "https://a.example", "/"), "svc:jira");
    refused(holder.last(), holder.publicKey(), "use_prove");
    var unusedOffer = token.proveOffer(holder, "svc:jira", CLOCK);
    refused(holder.last(), holder.publicKey(), "use_prove");
  }

  @Test
  void recognise_anythingElse_isNotSigned() {
    PublicKey key = keyOf(1);
    for (String text :
        List.of(
            "",
            "\0",
            "hello",
            "SSHSIG",
            "eyJhbGciOiJFZERTQSJ9.e30",
            "\0TAPER\0",
            "\0TAPER\0BUDGET\0x",
            "\0TAPER\0REVOKED\0x",
            "\0TAPER\0AUDIT\0{}",
            "\0TAPER\0CHECKPOINT\0{}",
            "\0TAPER\0NAMES\0{}",
            "\0TAPER\0APPROVAL\0\1\0",
            "\0TAPER\0REVOCATION\0\2\0\0",
            "\0BLOCK\0\0VERSION\0\1\0\0\0\0PAYLOAD\0x\0ALGORITHM\0\0\0\0\0\0NEXTKEY\0"
                + "k".repeat(32),
            "\0EXTERNAL\0\0VERSION\0\1\0\0\0\0PAYLOAD\0x\0PREVSIG\0" + "s".repeat(64),
            " ".repeat(64) + "TLS 1.3, client CertificateVerify\0" + "h".repeat(32))) {
      refused(text.getBytes(StandardCharsets.ISO_8859_1), key, "not_signable");
    }
  }

  /** What is cut anywhere, or has anything in front or behind, is not what was recognised. */
  @Test
  void recognise_changedMessages_areNotSigned(@TempDir Path folder) {
    Recorder signer = new Recorder(Algorithm.ED25519);
    everyKind(signer, folder);
    for (byte[] message : signer.messages) {
      assertThat(SignedMessage.recognise(message, signer.publicKey()).words()).isNotEmpty();
      for (int length = 0; length < message.length; length++) {
        refused(Arrays.copyOf(message, length), signer.publicKey(), "not_signable");
      }
      for (int more : new int[] {0, 1, '\n', ' ', '}', 'x', 0xff}) {
        byte[] longer = Arrays.copyOf(message, message.length + 1);
        longer[message.length] = (byte) more;
        refused(longer, signer.publicKey(), "not_signable");
        byte[] shifted = new byte[message.length + 1];
        System.arraycopy(message, 0, shifted, 1, message.length);
        shifted[0] = (byte) more;
        refused(shifted, signer.publicKey(), "not_signable");
      }
    }
  }

  /**
   * One message of every kind whose end is known. Those that end with another signature, of which
   * each algorithm makes longer and shorter ones, are left out: without it, a seal is the message
   * of its block, and is recognised as that.
   */
  private static void everyKind(Recorder signer, Path folder) {
    var unusedNames = NamesFile.builder().number(7).agent("agent:x", keyOf(1)).build().sign(signer);
    var unusedApproval =
        mint(signer, keyOf(2))
            .requestApproval(ToolCall.of("jira.close"), "svc:jira", "done")
            .approve(signer, Approval.Terms.lasting(Duration.ofMinutes(5)), CLOCK);
    var unusedList =
        RevocationIssuer.of(signer)
            .snapshot(
                4,
                List.of(),
                RevocationHeader.Validity.from(CLOCK, Duration.ofHours(1), Duration.ofHours(2)));
    try (AuditLog log =
        AuditLog.on(AuditSink.inFile(folder.resolve("log"), CLOCK), signer).clock(CLOCK).open()) {
      var unusedCheckpoint = log.checkpoint();
    }
    assertThat(signer.messages).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void recognise_randomBytes_areNotSigned() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      byte[] message = new byte[random.nextInt(300)];
      random.nextBytes(message);
      refused(message, keyOf(1), "not_signable");
    }
  }

  private static void refused(byte[] message, PublicKey key, String code) {
    assertThat(catchThrowable(() -> SignedMessage.recognise(message, key)))
        .as(new String(message, StandardCharsets.ISO_8859_1))
        .isInstanceOf(KeeperRefusal.class)
        .extracting(e -> ((KeeperRefusal) e).code())
        .isEqualTo(code);
  }
}
