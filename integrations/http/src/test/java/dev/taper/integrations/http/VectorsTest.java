package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.client.Refusal;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.Vectors.Vector;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.testing.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published vectors of the binding over HTTP, which another implementation passes, too. */
class VectorsTest {
  private static final int TAG = 13;
  private static final int TIME_END = 11;
  private static final int NONCE_END = 27;
  private static final int HINTS = 11 * 4;

  static List<Vector> requests() throws IOException {
    return Vectors.of("http");
  }

  static List<Vector> signing() throws IOException {
    return Vectors.of("signing");
  }

  static List<Vector> services() throws IOException {
    return Vectors.of("services");
  }

  static List<Vector> asks() throws IOException {
    return Vectors.of("asks");
  }

  @Test
  void kinds_all_areChecked() throws IOException {
    assertThat(Vectors.kinds())
        .containsExactlyInAnyOrder(
            "http",
            "signing",
            "services",
            "answers",
            "mcp",
            "mcp-signing",
            "replies",
            "asks",
            "ask-states",
            "renewals",
            "statements",
            "exchanges");
  }

  @ParameterizedTest
  @MethodSource("requests")
  void judge_publishedRequest_givesWhatItExpects(Vector vector) throws IOException {
    SettableClock clock = new SettableClock(Instant.EPOCH);
    JsonNode requests = vector.json().required("requests");
    clock.set(time(requests.get(0)));
    HttpGuard guard = VectorService.guard(vector.json().required("service"), clock);
    for (JsonNode request : requests) {
      clock.set(time(request));
      JsonNode expect = request.required("expect");
      try {
        GuardedCall call = guard.judge(new VectorService.Arrived(request));
        assertThat(expect.required("status").intValue()).isEqualTo(200);
        assertThat(call.call().toJson()).isEqualTo(expect.required("meaning").textValue());
        assertThat(call.content()).isEqualTo(Vectors.bytes(request, "content"));
      } catch (RefusedException e) {
        assertRefusal(e.refusal(), expect);
      }
    }
  }

  private static Instant time(JsonNode request) {
    return Instant.ofEpochMilli(request.required("now").longValue());
  }

  private static void assertRefusal(HttpRefusal refusal, JsonNode expect) throws IOException {
    assertThat(refusal.status() + " " + refusal.code())
        .isEqualTo(expect.required("status") + " " + expect.path("code").textValue());
    JsonNode problem = Vectors.read(refusal.content());
    List<String> members = new ArrayList<>();
    expect.required("members").forEach(name -> members.add(name.textValue()));
    TreeSet<String> names = new TreeSet<>();
    problem.fieldNames().forEachRemaining(names::add);
    assertThat(names).containsExactlyElementsOf(members);
    assertThat(problem.required("status").intValue()).isEqualTo(refusal.status());
    assertThat(problem.required("code").textValue()).isEqualTo(refusal.code());
    Map<String, String> fields = new TreeMap<>();
    refusal.fields().forEach((name, value) -> fields.put(name.toLowerCase(Locale.ROOT), value));
    Map<String, String> expected = new TreeMap<>();
    expect
        .required("fields")
        .properties()
        .forEach(field -> expected.put(field.getKey(), field.getValue().textValue()));
    assertThat(fields).isEqualTo(expected);
  }

  /** What is signed is what the vector says, but for the nonce, which nobody chooses. */
  @ParameterizedTest
  @MethodSource("signing")
  void sign_publishedRequest_coversWhatItExpects(Vector vector) throws Exception {
    JsonNode json = vector.json();
    PublicKey publicKey = PublicKey.parse(json.required("key").textValue());
    byte[] secret =
        MessageDigest.getInstance("SHA-256")
            .digest(
                ("taper vectors " + json.required("holder").textValue())
                    .getBytes(StandardCharsets.UTF_8));
    HttpSigner signer = signer(json, PrivateKey.of(publicKey.algorithm(), secret));

    HttpRequest signed = signer.sign(request(json.required("request")));

    String text = signed.headers().firstValue("Taper-Proof").orElseThrow();
    byte[] proof = Base64.getUrlDecoder().decode(text);
    JsonNode expect = json.required("expect");
    byte[] other = Base64.getUrlDecoder().decode(expect.required("proof").textValue());
    assertThat(Arrays.copyOf(proof, TIME_END)).isEqualTo(Arrays.copyOf(other, TIME_END));
    int hintsEnd = NONCE_END + HINTS;
    assertThat(Arrays.copyOfRange(proof, NONCE_END, hintsEnd))
        .isEqualTo(Arrays.copyOfRange(other, NONCE_END, hintsEnd));
    byte[] message = Vectors.bytes(expect, "message");
    System.arraycopy(proof, TIME_END, message, TAG + TIME_END, NONCE_END - TIME_END);
    byte[] signature = Arrays.copyOfRange(proof, hintsEnd, proof.length);
    assertThat(publicKey.verify(message, signature)).isTrue();
    assertThat(signed.headers().firstValue("Authorization").map(VectorsTest::unpadded))
        .contains("Taper " + json.required("token").textValue());
    List<String> approvals = new ArrayList<>();
    json.required("approvals").forEach(one -> approvals.add(one.textValue()));
    assertThat(signed.headers().allValues("Taper-Approval"))
        .containsExactlyInAnyOrderElementsOf(approvals);
  }

