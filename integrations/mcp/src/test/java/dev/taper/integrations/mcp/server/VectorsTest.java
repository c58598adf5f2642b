package dev.taper.integrations.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.testing.SettableClock;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.ListPromptsResult;
import io.modelcontextprotocol.spec.McpSchema.ListResourceTemplatesResult;
import io.modelcontextprotocol.spec.McpSchema.ListResourcesResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published vectors of the binding over MCP, which another implementation passes, too. */
class VectorsTest {
  private static final Path FOLDER =
      Path.of("../../testvectors/src/main/resources/dev/taper/testvectors/binding");
  private static final int LARGE = 1 << 24;
  private static final int TAG = 13;
  private static final int TIME_END = 11;
  private static final int NONCE_END = 27;

  /** One case of a file. */
  record Vector(Members json) {
    @Override
    public String toString() {
      return json.text("name");
    }
  }

  /** A JSON object. */
  record Members(Map<?, ?> json) {
    Object get(String name) {
      return Objects.requireNonNull(json.get(name), () -> "no member " + name);
    }

    boolean has(String name) {
      return json.containsKey(name);
    }

    String text(String name) {
      return (String) get(name);
    }

    Members object(String name) {
      return new Members((Map<?, ?>) get(name));
    }

    Instant time(String name) {
      return Instant.ofEpochMilli(((Number) get(name)).longValue());
    }

    List<Members> objects(String name) {
      return list(name).stream().map(one -> new Members((Map<?, ?>) one)).toList();
    }

    List<?> list(String name) {
      return (List<?>) get(name);
    }
  }

  private static List<Vector> of(String file) throws IOException {
    Members all = new Members(McpJson.read(Files.readString(FOLDER.resolve(file)), LARGE));
    List<Vector> cases = new ArrayList<>();
    all.objects("cases").forEach(one -> cases.add(new Vector(one)));
    assertThat(cases).isNotEmpty();
    return cases;
  }

  static List<Vector> messages() throws IOException {
    return of("mcp.json");
  }

  static List<Vector> signing() throws IOException {
    return of("mcp-signing.json");
  }

  private static McpGuard guard(Members service, SettableClock clock) {
    return McpGuard.of(
        Verifier.trusting(RootKeys.of(PublicKey.parse(service.objects("roots").get(0).text("key"))))
            .audience(service.text("audience"))
            .catalog(ToolCatalog.parse(service.text("catalog")))
            .clock(clock)
            .withoutRevocation()
            .build());
  }

  private static List<Tool> tools(Members service) {
    Map<String, Object> schema = Map.of("type", "object");
    List<Tool> tools = new ArrayList<>();
    for (Object name : service.list("tools")) {
      Tool.Builder tool = Tool.builder((String) name, schema);
      tools.add(
          service.list("schemas").contains(name)
              ? tool.outputSchema(schema).build()
              : tool.build());
    }
    return tools;
  }

  @ParameterizedTest
  @MethodSource("messages")
  void judge_publishedMessage_givesWhatItExpects(Vector vector) throws IOException {
    Members service = vector.json().object("service");
    SettableClock clock = new SettableClock(vector.json().objects("messages").get(0).time("now"));
    McpGuard guard = guard(service, clock);
    for (Members one : vector.json().objects("messages")) {
      clock.set(one.time("now"));
      McpSchema.JSONRPCMessage message =
          McpSchema.deserializeJsonRpcMessage(StrictMapper.of(), one.text("message"));
      if (message instanceof JSONRPCRequest request) {
        McpJudgement judgement = guard.judge(request.method(), request.params());
        assertExpected(one.object("expect"), request, judgement, tools(service));
        if (one.object("expect").has("listed")) {
          assertListed(
              one.object("expect"),
              list(request, service),
              (McpJudgement.Listed) judgement,
              request.method());
        }
      } else {
        assertThat(one.object("expect").text("passed")).isEqualTo("{}");
      }
    }
  }

  private static void assertExpected(
      Members expect, JSONRPCRequest request, McpJudgement judgement, List<Tool> tools) {
    if (judgement instanceof McpJudgement.Open open) {
      assertPassed(expect, open.params());
    } else if (judgement instanceof McpJudgement.Called called) {
      assertPassed(expect, called.params());
      assertThat(called.decision().call().toJson()).isEqualTo(expect.text("meaning"));
    } else if (judgement instanceof McpJudgement.Listed listed) {
      assertThat(listed.offer().tools()).isEqualTo(expect.list("offer"));
    } else if (judgement instanceof McpJudgement.Refused refused) {
      assertRefused(expect, Answers.refusal(request, refused, tools));
    }
  }

  /** What the server has, before anything is taken out. */
  private static Object list(JSONRPCRequest request, Members service) {
    return switch (request.method()) {
      case "resources/list" ->
          ListResourcesResult.builder(
                  service.list("resources").stream()
                      .map(uri -> Resource.builder((String) uri, "a").build())
                      .toList())
              .build();
      case "resources/templates/list" ->
          ListResourceTemplatesResult.builder(
                  service.list("templates").stream()
                      .map(template -> ResourceTemplate.builder((String) template, "a").build())
                      .toList())
              .build();
      default ->
          ListPromptsResult.builder(
                  service.list("prompts").stream()
                      .map(name -> Prompt.builder((String) name).build())
                      .toList())
              .build();
    };
  }

