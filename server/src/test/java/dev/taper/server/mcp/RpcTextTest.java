package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.server.mcp.RpcFault.Code;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RpcTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\",\"params\":{\"n\":1.50}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"result\":{\"a\":[null,true]}}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"m\"}}"
      })
  void message_isWrittenAsItWasRead(String json) throws Exception {
    assertThat(RpcText.write(RpcText.read(json))).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "no JSON|INVALID_JSON",
        "1|INVALID_JSON",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}|INVALID_JSON",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}{}|INVALID_JSON",
        " [{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]|BATCH_NOT_ACCEPTED",
        "{\"id\":1,\"method\":\"ping\"}|INVALID_MESSAGE",
        "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"ping\"}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":1}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":null}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"result\":{}}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{}}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"result\":{}}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":\"x\",\"message\":\"m\"}}|INVALID_MESSAGE",
        "{\"jsonrpc\":\"2.0\",\"id\":1}|INVALID_MESSAGE"
      })
  void whatIsNoMessage_isRefused(String json, Code code) {
    assertThatExceptionOfType(RpcFault.class)
        .isThrownBy(() -> RpcText.read(json.getBytes(StandardCharsets.UTF_8)))
        .satisfies(fault -> assertThat(fault.code()).isEqualTo(code));
  }

  @Test
  void whatIsNotUtf8_isRefused() {
    byte[] bytes =
        "{\"jsonrpc\":\"2.0\",\"id\":\"?\",\"method\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
    bytes[23] = (byte) 0xff;
    assertThatExceptionOfType(RpcFault.class).isThrownBy(() -> RpcText.read(bytes));
  }

  @Test
  void fault_isAnsweredWithItsCode() {
    RpcMessage.Failure answer = new RpcFault(Code.INVALID_JSON, "why").answer(null);
    assertThat(answer.code()).isEqualTo(-32700);
    assertThat(answer.message()).isEqualTo("invalid_json: why");
    assertThat(answer.data()).isEqualTo(Map.of("fault", "invalid_json"));
  }
}