  /** Padding says nothing, and may be there. */
  private static String unpadded(String text) {
    return text.replace("=", "");
  }

  private static HttpSigner signer(JsonNode json, PrivateKey holder) {
    List<String> approvals = new ArrayList<>();
    json.required("approvals").forEach(one -> approvals.add(one.textValue()));
    SettableClock clock =
        new SettableClock(Instant.ofEpochMilli(json.required("time").longValue()));
    List<String> fields = new ArrayList<>();
    json.required("request").path("fields").fieldNames().forEachRemaining(fields::add);
    return HttpSigner.of(
            AgentToken.decode(json.required("token").textValue()),
            holder,
            json.required("audience").textValue())
        .fields(fields.toArray(new String[0]))
        .approvals(SentApprovals.of(approvals))
        .clock(clock);
  }

  private static HttpRequest request(JsonNode json) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(json.required("url").textValue()))
            .method(
                json.required("method").textValue(),
                json.has("content")
                    ? BodyPublishers.ofByteArray(Vectors.bytes(json, "content"))
                    : BodyPublishers.noBody());
    json.path("fields")
        .properties()
        .forEach(field -> request.header(field.getKey(), field.getValue().textValue()));
    if (json.has("contentType")) {
      request.header("Content-Type", json.required("contentType").textValue());
    }
    if (json.has("contentEncoding")) {
      request.header("Content-Encoding", json.required("contentEncoding").textValue());
    }
    return request.build();
  }

  @ParameterizedTest
  @MethodSource("services")
  void description_publishedService_isWhatItExpects(Vector vector) throws IOException {
    if (vector.json().has("service")) {
      HttpGuard guard =
          VectorService.guard(vector.json().required("service"), new SettableClock(Instant.EPOCH));
      byte[] said =
          guard.description(
              new VectorService.Arrived(
                  Vectors.read("{\"method\":\"GET\",\"target\":\"/.well-known/taper\"}")));
      assertThat(said).isNotNull();
      assertThat(Vectors.read(said == null ? new byte[0] : said))
          .isEqualTo(Vectors.read(vector.json().required("document").textValue()));
    } else {
      assertThat(vector.json().required("expect")).isNotEmpty(); // for clients alone
    }
  }

  /** What is asked, as the service reads it. */
  @ParameterizedTest
  @MethodSource("asks")
  void read_publishedAsk_givesWhatItExpects(Vector vector) throws IOException {
    JsonNode expect = vector.json().required("expect");
    byte[] content = vector.json().required("content").textValue().getBytes(StandardCharsets.UTF_8);
    IncomingRequest json =
        IncomingRequest.of(
            "POST", "/v1/asks", true, Map.of("content-type", "application/json"), new byte[0]);
    try {
      AskBody body = AskBody.read(json, content, vector.json().required("origin").textValue());
      String reason = Canonical.reason(body.reason());
      SentHttp sent = body.sent();
      for (var field : body.fields().entrySet()) {
        sent = sent.field(field.getKey(), field.getValue());
      }
      JsonNode ok = expect.required("ok");
      assertThat(reason).isEqualTo(ok.required("reason").textValue());
      assertThat(sent.method()).isEqualTo(ok.required("method").textValue());
      assertThat(sent.target()).isEqualTo(ok.required("target").textValue());
      assertThat(sent.contentType()).isEqualTo(ok.path("contentType").textValue());
      assertThat(sent.contentEncoding()).isEqualTo(ok.path("contentEncoding").textValue());
      assertThat(sent.content()).isEqualTo(Vectors.bytes(ok, "content"));
      Map<String, String> fields = new TreeMap<>();
      ok.path("fields")
          .properties()
          .forEach(one -> fields.put(one.getKey(), one.getValue().textValue()));
      assertThat(sent.fields()).isEqualTo(fields);
    } catch (RefusedException e) {
      assertThat(e.refusal().code()).isEqualTo(expect.path("code").textValue());
      assertThat(e.refusal().status()).isEqualTo(400);
    } catch (TaperException e) {
      assertThat(e.code().text()).isEqualTo(expect.path("code").textValue());
    }
  }

  /** A decision in a problem is a refusal as an agent reads it. */
  @ParameterizedTest
  @MethodSource("requests")
  void judge_denied_givesADecisionThatAgentsRead(Vector vector) throws IOException {
    SettableClock clock = new SettableClock(Instant.EPOCH);
    JsonNode request = vector.json().required("requests").get(0);
    clock.set(time(request));
    HttpGuard guard = VectorService.guard(vector.json().required("service"), clock);
    try {
      assertThat(guard.judge(new VectorService.Arrived(request)).decision()).isNotNull();
    } catch (RefusedException e) {
      JsonNode decision = Vectors.read(e.refusal().content()).path("decision");
      if (!decision.isMissingNode()) {
        assertThat(Refusal.parse(decision.toString()).code()).isEqualTo(e.refusal().code());
      }
    }
  }
}
