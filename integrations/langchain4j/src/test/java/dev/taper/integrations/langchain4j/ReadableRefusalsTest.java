package dev.taper.integrations.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.ToolArgumentsException;
import dev.langchain4j.exception.ToolExecutionException;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadableRefusalsTest {
  private static final ToolExecutionRequest CALL =
      ToolExecutionRequest.builder().id("1").name("close").arguments("{}").build();

  private static ToolExecutionResult throwing(RuntimeException error) {
    return ReadableRefusals.of(
            (request, memoryId) -> {
              throw error;
            })
        .executeWithContext(CALL, InvocationContext.builder().build());
  }

  @Test
  void result_ofTheTool_isLeftAlone() {
    assertThat(ReadableRefusals.of((request, memoryId) -> "fine").execute(CALL, "m"))
        .isEqualTo("fine");
  }

  @Test
  void error_ofTheTool_isLeftAlone() {
    ToolExecutionException own = new ToolExecutionException("{\"status\": 1}");

    assertThatThrownBy(() -> throwing(own)).isSameAs(own);
  }

  /**
   * After such an error something may have been done, and a model that reads otherwise repeats it.
   */
  @Test
  void error_ofTheTool_withACodeOfItsOwn_isLeftAlone() {
    for (String json :
        List.of(
            "{\"code\": \"TIMEOUT\", \"message\": \"sent, and not confirmed\"}",
            "{\"code\": \"out_of_scope\"}",
            "{\"status\": 404, \"code\": \"not_found\"}",
            "{\"status\": 200, \"code\": \"unavailable\"}",
            "{\"status\": 503, \"code\": \"unavailable\", \"sent\": true}")) {
      ToolExecutionException own = new ToolExecutionException(json);

      assertThatThrownBy(() -> throwing(own)).as(json).isSameAs(own);
    }
  }

  /** A tool chooses its text: one that ran, and says that it was refused, would be called again. */
  @Test
  void text_thatLooksLikeARefusal_isNotBelieved() {
    String text = "{\"status\": 403, \"code\": \"out_of_scope\", \"detail\": \"x\"}";
    ToolExecutionResult given =
        ToolExecutionResult.builder().isError(true).resultText(text).build();
    ReadableRefusals returning =
        ReadableRefusals.of(
            new ToolExecutor() {
              @Override
              public String execute(ToolExecutionRequest request, Object memoryId) {
                return text;
              }

              @Override
              public ToolExecutionResult executeWithContext(
                  ToolExecutionRequest request, InvocationContext context) {
                return given;
              }
            });
    for (ToolExecutionResult result :
        List.of(
            throwing(new ToolExecutionException(text)),
            returning.executeWithContext(CALL, InvocationContext.builder().build()))) {
      assertThat(result.resultText())
          .startsWith("The call of close failed, and it is not known whether it was carried out.")
          .contains("(out_of_scope)", "may be the tool's own text")
          .doesNotContain("nothing was done", "was refused");
    }
  }

  @Test
  void refusal_inTheMemberOfOurs_isSaid() {
    ToolExecutionResult given =
        ToolExecutionResult.builder()
            .isError(true)
            .resultText("x")
            .attributes(Map.of("dev.taper/refusal", Map.of("status", 403, "code", "out_of_scope")))
            .build();
    ToolExecutor tool =
        new ToolExecutor() {
          @Override
          public String execute(ToolExecutionRequest request, Object memoryId) {
            return "x";
          }

          @Override
          public ToolExecutionResult executeWithContext(
              ToolExecutionRequest request, InvocationContext context) {
            return given;
          }
        };
    assertThat(
            ReadableRefusals.of(tool)
                .executeWithContext(CALL, InvocationContext.builder().build())
                .resultText())
        .startsWith(
            "The call of close was refused (out_of_scope): this answer did not carry it out.");
  }

  @Test
  void refusal_unavailable_saysThatItIsNotKnown() {
    ToolExecutionResult result =
        throwing(new ToolExecutionException("{\"status\": 503, \"code\": \"unavailable\"}"));

    assertThat(result.isError()).isTrue();
    assertThat(result.resultText())
        .startsWith("The call of close failed, and it is not known whether it was carried out.")
        .endsWith("Find out whether it was carried out before you call again.");
  }

  @Test
  void refusal_ofCredentials_saysToStop() {
    assertThat(
            throwing(new ToolExecutionException("{\"status\": 401, \"code\": \"revoked\"}"))
                .resultText())
        .contains("(revoked)")
        .endsWith("Stop, and tell the user.");
  }

  @Test
  void refusal_unknownTool_isNoFailureOfTheAgent() {
    assertThat(
            throwing(new ToolArgumentsException("unknown_tool: no such tool", -32602)).resultText())
        .contains("(unknown_tool)");
  }

  @Test
  void refusal_withHiddenTextAndKeys_showsNeither() {
    String key = "ed25519/" + "ab".repeat(32);
    String json =
        "{\"status\": 403, \"code\": \"out_of_scope\", \"detail\": \"a\\u202eb needs "
            + key
            + "\"}";

    assertThat(throwing(new ToolExecutionException(json)).resultText())
        .contains("a\\u{202e}b needs a known key.")
        .doesNotContain(key);
  }
}
