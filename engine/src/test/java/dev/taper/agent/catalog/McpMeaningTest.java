package dev.taper.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.testing.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What messages of the Model Context Protocol mean, and what none may have. */
class McpMeaningTest {
  private final ToolCatalog catalog = Catalogs.mcp();

  private ToolCall call(String method, String params) {
    return catalog.call(SentMcp.of(method, params));
  }

  @Test
  void call_tool_meansWhatTheCatalogSays() {
    ToolCall call =
        call(
            "tools/call",
            "{\"name\":\"write_file\",\"arguments\":{\"path\":\"/data/x\",\"content\":\"// a\"}}");

    assertThat(call.toJson())
        .isEqualTo(
            "{\"args\":{\"content\":\"// a\",\"path\":\"/data/x\"},\"operation\":\"write\","
                + "\"resource\":\"file:///data/x\",\"tool\":\"files.write\"}");
    assertThat(call.sent().form()).isEqualTo(SentCall.Form.MCP);
    assertThat(call.catalogDigest()).isEqualTo(catalog.digest());
  }

  @Test
  void call_otherMethod_hasItsParamsAsArguments() {
    ToolCall read = call("resources/read", "{\"uri\":\"https://acme.com/x\"}");
    ToolCall prompt = call("prompts/get", "{\"name\":\"p\",\"arguments\":{\"path\":\"x\"}}");

    assertThat(read.tool()).isEqualTo("files.read");
    assertThat(read.resource()).isEqualTo("https://acme.com/x");
    assertThat(prompt.tool()).isEqualTo("files.prompt");
    assertThat(prompt.arguments().json("arguments")).isEqualTo("{\"path\":\"x\"}");
  }

  /** Transports fill it in; it is no part of the meaning, and the proof does not cover it. */
  @Test
  void call_meta_isNotThere() {
    String meta = "\"_meta\":{\"progressToken\":1e1000}";

    assertThat(call("resources/read", "{\"uri\":\"x\"," + meta + "}"))
        .isEqualTo(call("resources/read", "{\"uri\":\"x\"}"));
    assertThat(
            call(
                    "tools/call",
                    "{" + meta + ",\"name\":\"write_file\",\"arguments\":{\"path\":\"/x\"}}")
                .arguments()
                .names())
        .containsExactly("path");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tools/call | {"name":"other"} | UNKNOWN_TOOL
          tools/call | {"name":"files.write"} | UNKNOWN_TOOL
          tools/call | {"name":"Write_file"} | UNKNOWN_TOOL
          tools/call | {"name":"clock.now"} | UNKNOWN_TOOL
          tools/call | {"arguments":{}} | UNKNOWN_TOOL
          tools/call | {} | UNKNOWN_TOOL
          tools/call | {"name":5} | INVALID_REQUEST
          tools/call | {"name":null} | INVALID_REQUEST
          tools/call | {"name":["write_file"]} | INVALID_REQUEST
          tools/call | {"name":"write_file","name":"other"} | INVALID_REQUEST
          tools/call | {"name":"write_file","arguments":[]} | INVALID_REQUEST
          tools/call | {"name":"write_file","arguments":null} | INVALID_REQUEST
          tools/call | {"name":"write_file","arguments":"{}"} | INVALID_REQUEST
          tools/call | {"name":"write_file"} | INVALID_REQUEST
          tools/call | {"name":"write_file","arguments":{}} | INVALID_REQUEST
          tools/call | {"name":"write_file","arguments":{"path":"/x"},"task":{}} | UNKNOWN_ARGUMENT
          tools/call | {"name":"write_file","arguments":{"path":"/x"},"inputResponses":{}} | UNKNOWN_ARGUMENT
          tools/call | {"name":"write_file","arguments":{"path":"/x"},"Arguments":{}} | UNKNOWN_ARGUMENT
          tools/call | {"name":"write_file","arguments":{"path":"/x","mode":1}} | UNKNOWN_ARGUMENT
          tools/call | {"name":"write_file","arguments":{"path":"/x","_meta":{}}} | UNKNOWN_ARGUMENT
          tools/call | {"name":"write_file","arguments":{"path":5}} | INVALID_ARGUMENT_TYPE
          tools/call | {"name":"write_file","arguments":{"path":"x"}} | AMBIGUOUS_PATH
          tools/call | {"name":"write_file","arguments":{"path":"/x/../y"}} | AMBIGUOUS_PATH
          tools/call | {"name":"write_file","arguments":{"path":"/x","arguments":1e1000}} | INVALID_ARGUMENT_VALUE
          Tools/call | {"name":"write_file","arguments":{"path":"/x"}} | UNKNOWN_TOOL
          tools/list | {} | UNKNOWN_TOOL
          resources/read | {"uri":"x","other":1} | UNKNOWN_ARGUMENT
          resources/read | {} | INVALID_REQUEST
          resources/subscribe | {"uri":"x"} | UNKNOWN_TOOL
          """)
  void call_otherMessage_isRefused(String method, String params, ErrorCode code) {
    Refused.with(code, () -> call(method, params));
  }

  @Test
  void call_namesThatReorderText_areShownEscaped() {
    assertThatThrownBy(() -> call("tools/call", "{\"name\":\"a\\u202eb\"}"))
        .hasMessage("the service has no tool a\\u{202e}b");
    assertThatThrownBy(() -> call("tools/call", "{\"name\":\"write_file\",\"a\\nb\":1}"))
        .hasMessage("a call of a tool has no member a\\nb");
  }

  /** The argument that is called like the member which holds all of them. */
  @Test
  void call_numberWithoutACanonicalForm_isNamed() {
    assertThatThrownBy(
            () -> call("tools/call", "{\"name\":\"write_file\",\"arguments\":{\"path\":[1e1000]}}"))
        .hasMessageStartingWith("argument \"path\" has an exponent");
    assertThatThrownBy(() -> call("resources/read", "{\"uri\":1e1000}"))
        .hasMessageStartingWith("argument \"uri\" has an exponent");
    assertThatThrownBy(() -> call("resources/read", "{\"a\\u202eb\":1e1000}"))
        .hasMessageStartingWith("argument \"a\\u{202e}b\" has an exponent");
  }
}
