package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperClient.KeptToken;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A keeper asks a server that answers as the vectors of the binding say. */
@TestInstance(Lifecycle.PER_CLASS)
class RenewalVectorsTest {
  private static final Path FILE =
      Path.of("../testvectors/src/main/resources/dev/taper/testvectors/binding/renewals.json");

  /** One case of the file. */
  record Vector(String name, JsonNode json) {
    String text(String member) {
      return json.required(member).textValue();
    }

    String outcome() {
      return json.required("expect").required("outcome").textValue();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private RunningKeeper keeper;
  private Issuer issuer;

  /** A keeper that has the keys of the vectors, at the time of the vectors. */
  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Vector first = vectors().get(0);
    Path store = folder.resolve("store");
    OwnFolder.make(store);
    EntryFolder keys = EntryFolder.open(store.resolve("keys"));
    store(keys, "planner", Algorithm.ED25519);
    store(keys, "scraper", Algorithm.SECP256R1);
    keeper = RunningKeeper.stored(folder);
    Instant then = Instant.ofEpochMilli(first.json().required("time").longValue());
    keeper.clock.pass(Duration.between(keeper.clock.instant(), then));
    issuer = Issuer.start(keeper);
  }

  @AfterAll
  void stop() throws Exception {
    TearDown.close(TearDown.of(issuer, i -> i.server.stop(0)), keeper);
  }

  private static void store(EntryFolder keys, String name, Algorithm algorithm) throws Exception {
    PrivateKey key = key(name, algorithm);
    String pem = Pem.writeEncrypted(key, RunningKeeper.PASSPHRASE.toCharArray());
    keys.write(
        name, new HeldKey(name, key.publicKey(), HeldKey.Place.STORE, false, null, pem).stored());
  }

  private static PrivateKey key(String name, Algorithm algorithm) throws Exception {
    byte[] secret =
        MessageDigest.getInstance("SHA-256")
            .digest(("taper vectors " + name).getBytes(StandardCharsets.UTF_8));
    return PrivateKey.of(algorithm, secret);
  }

  static List<Vector> vectors() throws IOException {
    List<Vector> vectors = new ArrayList<>();
    for (JsonNode one : new ObjectMapper().readTree(FILE.toFile()).required("cases")) {
      vectors.add(new Vector(one.required("name").textValue(), one));
    }
    return vectors;
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void renewal_isAskedForAndRead(Vector vector) {
    String name = vector.text("holder");
    KeptToken kept =
        keeper.client.add(
            name,
            vector.text("token"),
            List.of(),
            new KeptToken.Renewal(issuer.origin + "/v1/renew", vector.text("issuer")),
            null,
            true);
    assertThat(kept.key()).isEqualTo(name);
    issuer.next = vector;
    issuer.flaws.clear();

    String outcome = outcome(name);

    assertThat(issuer.flaws).containsExactly("");
    String held = unpadded(keeper.client.token(name).token());
    if (vector.outcome().equals("renewed")) {
      assertThat(outcome).isEqualTo("renewed");
      assertThat(held).isEqualTo(vector.json().required("expect").required("token").textValue());
      return;
    }
    assertThat(held).isEqualTo(vector.text("token"));
    JsonNode expect = vector.json().required("expect");
    if (expect.has("status")) {
      String reason =
          expect.has("code")
              ? expect.required("code").textValue()
              : "status " + expect.required("status");
      assertThat(outcome).startsWith("not_renewed").contains(reason);
    } else {
      assertThat(outcome).startsWith(vector.outcome() + ":");
    }
  }

  /** Padding behind a token may be there or not. */
  private static String unpadded(String text) {
    return text.replace("=", "");
  }

  private String outcome(String name) {
    try {
      KeptToken unused = keeper.client.renew(name);
      return "renewed";
    } catch (OperationException e) {
      return e.code() + ": " + e.getMessage();
    }
  }

  /** A server that looks at each request as an issuer does, and answers as it is told. */
  private static final class Issuer {
    final HttpServer server;
    final String origin;
    final List<String> flaws = new ArrayList<>();
    private final RunningKeeper keeper;
    private final PublicKey root;
    Vector next;

    private Issuer(HttpServer server, RunningKeeper keeper, PublicKey root, Vector next) {
      this.server = server;
      this.origin = "http://127.0.0.1:" + server.getAddress().getPort();
      this.keeper = keeper;
      this.root = root;
      this.next = next;
    }

    static Issuer start(RunningKeeper keeper) throws Exception {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      PublicKey root = key("root", Algorithm.ED25519).publicKey();
      Issuer issuer = new Issuer(server, keeper, root, vectors().get(0));
      server.createContext("/", issuer::answer);
      server.start();
      return issuer;
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        flaws.add(flaw(exchange));
        JsonNode answer = next.json().required("answer");
        for (JsonNode field : answer.required("fields")) {
          exchange.getResponseHeaders().add(field.get(0).textValue(), field.get(1).textValue());
        }
        byte[] content = answer.required("content").textValue().getBytes(StandardCharsets.UTF_8);
        int status = answer.required("status").intValue();
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
      }
    }

    /** What is wrong with a request; empty if nothing is. */
    private String flaw(HttpExchange exchange) throws IOException {
      JsonNode request = next.json().required("request");
      List<String> proofs = exchange.getRequestHeaders().get("Taper-Proof");
      List<String> tokens = exchange.getRequestHeaders().get("Authorization");
      String token = request.required("fields").get(0).get(1).textValue();
      if (!exchange.getRequestMethod().equals(request.required("method").textValue())
          || !exchange.getRequestURI().toString().equals(request.required("target").textValue())
          || tokens == null
          || !List.of(token).equals(tokens.stream().map(RenewalVectorsTest::unpadded).toList())
          || proofs == null
          || proofs.size() != 1
          || exchange.getRequestHeaders().containsKey("Taper-Approval")
          || exchange.getRequestBody().readAllBytes().length > 0) {
        return exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + exchange.getRequestHeaders().entrySet();
      }
      Verifier verifier =
          Verifier.trusting(RootKeys.of(root))
              .callerStatesMeaning()
              .audience(next.text("issuer"))
              .withoutRevocation()
              .clock(keeper.clock)
              .build();
      var code =
          verifier.useProof(
              Credentials.of(next.text("token"), proofs.get(0)),
              SentHttp.of("POST", origin, "/v1/renew"));
      return code == null ? "" : code.text();
    }
  }
}
