package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.SecretFile;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.server.oidc.ReadyProvider;
import dev.taper.server.signin.TestClock;
import dev.taper.testing.FreePort;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;

/** The issuer of the example, at a free port, with a provider that is not ours. */
final class RunningIssuer implements AutoCloseable {
  static final String FORM = "application/x-www-form-urlencoded";
  static final String DETAILS =
      "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T-4711\"}]";
  static final Path EXAMPLE = Path.of("..", "examples", "issuer");

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);

  /** The provider's tokens are of the machine's time: it has to go with it. */
  final TestClock clock = new TestClock();

  final String issuer;
  final Served served;
  private final MockOAuth2Server provider = new MockOAuth2Server();

  RunningIssuer(Path folder) throws Exception {
    ReadyProvider.start(provider, "acme");
    int port = FreePort.next();
    issuer = "http://127.0.0.1:" + port;
    write(folder, root, planner, issuer, String.valueOf(provider.issuerUrl("acme")));
    served = start(folder, port, "service.yaml", clock);
  }

  static Served start(Path folder, int port, String config, Clock clock) {
    return Served.start(
        clock,
        "--role",
        "issuer",
        "--issuer",
        folder.resolve("issuer.yaml"),
        "--config",
        folder.resolve(config),
        "--listen",
        "127.0.0.1:" + port);
  }

  static void write(
      Path folder, PrivateKey root, PrivateKey planner, String issuer, String provider)
      throws Exception {
    Files.writeString(
        folder.resolve("issuer.yaml"),
        Files.readString(EXAMPLE.resolve("issuer.yaml"))
            .replace("http://127.0.0.1:8480", issuer)
            .replace("http://127.0.0.1:8580/acme", provider));
    Files.copy(EXAMPLE.resolve("issuing.datalog"), folder.resolve("issuing.datalog"));
    secret(folder.resolve("root.key"), root);
    secret(folder.resolve("audit.key"), PrivateKey.generate(Algorithm.ED25519));
    Files.writeString(folder.resolve("root.pub"), root.publicKey().toString());
    Files.writeString(folder.resolve("planner.pub"), planner.publicKey().toString());
    Files.writeString(
        folder.resolve("service.yaml"),
        """
        audience: svc:issuer
        root-keys: root.pub
        catalog: none
        revocations: none
        audit: {log: audit.log, key: audit.key}
        registry: sqlite:issuer.db
        deadline: 20s
        """);
  }

  private static void secret(Path file, PrivateKey key) throws Exception {
    SecretFile.create(file, key.exposeText().getBytes(StandardCharsets.UTF_8));
  }

  String subjectToken(String client, String audience, Map<String, Object> claims) {
    return provider
        .issueToken(
            "acme",
            client,
            new DefaultOAuth2TokenCallback(
                "acme", "248289761001", "JWT", List.of(audience), claims, 300))
        .serialize();
  }

  String subjectToken() {
    return subjectToken("planner-app", issuer, Map.of("azp", "planner-app"));
  }

  String proof(String subjectToken, String details) {
    return ExchangeProof.make(
            planner, new ExchangeProof.Subject(issuer, subjectToken, details), clock)
        .encodeBase64();
  }

  Map<String, String> parameters(String subjectToken, String details) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    parameters.put("subject_token", subjectToken);
    parameters.put("subject_token_type", "urn:ietf:params:oauth:token-type:id_token");
    parameters.put("actor_token", proof(subjectToken, details));
    parameters.put("actor_token_type", "dev.taper:exchange-proof");
    parameters.put("authorization_details", details);
    return parameters;
  }

  static String form(Map<String, String> parameters) {
    List<String> all = new ArrayList<>();
    parameters.forEach(
        (name, value) -> all.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return String.join("&", all);
  }

  HttpResponse<String> post(String content, String... fields) throws Exception {
    HttpRequest.Builder request = served.to("/token").POST(BodyPublishers.ofString(content));
    request.headers(fields.length == 0 ? new String[] {"Content-Type", FORM} : fields);
    return served.send(request.build());
  }

  AgentToken exchanged() throws Exception {
    HttpResponse<String> answer = post(form(parameters(subjectToken(), DETAILS)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return AgentToken.decode(
        new ObjectMapper().readTree(answer.body()).get("access_token").textValue());
  }

  @Override
  public void close() {
    served.close();
    provider.shutdown();
  }
}
