package dev.taper.server.keeper;

import static dev.taper.server.keeper.RunningKeeper.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signer;
import dev.taper.datalog.parser.Datalog;
import dev.taper.operations.keeper.KeeperAnswer;
import dev.taper.operations.keeper.KeeperClient.KeptKey;
import dev.taper.operations.keeper.KeeperClient.KeptToken;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeeperTest {
  private static final ToolCall SEARCH = ToolCall.of("jira.search").operation("read");

  @TempDir Path folder;

  private static CallDecision decide(RunningKeeper keeper, String token, String proof) {
    Verifier verifier =
        Verifier.trusting(RootKeys.of(keeper.root.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .withoutRevocation()
            .clock(keeper.clock)
            .build();
    return verifier.decide(Credentials.of(token, proof), SEARCH);
  }

  @Test
  void newKey_isStoredEncryptedAndNeverGivenOut() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.stored(folder)) {
      KeptKey made = keeper.newKey("planner");
      assertThat(made.key().algorithm()).isEqualTo(Algorithm.ED25519);
      assertThat(keeper.client.keys()).containsExactly(made);
      assertThat(code(() -> keeper.newKey("planner"))).isEqualTo("key_exists");
      try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file)).doesNotContain("-private/", "BEGIN PRIVATE KEY");
        }
      }
      assertThat(Files.readString(folder.resolve("store/keys/planner.json")))
          .contains("BEGIN ENCRYPTED PRIVATE KEY");
    }
  }

  @Test
  void prove_byItsOwnClock_isTakenOnce() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      KeptToken token = keeper.keepToken("planner");
      AgentClient agent =
          AgentClient.of(
              AgentToken.decode(token.token()), keeper.client.signer("planner"), "svc:jira");
      Credentials credentials = agent.prove(SEARCH.sent());
      String proof = String.valueOf(credentials.proof());
      assertThat(decide(keeper, credentials.token(), proof).allowed()).isTrue();

      keeper.clock.pass(Duration.ofMinutes(10));
      Credentials later = agent.prove(SEARCH.sent());
      assertThat(decide(keeper, later.token(), String.valueOf(later.proof())).allowed()).isTrue();
      assertThat(decide(keeper, credentials.token(), proof).allowed()).isFalse();
    }
  }

  @Test
  void signer_isNoOracleForProofs() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      KeptToken token = keeper.keepToken("planner");
      Signer onlySigner = onlySigner(keeper.client.signer("planner"));
      AgentToken held = AgentToken.decode(token.token());
      assertThat(
              code(
                  () -> {
                    var unused = held.prove(onlySigner, SEARCH, "svc:jira");
                  }))
          .isEqualTo("use_prove");
      assertThat(
              code(
                  () -> {
                    var unused = onlySigner.sign(new byte[] {1, 2, 3});
                  }))
          .isEqualTo("not_signable");
    }
  }

  private static Signer onlySigner(Signer signer) {
    return new Signer() {
      @Override
      public PublicKey publicKey() {
        return signer.publicKey();
      }

      @Override
      public byte[] sign(byte[] message) {
        return signer.sign(message);
      }
    };
  }

  @Test
  void signer_handsOn_asAKeyInMemoryDoes() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      KeptToken token = keeper.keepToken("planner");
      PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);
      AgentToken narrower =
          AgentToken.decode(token.token())
              .delegate(
                  keeper.client.signer("planner"),
                  Hop.to(Agent.of("agent:researcher", researcher.publicKey()))
                      .grant("jira.search read"));
      String proof = narrower.prove(researcher, SEARCH, "svc:jira").encodeBase64();
      assertThat(decide(keeper, narrower.encodeBase64(), proof).allowed()).isTrue();
    }
  }

  @Test
  void delegate_toANameOfTheFile_isByItsKeyThere() throws Exception {
    PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey second = PrivateKey.generate(Algorithm.ED25519);
    Path names = folder.resolve("names.json");
    Files.writeString(
        names,
        NamesFile.builder()
            .agent("agent:researcher", researcher.publicKey())
            .agent("agent:both", second.publicKey(), keyOf(3))
            .build()
            .write());
    try (RunningKeeper keeper =
        RunningKeeper.start(
            folder,
            options -> {
              options.names = names;
              options.namesOnly = true;
            })) {
      keeper.keepToken("planner");
      KeeperAnswer answer =
          keeper.client.send(
              "POST",
              "/v1/delegate",
              """
              {"token":"planner","to":"agent:researcher","grants":["jira.search read"],
               "expires_in":60}
              """);
      String token = answer.members().text("token");
      assertThat(answer.members().texts("warnings")).isEmpty();
      String proof = AgentToken.decode(token).prove(researcher, SEARCH, "svc:jira").encodeBase64();
      assertThat(decide(keeper, token, proof).allowed()).isTrue();

      assertThat(delegate(keeper, "\"agent:nobody\"")).isEqualTo("unknown_name");
      assertThat(delegate(keeper, "\"agent:both\"")).isEqualTo("ambiguous_name");
      assertThat(delegate(keeper, "{\"name\":\"agent:x\",\"key\":\"" + second.publicKey() + "\"}"))
          .isEqualTo("names_only");
      assertThat(keeper.client.send("GET", "/v1/names", null).members().json("agents"))
          .contains("agent:researcher");

      Files.writeString(names, NamesFile.builder().build().write());
      assertThat(delegate(keeper, "\"agent:researcher\"")).isEqualTo("unknown_name");
    }
  }

  @Test
  void namesOnly_holdsForWhatIsSignedToo() throws Exception {
    PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey second = PrivateKey.generate(Algorithm.SECP256R1);
    Path names = folder.resolve("names.json");
    Files.writeString(
        names,
        NamesFile.builder()
            .agent("agent:researcher", researcher.publicKey(), second.publicKey())
            .build()
            .write());
    try (RunningKeeper keeper =
        RunningKeeper.start(
            folder,
            options -> {
              options.names = names;
              options.namesOnly = true;
            })) {
      AgentToken held = AgentToken.decode(keeper.keepToken("planner").token());
      Signer signer = keeper.client.signer("planner");
      for (PublicKey known : List.of(researcher.publicKey(), second.publicKey())) {
        AgentToken narrower = held.delegate(signer, Hop.to(Agent.of("agent:researcher", known)));
        assertThat(narrower.token().holderKey()).isEqualTo(known);
        String to = "{\"name\":\"agent:researcher\",\"key\":\"" + known + "\"}";
        String request = "{\"token\":\"planner\",\"to\":" + to + "}";
        assertThat(keeper.client.send("POST", "/v1/delegate", request).status()).isEqualTo(200);
      }
      Justification reason =
          Justification.of("jira.*", "night", Duration.ofMinutes(1), keeper.clock);
      assertThat(held.justify(signer, reason).chain().holder()).isEqualTo(held.chain().holder());

      Hop stranger = Hop.to(Agent.of("agent:researcher", keyOf(3)));
      assertThat(code(() -> assertThat(held.delegate(signer, stranger)).isNull()))
          .isEqualTo("names_only");
      assertThat(code(() -> assertThat(held.seal(signer)).isNull())).isEqualTo("names_only");
    }
  }

  private static PublicKey keyOf(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return PrivateKey.of(Algorithm.ED25519, bytes).publicKey();
  }

  private static String delegate(RunningKeeper keeper, String to) {
    return keeper.refused("POST", "/v1/delegate", "{\"token\":\"planner\",\"to\":" + to + "}");
  }

  @Test
  void delegate_toAKeyThatItsUserGives_warnsOfWhatHasNoEffect() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      keeper.keepToken("planner");
      String to = "{\"name\":\"agent:x\",\"key\":\"" + keyOf(3) + "\"}";
      String request = "{\"token\":\"planner\",\"to\":" + to + ",\"grants\":[\"mail.send\"]";
      assertThat(
              keeper.client.send("POST", "/v1/delegate", request + "}").members().texts("warnings"))
          .isNotEmpty();
      assertThat(keeper.refused("POST", "/v1/delegate", request + ",\"strict\":true}"))
          .isEqualTo("delegation_warning");
      assertThat(keeper.refused("POST", "/v1/delegate", request + ",\"key\":\"x\"}"))
          .isEqualTo("invalid_request");
    }
  }

  @Test
  void audiences_ofAToken_areTheOnlyOnes() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      KeptToken one = keeper.keepToken("one", "svc:jira");
      keeper.keepToken("two", "svc:jira", "svc:wiki");
      keeper.keepToken("any");
      assertThat(offer(keeper, "one", null)).isEqualTo("taken");
      assertThat(offer(keeper, "one", "svc:wiki")).isEqualTo("other_audience");
      assertThat(offer(keeper, one.token(), "svc:wiki")).isEqualTo("other_audience");
      assertThat(offer(keeper, "two", null)).isEqualTo("audience_required");
      assertThat(offer(keeper, "two", "svc:wiki")).isEqualTo("taken");
      assertThat(offer(keeper, "any", null)).isEqualTo("audience_required");
      assertThat(offer(keeper, "any", "svc:other")).isEqualTo("taken");
      assertThat(offer(keeper, "none", "svc:other")).isEqualTo("unknown_token");
    }
  }

  private static String offer(RunningKeeper keeper, String token, @Nullable String audience) {
    String request =
        "{\"offer\":true,\"token\":\""
            + token
            + "\""
            + (audience == null ? "" : ",\"audience\":\"" + audience + "\"")
            + "}";
    try {
      var unused = keeper.client.send("POST", "/v1/prove", request);
      return "taken";
    } catch (dev.taper.operations.OperationException e) {
      return e.code();
    }
  }

  @Test
  void add_whatNobodyHereHolds_isRefused() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      PrivateKey elsewhere = PrivateKey.generate(Algorithm.ED25519);
      AgentToken token = keeper.mint(elsewhere.publicKey());
      assertThat(code(() -> add(keeper, token.encodeBase64()))).isEqualTo("unknown_key");
      String bearer = token.delegate(elsewhere, Hop.toBearer()).encodeBase64();
      assertThat(code(() -> add(keeper, bearer))).isEqualTo("not_held");
      assertThat(code(() -> add(keeper, "AAAA"))).isEqualTo("malformed_token");
      keeper.keepToken("planner");
      String mine = keeper.client.token("planner").token();
      assertThat(
              code(
                  () -> {
                    var unused = keeper.client.add("planner", mine, List.of(), null, null, false);
                  }))
          .isEqualTo("token_exists");
    }
  }

  /** The words of a token can be many times its size, and one answer has those of all tokens. */
  @Test
  void tokens_oneOfManyWords_areListedAllTheSame() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      PrivateKey before = PrivateKey.generate(Algorithm.ED25519);
      String check = "check if s($s), $s == \"" + "x".repeat(20_000) + "\";";
      Hop hop = Hop.to(Agent.of("agent:x", keeper.newKey("own").key()));
      for (int i = 0; i < 100; i++) {
        hop = hop.check(Datalog.block(check).checks().get(0));
      }
      String token = keeper.mint(before.publicKey()).delegate(before, hop).encodeBase64();

      KeptToken kept = keeper.client.add("x", token, List.of(), null, null, false);

      assertThat(kept.authority()).startsWith("jira.*, read").hasSize(4096).endsWith("…");
      assertThat(keeper.client.tokens()).extracting(KeptToken::name).containsExactly("x");
    }
  }

  private static void add(RunningKeeper keeper, String token) {
    var unused = keeper.client.add("x", token, List.of(), null, null, false);
  }

  @Test
  void lock_unlock_wrongPassphrase_restart() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.stored(folder)) {
      keeper.keepToken("planner", "svc:jira");
      keeper.client.lock();
      assertThat(keeper.client.isLocked()).isTrue();
      assertThat(offer(keeper, "planner", null)).isEqualTo("locked");
      assertThat(code(() -> keeper.newKey("second"))).isEqualTo("locked");
      assertThat(keeper.client.keys()).hasSize(1); // it can be seen all the same
      assertThat(code(() -> keeper.client.unlock("wrong".toCharArray(), null)))
          .isEqualTo("wrong_passphrase");
      assertThat(offer(keeper, "planner", null)).isEqualTo("locked");
      assertThat(code(() -> keeper.client.unlock(null, "1234".toCharArray())))
          .isEqualTo("invalid_request");
      keeper.client.unlock(RunningKeeper.PASSPHRASE.toCharArray(), null);
      assertThat(offer(keeper, "planner", null)).isEqualTo("taken");

      List<KeptKey> keys = keeper.client.keys();
      List<KeptToken> tokens = keeper.client.tokens();
      keeper.restart();
      assertThat(keeper.client.keys()).isEqualTo(keys);
      assertThat(keeper.client.tokens()).isEqualTo(tokens);
      assertThat(offer(keeper, "planner", null)).isEqualTo("taken");
    }
  }

  @Test
  void start_wrongPassphrase_isRefused() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.stored(folder)) {
      keeper.newKey("planner");
    }
    Path wrong = RunningKeeper.secret(folder, "wrong", "wrong");
    assertThat(RunningKeeper.refusedToStart(folder, options -> options.passphraseFile = wrong))
        .isEqualTo("wrong_passphrase");
  }

  @Test
  void inMemory_isGoneWithTheProcess() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      keeper.keepToken("planner", "svc:jira");
      assertThat(offer(keeper, "planner", null)).isEqualTo("taken");
      assertThat(code(keeper.client::lock)).isEqualTo("not_stored");
      assertThat(folder.resolve("store")).doesNotExist();
      keeper.restart();
      assertThat(keeper.client.keys()).isEmpty();
      assertThat(keeper.client.tokens()).isEmpty();
    }
  }

  @Test
  void lifetime_ofKeysAndTokens_endsThemForGood() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.stored(folder, options -> options.lifetime = "8h")) {
      KeptKey shortKey =
          keeper.client.newKey("short", Algorithm.ED25519, null, false, Duration.ofMinutes(5));
      String token = keeper.mint(shortKey.key()).encodeBase64();
      var unused = keeper.client.add("short", token, List.of("svc:jira"), null, null, false);
      KeptToken other = keeper.keepToken("other", "svc:jira");
      var replaced =
          keeper.client.add(
              "other", other.token(), List.of("svc:jira"), null, Duration.ofMinutes(1), true);
      assertThat(replaced.until()).isBefore(keeper.clock.instant().plusSeconds(61));

      keeper.clock.pass(Duration.ofMinutes(2));
      assertThat(offer(keeper, "other", null)).isEqualTo("unknown_token");
      assertThat(offer(keeper, "short", null)).isEqualTo("taken");

      keeper.clock.pass(Duration.ofMinutes(4));
      assertThat(offer(keeper, "short", null)).isEqualTo("unknown_token");
      assertThat(offer(keeper, token, "svc:jira")).isEqualTo("unknown_key");
      assertThat(keeper.client.keys()).extracting(KeptKey::name).containsExactly("other");
      assertThat(folder.resolve("store/keys/short.json")).doesNotExist();

      keeper.clock.pass(Duration.ofHours(9));
      assertThat(keeper.client.keys()).isEmpty();
    }
  }

  @Test
  void forget_aKey_forgetsItsTokens() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      keeper.keepToken("planner", "svc:jira");
      keeper.keepToken("other", "svc:jira");
      keeper.client.forgetKey("planner");
      assertThat(keeper.client.tokens()).extracting(KeptToken::name).containsExactly("other");
      keeper.client.forgetToken("other");
      assertThat(keeper.client.keys()).extracting(KeptKey::name).containsExactly("other");
      assertThat(code(() -> keeper.client.forgetKey("planner"))).isEqualTo("unknown_key");
    }
  }

  @Test
  void confirm_isAskedWithWhatItIsFor_andANoRefuses() throws Exception {
    Path yes = RunningKeeper.program(folder, "ask", "test ! -e " + folder + "/no");
    try (RunningKeeper keeper = RunningKeeper.start(folder, options -> options.askpass = yes)) {
      KeptKey key = keeper.client.newKey("planner", Algorithm.ED25519, null, true, null);
      AgentToken token = keeper.mint(key.key());
      var unused =
          keeper.client.add(
              "planner", token.encodeBase64(), List.of("svc:jira"), null, null, false);
      String http =
          "{\"token\":\"planner\",\"http\":{\"method\":\"GET\",\"url\":\"https://a.example/x?y=1\"}}";
      var proved = keeper.client.send("POST", "/v1/prove", http);
      assertThat(proved.members().names()).contains("headers");
      assertThat(Files.readString(folder.resolve("questions")))
          .contains("Use the key planner?\n  to          prove a call at svc:jira (task T-4711 of ")
          .contains("  request     GET https://a.example/x\n  query       \"y\": \"1\"\n")
          .contains("T-4711", "user:alice@acme.com");

      Files.createFile(folder.resolve("no"));
      assertThat(keeper.refused("POST", "/v1/prove", http)).isEqualTo("confirm_refused");
      assertThat(
              code(
                  () -> {
                    var unusedToken =
                        token.delegate(
                            keeper.client.signer("planner"), Hop.to(Agent.of("agent:x", keyOf(3))));
                  }))
          .isEqualTo("confirm_refused");
      assertThat(Files.readString(folder.resolve("questions")).replace("\n              | ", ""))
          .contains(keyOf(3).toString());
    }
  }

  /** What is proved is read where it is asked, however long something else of it is. */
  @ParameterizedTest
  @MethodSource("longCalls")
  void confirm_longComment_hidesNeitherToolNorRecipientAndTakesTheDigest(String call)
      throws Exception {
    Path program = RunningKeeper.program(folder, "ask", "cat " + folder + "/answer");
    Path answer = Files.writeString(folder.resolve("answer"), "yes\n");
    try (RunningKeeper keeper = RunningKeeper.start(folder, options -> options.askpass = program)) {
      KeptKey key = keeper.client.newKey("planner", Algorithm.ED25519, null, true, null);
      var unused =
          keeper.client.add(
              "planner",
              keeper.mint(key.key()).encodeBase64(),
              List.of("svc:jira"),
              null,
              null,
              false);
      String prove = "{\"token\":\"planner\"," + call + "}";

      assertThat(keeper.refused("POST", "/v1/prove", prove)).isEqualTo("confirm_refused");

      String question = Files.readString(folder.resolve("questions"));
      assertThat(question).contains("bank.pay", "\"attacker\"", "SHA-256");
      assertThat(question.indexOf("attacker")).isLessThan(question.indexOf("as agreed"));
      assertThat(question.indexOf("bank.pay")).isLessThan(question.indexOf("attacker"));
      String digest = question.substring(question.indexOf("  digest      ") + 14);
      Files.writeString(answer, digest.substring(0, 8));
      assertThat(keeper.client.send("POST", "/v1/prove", prove).members().names())
          .contains("proof");
    }
  }

  private static final String LONG = "as agreed, ".repeat(500);

  static List<String> longCalls() {
    return List.of(
        "\"mcp\":{\"method\":\"tools/call\",\"params\":{\"arguments\":{\"comment\":\""
            + LONG
            + "\","
            + "\"to\":\"attacker\"},\"name\":\"bank.pay\"}}",
        "\"tool\":{\"arguments\":{\"comment\":\""
            + LONG
            + "\",\"to\":\"attacker\"},\"name\":\"bank.pay\"}",
        "\"http\":{\"method\":\"POST\",\"url\":\"https://a.example/bank.pay\","
            + "\"content_type\":\"application/json\",\"content\":\""
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                    ("{\"comment\":\"" + LONG + "\",\"to\":\"attacker\"}")
                        .getBytes(StandardCharsets.UTF_8))
            + "\"}");
  }

  @Test
  void confirm_nobodyToAsk_isRefused() throws Exception {
    assertThat(RunningKeeper.refusedToStart(folder, options -> options.confirm = true))
        .isEqualTo("usage");
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      var made = keeper.client.newKey("asks", Algorithm.ED25519, null, true, null);
      assertThat(offer(keeper, keeper.mint(made.key()).encodeBase64(), "svc:jira"))
          .isEqualTo("confirm_refused");
    }
  }

  @Test
  void approvals_besideTheToken_areCovered() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      KeptToken token = keeper.keepToken("planner");
      AgentToken held = AgentToken.decode(token.token());
      ToolCall close = ToolCall.of("jira.close").operation("close");
      String approval =
          held.requestApproval(close, "svc:jira", "done")
              .approve(
                  GuardedService.BOSS, Approval.Terms.lasting(Duration.ofMinutes(5)), keeper.clock)
              .encodeBase64();
      Credentials proved =
          AgentClient.of(held, keeper.client.signer("planner"), "svc:jira")
              .prove(close.sent(), SentApprovals.of(List.of(approval)));
      assertThat(proved.approvals()).containsExactly(approval);
      Verifier verifier =
          Verifier.trusting(RootKeys.of(keeper.root.publicKey()))
              .callerStatesMeaning()
              .audience("svc:jira")
              .withoutRevocation()
              .build();
      assertThat(
              verifier
                  .decide(
                      new Credentials(
                          token.token(), String.valueOf(proved.proof()), List.of(approval)),
                      close)
                  .allowed())
          .isTrue();
    }
  }
}
