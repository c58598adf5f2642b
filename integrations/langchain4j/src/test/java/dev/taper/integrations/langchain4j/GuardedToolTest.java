package dev.taper.integrations.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.RootKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuardedToolTest {
  private final World world = new World();
  private final List<String> reached = new ArrayList<>();
  private final List<String> approvals = new ArrayList<>();
  private final ToolExecutor tool =
      (request, memoryId) -> {
        reached.add(request.name() + " " + request.arguments());
        return "did " + request.name();
      };
  private final GuardedTool guarded =
      GuardedTool.of(tool, world.verifier(false), world.agent).approvals(() -> approvals);

  private String call(String name, String arguments) {
    return guarded.execute(
        ToolExecutionRequest.builder().id("1").name(name).arguments(arguments).build(), "memory");
  }

  @Test
  void call_granted_getsTheArgumentsThatWereJudged() {
    assertThat(call("search", " {\"limit\" : 5.0, \"query\":\"a\"} ")).isEqualTo("did search");
    assertThat(reached).containsExactly("search {\"limit\":5,\"query\":\"a\"}");
  }

  @Test
  void call_beyondTheGrant_isRefusedInWords() {
    assertThat(call("search", "{\"query\": \"a\", \"limit\": 51}"))
        .startsWith("The call of search was refused and not made (out_of_scope).");
    assertThat(reached).isEmpty();
  }

  @Test
  void call_approved_runs() {
    String arguments = "{\"id\": \"ACME-1\"}";

    assertThat(call("close", arguments)).contains("It needs an approval");

    approvals.add(world.approval(World.catalog(false).call("close", arguments)));

    assertThat(call("close", arguments)).isEqualTo("did close");
    assertThat(call("close", "{\"id\": \"ACME-2\"}")).contains("refused");
    assertThat(reached).hasSize(1);
  }

  @Test
  void call_thatMeansNothing_isRefusedWithItsCode() {
    assertThat(call("search", "{\"query\": \"a\", \"query\": \"b\"}"))
        .contains("(invalid_request)");
    assertThat(call("search", "not JSON")).contains("(invalid_request)");
    assertThat(call("search", "{\"query\": \"a\", \"all\": true}")).contains("(unknown_argument)");
    assertThat(call("unknown", "{}")).contains("(unknown_tool)");
    assertThat(call("close", "")).contains("(invalid_request)");
    assertThat(reached).isEmpty();
  }

  @Test
  void call_byAModel_isRefusedBeforeTheToolIsEntered() {
    interface Assistant {
      String chat(String message);
    }
    ScriptedModel model =
        new ScriptedModel()
            .calls("delete", "{\"id\": \"ACME-1\"}")
            .calls("search", "{\"query\": \"a\", \"limit\": 1}");
    ToolSpecification delete =
        ToolSpecification.builder()
            .name("delete")
            .parameters(JsonObjectSchema.builder().addStringProperty("id").build())
            .build();
    ToolSpecification search =
        ToolSpecification.builder()
            .name("search")
            .parameters(JsonObjectSchema.builder().addStringProperty("query").build())
            .build();
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(model)
            .tools(Map.of(delete, guarded, search, guarded))
            .build();

    assertThat(assistant.chat("delete, then search")).isEqualTo("done");
    assertThat(model.shown()).contains("The call of delete was refused");
    assertThat(model.lastResult()).isEqualTo("did search");
    assertThat(reached).hasSize(1);
  }

  @Test
  void of_verifierWithoutCatalog_throws() {
    Verifier without =
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(World.AUDIENCE)
            .callerStatesMeaning()
            .withoutRevocation()
            .build();

    assertThatThrownBy(() -> GuardedTool.of(tool, without, world.agent))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }
}