  private static void assertListed(
      Members expect, Object list, McpJudgement.Listed judgement, String method) {
    Object cut = Answers.cut(JSONRPCResponse.result("1", list), method, judgement.shown()).result();
    Map<String, String> members =
        Map.of("resources", "uri", "resourceTemplates", "uriTemplate", "prompts", "name");
    List<Object> left = new ArrayList<>();
    members.forEach(
        (member, name) -> {
          if (((Map<?, ?>) Objects.requireNonNull(cut)).get(member) instanceof List<?> entries) {
            entries.forEach(entry -> left.add(((Map<?, ?>) entry).get(name)));
          }
        });
    assertThat(left).isEqualTo(expect.list("listed"));
  }

  private static void assertPassed(Members expect, Map<String, ?> params) {
    assertThat(CanonicalJson.of(McpJson.write(params, LARGE)))
        .isEqualTo(CanonicalJson.of(expect.text("passed")));
  }

  private static void assertRefused(Members expect, JSONRPCResponse response) {
    Object holder;
    if (expect.has("error")) {
      assertThat(response.error().code()).isEqualTo(((Number) expect.get("error")).intValue());
      holder = response.error().data();
    } else {
      CallToolResult result = (CallToolResult) response.result();
      assertThat(result.isError()).isEqualTo(expect.get("result"));
      assertThat(result.structuredContent() != null).isEqualTo(expect.get("structured"));
      holder = result.meta();
    }
    Object refusal = ((Map<?, ?>) Objects.requireNonNull(holder)).get(McpMeta.REFUSAL);
    Members said = new Members((Map<?, ?>) Objects.requireNonNull(refusal));
    Members expected = expect.object("refusal");
    assertThat(said.get("status")).isEqualTo(expected.get("status"));
    assertThat(said.get("code")).isEqualTo(expected.get("code"));
    assertThat(new TreeSet<Object>(said.json().keySet()))
        .containsExactlyElementsOf(new ArrayList<Object>(expected.list("members")));
  }

  /** What is signed is what the vector says, but for the nonce, which nobody chooses. */
  @ParameterizedTest
  @MethodSource("signing")
  void sign_publishedMessage_coversWhatItExpects(Vector vector) throws Exception {
    Members json = vector.json();
    PublicKey publicKey = PublicKey.parse(json.text("key"));
    Members message = json.object("message");
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    if (message.has("params")) {
      message.object("params").json().forEach((name, value) -> params.put((String) name, value));
    }
    if (!json.list("approvals").isEmpty()) {
      params.put(McpMeta.MEMBER, Map.of(McpMeta.APPROVALS, json.list("approvals")));
    }

    Map<String, @Nullable Object> signed =
        McpSigner.of(agent(json, publicKey)).sign(message.text("method"), params);

    Map<?, ?> expected = json.object("expect").object("params").json();
    assertThat(CanonicalJson.of(McpJson.write(unproven(signed), LARGE)))
        .isEqualTo(CanonicalJson.of(McpJson.write(unproven(expected), LARGE)));
    if (json.object("expect").has("proof")) {
      assertProof(json.object("expect"), publicKey, proof(signed));
    }
  }

  private static AgentClient agent(Members json, PublicKey publicKey) throws Exception {
    byte[] secret =
        MessageDigest.getInstance("SHA-256")
            .digest(("taper vectors " + json.text("holder")).getBytes(StandardCharsets.UTF_8));
    return AgentClient.of(
            AgentToken.decode(json.text("token")),
            PrivateKey.of(publicKey.algorithm(), secret),
            json.text("audience"))
        .clock(new SettableClock(json.time("time")));
  }

  private static String proof(Map<?, ?> params) {
    Map<?, ?> meta = (Map<?, ?>) Objects.requireNonNull(params.get(McpMeta.MEMBER));
    return (String) Objects.requireNonNull(meta.get(McpMeta.PROOF));
  }

  /** Parameters without the proof, each approval in one order, and no padding. */
  private static Map<Object, @Nullable Object> unproven(Map<?, ?> params) {
    Map<Object, @Nullable Object> all = new LinkedHashMap<>(params);
    Map<Object, @Nullable Object> meta =
        new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(all.get(McpMeta.MEMBER)));
    meta.remove(McpMeta.PROOF);
    meta.computeIfPresent(McpMeta.TOKEN, (name, text) -> ((String) text).replace("=", ""));
    meta.computeIfPresent(
        McpMeta.APPROVALS, (name, list) -> ((List<?>) list).stream().sorted().toList());
    all.put(McpMeta.MEMBER, meta);
    return all;
  }

  private static void assertProof(Members expect, PublicKey publicKey, String text) {
    byte[] proof = Base64.getUrlDecoder().decode(text);
    byte[] other = Base64.getUrlDecoder().decode(expect.text("proof"));
    assertThat(Arrays.copyOf(proof, TIME_END)).isEqualTo(Arrays.copyOf(other, TIME_END));
    int parts = proof[1] == 4 ? 3 : 5;
    int hintsEnd = NONCE_END + 4 * parts;
    assertThat(Arrays.copyOfRange(proof, NONCE_END, hintsEnd))
        .isEqualTo(Arrays.copyOfRange(other, NONCE_END, hintsEnd));
    byte[] message = HexFormat.of().parseHex(expect.text("message"));
    System.arraycopy(proof, TIME_END, message, TAG + TIME_END, NONCE_END - TIME_END);
    assertThat(publicKey.verify(message, Arrays.copyOfRange(proof, hintsEnd, proof.length)))
        .isTrue();
  }

  @Test
  void kinds_ofMcp_areChecked() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.startsWith("mcp"))
          .containsExactlyInAnyOrder("mcp.json", "mcp-signing.json");
    }
  }
}
