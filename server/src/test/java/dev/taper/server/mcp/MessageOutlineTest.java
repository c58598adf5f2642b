package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpMeta;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageOutlineTest {
  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":%s,
       "_meta":{"dev.taper/token":"abc","io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}
      """;

  private static final HttpRefusal REFUSAL = HttpRefusal.of(401, "token_required", null);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MessageOutline outline(String text) throws RpcFault {
    return MessageOutline.of(utf8(text));
  }

  @Test
  void of_call_findsWhatARefusalNeeds() throws RpcFault {
    MessageOutline outline =
        outline(CALL.formatted("{\"name\":\"other\",\"_meta\":{\"dev.taper/token\":\"no\"}}"));

    assertThat(outline.isRequest()).isTrue();
    assertThat(outline.presented()).isEqualTo("abc");
    assertThat(outline.request(REFUSAL))
        .isEqualTo(
            new RpcMessage.Request(
                7L,
                "tools/call",
                Map.of(
                    "name",
                    "echo",
                    "_meta",
                    Map.of(
                        McpMeta.UNREAD,
                        REFUSAL,
                        McpMeta.TOKEN,
                        "abc",
                        McpMeta.VERSION,
                        "2026-07-28"))));
    assertThat(McpMeta.isUnread(outline.request(REFUSAL).params())).isTrue();
  }

  @Test
  void of_escapedNames_areThoseThatTheyMean() throws RpcFault {
    MessageOutline outline =
        outline(
            """
            {"\\u0069d":"\\u0061\\n","m\\u0065thod":"tools\\/call",
             "params":{"\\u005fmeta":{"dev.taper\\/token":"a\\u0062c"},"n\\u0061me":"\\u00e9"}}
            """);

    assertThat(outline.presented()).isEqualTo("abc");
    assertThat(outline.request(REFUSAL).id()).isEqualTo("a\n");
    assertThat(outline.request(REFUSAL).method()).isEqualTo("tools/call");
    assertThat(outline.request(REFUSAL).params()).containsEntry("name", "é");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1,\"method\":\"a\",\"id\":2}",
        "{\"id\":1,\"method\":\"a\",\"\\u0069d\":2}",
        "{\"id\":1,\"method\":\"a\",\"params\":{\"_meta\":{},\"_meta\":{}}}",
        "{\"id\":1,\"method\":\"a\",\"params\":{\"_meta\":{\"dev.taper/token\":\"a\","
            + "\"dev.taper/token\":\"b\"}}}",
        "{\"id\":1,\"method\":\"a\",\"params\":{\"_meta\":{\"dev.taper/token\":\"a\","
            + "\"dev.taper\\/token\":\"b\"}}}",
      })
  void of_memberThatCountsTwice_isRefused(String text) {
    assertThatThrownBy(() -> outline(text)).hasMessageStartingWith("invalid_json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"id\":1,\"method\":\"a\"",
        "{\"id\":1,\"method\":\"a\"}}",
        "{\"id\":1,\"method\":\"a\",}",
        "{\"id\":1 \"method\":\"a\"}",
        "{\"id\":1,\"method\":\"a\",\"params\":{\"x\":[1,2}}}",
        "{\"id\":1,\"method\":\"a\",\"params\":{\"x\":\"\n\"}}",
        "{\"id\":1,\"method\":\"a\",\"params\":{\"x\":\"\\u00\"}",
        "{\"id\":1,\"method\":\"a\",\"params\":{\"x\":nul}}",
        "\"text\"",
        "7",
      })
  void of_noMessage_isRefused(String text) {
    assertThatThrownBy(() -> outline(text)).hasMessageStartingWith("invalid_json");
  }

  @Test
  void of_deepNesting_isRefusedAsTheReaderRefusesIt() throws RpcFault {
    for (int depth : new int[] {61, 62, 63, 64, 65, 100_000}) {
      String text = CALL.formatted("[".repeat(depth) + "]".repeat(depth));
      boolean isOutlined = isAccepted(() -> outline(text));
      assertThat(isOutlined).as("%s", depth).isEqualTo(isAccepted(() -> RpcText.read(text)));
    }
  }

  private interface Reading {
    Object read() throws RpcFault;
  }

  private static boolean isAccepted(Reading reading) {
    try {
      return reading.read() != null;
    } catch (RpcFault e) {
      return false;
    }
  }

  /** The readers are asked in the order of the fence: nothing is built before the token is good. */
  @Test
  void read_tokenThatIsNotGood_buildsNothingOfTheRest() throws RpcFault {
    List<@Nullable String> asked = new ArrayList<>();
    byte[] bytes = utf8(CALL.formatted("[" + "{},".repeat(100_000) + "1e-305]"));

    RpcMessage read =
        RpcText.read(
            bytes,
            (method, token) -> {
              asked.add(token);
              return REFUSAL;
            });

    assertThat(asked).containsExactly("abc");
    assertThat(((RpcMessage.Request) read).params()).containsOnlyKeys("name", "_meta");
  }

  @Test
  void read_whateverItsToken_isReadIfItIsSmall() throws RpcFault {
    Admission small = (method, token) -> REFUSAL;
    String many = "[" + "0,".repeat(300) + "0]";

    RpcMessage few = RpcText.read(utf8(CALL.formatted("[0]")), small);
    RpcMessage more = RpcText.read(utf8(CALL.formatted(many)), small);

    assertThat(McpMeta.isUnread(((RpcMessage.Request) few).params())).isFalse();
    assertThat(McpMeta.isUnread(((RpcMessage.Request) more).params())).isTrue();
    assertThatThrownBy(
            () ->
                RpcText.read(
                    utf8("{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":{\"x\":" + many + "}}"),
                    small))
        .hasMessageStartingWith("message_too_long");
  }

  @Test
  void of_anything_allocatesNothingForEachByte() throws RpcFault {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String part : List.of("{},", "[],", "0,", "\"\\u0061\",", "{\"\\u0061\":0},", "1e-305,")) {
      byte[] bytes = utf8(CALL.formatted("[" + part.repeat(100_000) + "0]"));
      MessageOutline unused = outline(CALL.formatted("0"));
      long before = threads.getCurrentThreadAllocatedBytes();
      MessageOutline again = MessageOutline.of(bytes);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(again.isSmall()).as(part).isFalse();
      assertThat(allocated).as(part).isLessThan(16 * 1024);
    }
  }
}
