package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.TearDown;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What Envoy asks over gRPC, by its own messages. Envoy itself was not to be had: this client sends
 * what Envoy's filter sends by the file of the examples.
 */
class EnvoyTest {
  private static final String ORIGIN = "https://jira.example.com";

  private final ServeWorld world = new ServeWorld();
  @TempDir Path folder;
  private Served taper;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    taper = Served.start("--config", world.config(folder, ORIGIN), "--envoy", "127.0.0.1:0");
    channel = NettyChannelBuilder.forAddress("127.0.0.1", taper.envoyPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(
        TearDown.of(channel, c -> c.shutdownNow().awaitTermination(5, TimeUnit.SECONDS)), taper);
  }

  private CheckResponse check(CheckRequest request, String... metadata) {
    Metadata fields = new Metadata();
    for (int i = 0; i < metadata.length; i += 2) {
      fields.put(Metadata.Key.of(metadata[i], Metadata.ASCII_STRING_MARSHALLER), metadata[i + 1]);
    }
    return AuthorizationGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(fields))
        .check(request);
  }

  private CheckResponse whole(CheckRequest request) {
    return check(request, "taper-content", "whole");
  }

  /** As Envoy sends it without {@code encode_raw_headers}. */
  private static CheckRequest joined(SentHttp sent, Map<String, String> fields, byte[] content) {
    AttributeContext.HttpRequest.Builder http = head(sent, content);
    http.putHeaders(":method", sent.method());
    http.putHeaders(":path", sent.target());
    http.putAllHeaders(fields);
    return request(http);
  }

  /** As Envoy sends it with {@code encode_raw_headers}. */
  private static CheckRequest raw(
      SentHttp sent, List<Map.Entry<String, String>> fields, byte[] content) {
    HeaderMap.Builder map = HeaderMap.newBuilder();
    for (Map.Entry<String, String> field : fields) {
      map.addHeaders(
          HeaderValue.newBuilder()
              .setKey(field.getKey())
              .setRawValue(ByteString.copyFromUtf8(field.getValue())));
    }
    return request(head(sent, content).setHeaderMap(map));
  }

  private static AttributeContext.HttpRequest.Builder head(SentHttp sent, byte[] content) {
    return AttributeContext.HttpRequest.newBuilder()
        .setId("1")
        .setMethod(sent.method())
        .setPath(sent.target())
        .setHost("jira.example.com")
        .setScheme("https")
        .setProtocol("HTTP/2")
        .setSize(-1)
        .setRawBody(ByteString.copyFrom(content));
  }

  private static CheckRequest request(AttributeContext.HttpRequest.Builder http) {
    return CheckRequest.newBuilder()
        .setAttributes(
            AttributeContext.newBuilder()
                .setRequest(AttributeContext.Request.newBuilder().setHttp(http)))
        .build();
  }

  /** The log of findings names the network that Envoy saw, and takes no name for an address. */
  @Test
  void replays_fromAPlace_areFoundThere() throws Exception {
    PrivateKey.generate(Algorithm.ED25519).save(folder.resolve("audit.key"));
    Path config =
        world.config(
            folder,
            ORIGIN,
            "audit: {log: audit.jsonl, key: audit.key}",
            "findings: {limits: {place: {replays: 3}, token: {replays: 60}}}");
    SentHttp sent = SentHttp.of("GET", ORIGIN, "/projects/ACME/issues");
    try (Served watched = Served.start("--config", config, "--envoy", "127.0.0.1:0")) {
      ManagedChannel other =
          NettyChannelBuilder.forAddress("127.0.0.1", watched.envoyPort()).usePlaintext().build();
      Metadata whole = new Metadata();
      whole.put(Metadata.Key.of("taper-content", Metadata.ASCII_STRING_MARSHALLER), "whole");
      for (String from : List.of("203.0.113.7", "localhost", "999.1.1.1", "203.0.113.8")) {
        CheckRequest once = joined(sent, presented(sent), new byte[0]);
        CheckRequest.Builder placed = once.toBuilder();
        placed
            .getAttributesBuilder()
            .getSourceBuilder()
            .getAddressBuilder()
            .getSocketAddressBuilder()
            .setAddress(from);
        for (int i = 0; i < 3; i++) { // good once, and then a replay
          var unused =
              AuthorizationGrpc.newBlockingStub(other)
                  .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(whole))
                  .check(placed.build());
        }
      }
      other.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
    List<String> found =
        Files.readAllLines(folder.resolve("audit.jsonl")).stream()
            .filter(line -> line.contains("\"kind\":\"finding\""))
            .toList();
    assertThat(found).hasSize(1);
    assertThat(found.get(0)).contains("replays", "203.0.113.0/24");
  }

  private Map<String, String> presented(SentHttp sent) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("authorization", "Taper " + world.token.encodeBase64());
    fields.put("taper-proof", world.proof(sent));
    return fields;
  }

  private static SentHttp search() {
    return SentHttp.of("GET", ORIGIN, "/projects/ACME/issues?limit=5");
  }

  private static void assertDenied(CheckResponse response, int status, String code) {
    DeniedHttpResponse denied = response.getDeniedResponse();
    assertThat(response.getStatus().getCode()).isNotZero();
    assertThat(denied.getBody()).contains("\"code\":\"" + code + "\"");
    assertThat(denied.getStatus().getCodeValue()).isEqualTo(status);
    Map<String, String> fields =
        denied.getHeadersList().stream()
            .collect(Collectors.toMap(f -> f.getHeader().getKey(), f -> f.getHeader().getValue()));
    assertThat(fields).containsEntry("Cache-Control", "no-store");
    if (status == 401) {
      assertThat(fields).containsEntry("WWW-Authenticate", "Taper error=\"" + code + "\"");
    }
  }

  @Test
  void check_allowed_stripsTokenAndProof() {
    SentHttp sent = search();
    CheckResponse response = whole(joined(sent, presented(sent), new byte[0]));
    assertThat(response.getStatus().getCode()).as(response.toString()).isZero();
    assertThat(response.getOkResponse().getHeadersToRemoveList())
        .containsExactlyInAnyOrder("taper-token", "taper-proof", "taper-approval", "authorization");
    assertThat(response.getOkResponse().getResponseHeadersToAdd(0).getHeader().getValue())
        .isEqualTo("no-store");
  }

  @Test
  void check_tokenInItsOwnField_leavesAuthorizationAlone() {
    SentHttp sent = search();
    Map<String, String> fields = presented(sent);
    fields.put("authorization", "Bearer of-the-service");
    fields.put("taper-token", world.token.encodeBase64());
    CheckResponse response = whole(joined(sent, fields, new byte[0]));
    assertThat(response.getOkResponse().getHeadersToRemoveList()).doesNotContain("authorization");
    assertThat(response.hasOkResponse()).isTrue();
  }

  @Test
  void check_sentTwice_isReplayed() {
    SentHttp sent = search();
    CheckRequest request = joined(sent, presented(sent), new byte[0]);
    assertThat(whole(request).hasOkResponse()).isTrue();
    assertDenied(whole(request), 401, "proof_replayed");
  }

  @Test
  void check_content_isJudged() {
    byte[] content = ServeWorld.bytes("{\"text\":\"a\"}");
    SentHttp sent =
        SentHttp.of("POST", ORIGIN, "/issues/7/comments").content("application/json", content);
    Map<String, String> fields = presented(sent);
    fields.put("content-type", "application/json");
    assertDenied(
        whole(joined(sent, fields, ServeWorld.bytes("{\"text\":\"b\"}"))), 401, "request_mismatch");
    assertThat(whole(joined(sent, fields, content)).hasOkResponse()).isTrue();
  }

  @Test
  void check_contentThatIsNotWhole_isNotSeen() {
    SentHttp sent = search();
    Map<String, String> fields = presented(sent);
    fields.put("content-length", "12");
    assertDenied(whole(joined(sent, fields, new byte[0])), 400, "content_not_seen");
    fields = presented(sent);
    fields.put("transfer-encoding", "chunked");
    assertDenied(whole(joined(sent, fields, new byte[0])), 400, "content_not_seen");
    CheckRequest sized = joined(sent, presented(sent), new byte[0]);
    AttributeContext.HttpRequest http = sized.getAttributes().getRequest().getHttp();
    assertDenied(whole(request(http.toBuilder().setSize(12))), 400, "content_not_seen");
    fields = presented(sent);
    fields.put("x-envoy-auth-partial-body", "true");
    assertDenied(whole(joined(sent, fields, ServeWorld.bytes("abc"))), 400, "content_not_seen");
  }

  @Test
  void check_fieldsThatFoldToOne_areRefused() {
    SentHttp tenant = search().field("x-tenant", "a");
    for (String other : List.of("x_tenant", "taper_proof", "x_forwarded_for")) {
      Map<String, String> fields = presented(tenant);
      fields.put("x-tenant", "a");
      fields.put(other, "b");
      assertDenied(whole(joined(tenant, fields, new byte[0])), 400, "invalid_request");
    }
  }

  @Test
  void check_fieldThereTwice_isRefused() {
    SentHttp sent = search();
    Map<String, String> fields = presented(sent);
    String proof = fields.get("taper-proof");
    fields.put("taper-proof", proof + "," + proof);
    assertDenied(whole(joined(sent, fields, new byte[0])), 400, "invalid_request");
    SentHttp tenant = search().field("x-tenant", "a,b");
    fields = presented(tenant);
    fields.put("x-tenant", "a,b"); // one field, or two that Envoy joined: nobody knows
    CheckResponse unknown = whole(joined(tenant, fields, new byte[0]));
    assertThat(unknown.hasDeniedResponse()).isTrue();
    fields = presented(tenant);
    fields.put("x-tenant", "a,b");
    assertThat(whole(raw(tenant, List.copyOf(fields.entrySet()), new byte[0])).hasOkResponse())
        .isTrue();
    fields = presented(tenant);
    List<Map.Entry<String, String>> twice =
        List.of(
            Map.entry("authorization", fields.get("authorization")),
            Map.entry("taper-proof", fields.get("taper-proof")),
            Map.entry("X-Tenant", "a"),
            Map.entry("x-tenant", "b"));
    assertThat(whole(raw(tenant, twice, new byte[0])).hasDeniedResponse()).isTrue();
  }

  @Test
  void check_empty_isRefused() {
    assertDenied(whole(CheckRequest.getDefaultInstance()), 400, "invalid_request");
  }

  /** An Envoy that does not say that it sends the content gets an error, which is a denial. */
  @Test
  void check_byAnEnvoyThatMayKeepContent_isAnError() {
    SentHttp sent = search();
    CheckRequest request = joined(sent, presented(sent), new byte[0]);
    assertThatThrownBy(() -> check(request))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("content_not_seen");
    assertThatThrownBy(() -> check(request, "taper-content", "some"))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(whole(request).hasOkResponse()).isTrue();
  }

  @Test
  void check_withASecret_needsIt() throws Exception {
    Path secret = folder.resolve("secret");
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, "0123456789abcdef");
    try (Served guarded =
        Served.start(
            "--config",
            folder.resolve("service.yaml"),
            "--envoy",
            "127.0.0.1:0",
            "--secret-file",
            secret)) {
      channel.shutdownNow();
      channel =
          NettyChannelBuilder.forAddress("127.0.0.1", guarded.envoyPort()).usePlaintext().build();
      SentHttp sent = search();
      CheckRequest request = joined(sent, presented(sent), new byte[0]);
      assertThatThrownBy(() -> whole(request)).hasMessageContaining("secret_required");
      assertThatThrownBy(
              () -> check(request, "taper-content", "whole", "taper-secret", "0123456789abcdeF"))
          .hasMessageContaining("secret_required");
      assertThat(
              check(request, "taper-content", "whole", "taper-secret", "0123456789abcdef")
                  .hasOkResponse())
          .isTrue();
    }
  }

  @Test
  void check_tokenMissing_isRefused() {
    assertDenied(whole(joined(search(), Map.of(), new byte[0])), 401, "token_required");
  }

  /** What the example configures is what this client sends. */
  @Test
  void example_failsClosedAndSendsWholeContent() throws Exception {
    String text = Files.readString(Path.of("..", "examples", "proxies", "envoy", "envoy.yaml"));
    assertThat(text)
        .contains("failure_mode_allow: false")
        .contains("allow_partial_message: false")
        .contains("encode_raw_headers: true")
        .contains("{key: taper-content, value: whole}")
        .doesNotContainPattern("(?m)^\\s*retry_policy:");
    assertThat(new Load(LoadSettings.builder().build()).loadFromString(text))
        .isInstanceOf(Map.class);
  }
}
