package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedContentTest {
  private static final int MAX = 5;
  private static final byte[] MOST = {0, 1, 2, 3, 4};
  private static final byte[] MORE = {0, 1, 2, 3, 4, 5};
  private static final byte[] NOTHING = {};
  private static final Map<String, String> NONE = Map.of();
  private static final Map<String, String> CHUNKED = Map.of("Transfer-Encoding", "chunked");

  private static IncomingRequest request(Map<String, String> fields, byte[] content) {
    return IncomingRequest.of("PUT", "/uploads", true, fields, content);
  }

  private static byte[] read(Map<String, String> fields, byte[] content) throws RefusedException {
    return BoundedContent.of(request(fields, content), MAX);
  }

  private static Map<String, String> length(String text) {
    return Map.of("Content-Length", text);
  }

  private static void assertRefused(
      Map<String, String> fields, byte[] content, int status, String code) {
    assertThatThrownBy(() -> read(fields, content))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).hasToString(status + " " + code));
  }

  @Test
  void content_ofTheMostBytes_isRead() throws RefusedException {
    assertThat(read(length("5"), MOST)).isEqualTo(MOST);
    assertThat(read(CHUNKED, MOST)).isEqualTo(MOST);
    assertThat(read(NONE, MOST)).as("over HTTP/2").isEqualTo(MOST);
  }

  @Test
  void content_ofNothing_isEmpty() throws RefusedException {
    for (Map<String, String> fields : List.of(length("0"), NONE)) {
      assertThat(read(fields, NOTHING)).isEmpty();
    }
  }

  /** Whoever read it before may have kept arguments that nobody judges. */
  @Test
  void content_announcedAndNotThere_isNotSeen() {
    assertRefused(CHUNKED, NOTHING, 400, "content_not_seen");
    assertRefused(length("5"), NOTHING, 400, "content_not_seen");
  }

  @Test
  void content_ofOneByteMore_isTooLarge() {
    for (Map<String, String> fields : List.of(length("6"), length("9"), CHUNKED, NONE)) {
      assertRefused(fields, MORE, 413, "content_too_large");
    }
  }

  @Test
  void content_ofAnotherLengthThanStated_isRefused() {
    assertRefused(length("4"), MOST, 400, "invalid_request");
    assertRefused(length("5"), new byte[4], 400, "invalid_request");
    assertRefused(length("0"), new byte[1], 400, "invalid_request");
    assertRefused(length("4"), new byte[5], 400, "invalid_request");
  }

  @Test
  void length_ofEighteenDigits_isTheLongest() throws RefusedException {
    assertThat(read(length("0".repeat(17) + "5"), MOST)).isEqualTo(MOST);
    assertRefused(length("0".repeat(18) + "5"), MOST, 400, "invalid_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+5", "-1", "x5", "5x", "5 ", "5/", "5:", "0x5", "5.", "\u0665"})
  void length_thatIsNoNumber_isRefused(String length) {
    assertRefused(length(length), MOST, 400, "invalid_request");
  }

  @Test
  void length_besideChunks_isRefused() {
    assertRefused(
        Map.of("Content-Length", "5", "Transfer-Encoding", "chunked"),
        MOST,
        400,
        "invalid_request");
  }

  private static boolean isFew(String content, int most) {
    return BoundedContent.isFew(content.getBytes(StandardCharsets.US_ASCII), most);
  }

  /** Sixteen parts of JSON at most, whatever sign begins each, and so many bytes. */
  @Test
  void few_asManyPartsAndBytesAsCostLittle() {
    for (String sign : List.of(",", "[", "{", ",[{,", "{[,{")) {
      String most = sign.repeat(16 / sign.length());
      assertThat(isFew(most, 16)).as(most).isTrue();
      assertThat(isFew(most, 15)).as(most).isFalse();
      assertThat(isFew(most + sign.charAt(0), 100)).as(most).isFalse();
    }
    assertThat(isFew("a".repeat(100), 100)).isTrue();
    assertThat(isFew("a".repeat(101), 100)).isFalse();
    assertThat(isFew("", 0)).isTrue();
  }
}
