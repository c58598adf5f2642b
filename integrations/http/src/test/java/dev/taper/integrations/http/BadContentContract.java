package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.integrations.http.Wire.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What every guarded service does with contents that no honest client sends. */
abstract class BadContentContract extends BadInputContract {
  private static final String COMMENT = "/issues/7/comments";

  private Answer post(SentHttp proven, byte[] body, String... fields) throws Exception {
    return Wire.send(
        service(),
        proven.method() + " " + proven.target() + " HTTP/1.1",
        with(world.presented(proven), fields),
        body);
  }

  private SentHttp comment(byte[] content) {
    return sent("POST", COMMENT).content("application/json", content);
  }

  private static byte[] chunked(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < content.length; at += 1000) {
      int length = Math.min(1000, content.length - at);
      out.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.write(content, at, length);
      out.writeBytes(bytes("\r\n"));
    }
    out.writeBytes(bytes("0\r\n\r\n"));
    return out.toByteArray();
  }

  @Test
  void content_chunked_isReadAsOneAndBounded() throws Exception {
    byte[] json = bytes("{\"text\":\"" + "a".repeat(5000) + "\"}");
    String[] fields = {"Content-Type: application/json", "Transfer-Encoding: chunked"};
    assertThat(post(comment(json), chunked(json), fields).status()).isEqualTo(200);
    assertThat(service().reached.get(0).content()).isEqualTo(json);
    service().reached.clear();

    byte[] other = bytes("{\"text\":\"" + "b".repeat(5000) + "\"}");
    assertRefused(post(comment(json), chunked(other), fields), 401, "request_mismatch");
    byte[] large = bytes("{\"text\":\"" + "a".repeat(65_536) + "\"}");
    assertRefused(post(comment(large), chunked(large), fields), 413, "content_too_large");
  }

  /** Who read it before could have kept its arguments, and nobody here could say so. */
  @Test
  void content_announcedAndNotThere_isNotSeen() throws Exception {
    String type = "Content-Type: application/json";
    assertRefused(
        post(comment(NOTHING), chunked(NOTHING), type, "Transfer-Encoding: chunked"),
        400,
        "content_not_seen");
    SentHttp search = sent("GET", SEARCH);
    assertRefused(
        post(search, chunked(NOTHING), "Transfer-Encoding: chunked"), 400, "content_not_seen");
  }

  /** A tool without content gets none, however it is sent. */
  @Test
  void content_ofAToolWithoutContent_isRefused() throws Exception {
    byte[] json = bytes("{\"limit\":500}");
    SentHttp search = sent("GET", SEARCH);
    for (String[] fields :
        List.of(
            new String[] {"Content-Length: " + json.length},
            new String[] {"Transfer-Encoding: chunked"})) {
      byte[] body = fields[0].startsWith("T") ? chunked(json) : json;
      assertRefused(post(search, body, fields), 401, "request_mismatch");
      SentHttp proven = search.content(null, json);
      assertRefused(post(proven, body, fields), 400, "invalid_request");
    }
    assertThat(post(search, NOTHING, "Content-Length: 0").status()).isEqualTo(200);
  }

  /** The server says by itself that it wants the content. */
  @Test
  void content_expected_isReadAndJudged() throws Exception {
    byte[] json = bytes("{\"text\":\"a\"}");
    String[] fields = {
      "Content-Type: application/json", "Content-Length: " + json.length, "Expect: 100-continue"
    };
    assertThat(post(comment(json), json, fields).head()).contains(" 200 ");
    assertThat(service().reached.get(0).content()).isEqualTo(json);
    service().reached.clear();
    assertThat(post(comment(NOTHING), json, fields).body()).contains("request_mismatch");
    assertThat(service().reached).isEmpty();
  }

  @Test
  void content_tooLarge_isRefusedUnread() throws Exception {
    byte[] large = bytes("{\"text\":\"" + "a".repeat(65_536) + "\"}");
    assertRefused(
        post(
            comment(large),
            NOTHING,
            "Content-Type: application/json",
            "Content-Length: " + large.length),
        413,
        "content_too_large");
  }

  /** A client keeps a connection for its next call, unless the answer says that this one ends. */
  @Test
  void content_behindARefusal_endsTheConnectionOnlyIfTheAnswerSaysSo() throws Exception {
    byte[] json = bytes("{\"text\":\"a\"}");
    String[] fields = {"Content-Type: application/json", "Content-Length: " + json.length};
    List<String> doubled = with(world.presented(comment(json)), "Authorization: Basic eDp5");
    try (Wire.Kept kept = Wire.keep(service())) {
      Answer refused =
          kept.send("POST " + COMMENT + " HTTP/1.1", with(doubled, fields), NOTHING, json);
      assertRefused(refused, 400, "invalid_request");
      if (!refused.has("Connection", "close")) {
        assertThat(kept.send("GET " + SEARCH + " HTTP/1.1", search(), NOTHING, NOTHING).status())
            .isEqualTo(200);
      }
    }
  }

  @Test
  void content_empty_isNoContent() throws Exception {
    String[] fields = {"Content-Type: application/json", "Content-Length: 0"};
    assertThat(post(comment(NOTHING), NOTHING, fields).status()).isEqualTo(200);
    assertThat(service().reached.get(0).content()).isEmpty();
  }

  @Test
  void content_changedOnTheWay_isRefused() throws Exception {
    byte[] json = bytes("{\"text\":\"a\"}");
    byte[] other = bytes("{\"text\":\"b\"}");
    String type = "Content-Type: application/json";
    assertRefused(
        post(comment(json), other, type, "Content-Length: " + other.length),
        401,
        "request_mismatch");
    assertRefused(post(comment(json), NOTHING, type, "Content-Length: 0"), 401, "request_mismatch");
    Answer early = post(comment(json), bytes("{"), type, "Content-Length: " + json.length);
    assertRefused(early, 400, "invalid_request");
    Answer both =
        post(
            comment(json),
            chunked(json),
            type,
            "Content-Length: " + json.length,
            "Transfer-Encoding: chunked");
    refusedForLengths(both, json);
  }

  /** A server may read chunks that have a length, too, if what it reads is what is judged. */
  void refusedForLengths(Answer both, byte[] content) {
    refused(both, "400", "400");
  }

  @Test
  void content_compressed_isForToolsThatTakeItWhole() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes("{\"text\":\"a\"}"));
    }
    byte[] zipped = out.toByteArray();
    String[] fields = {
      "Content-Type: application/json", "Content-Encoding: gzip", "Content-Length: " + zipped.length
    };
    assertRefused(post(comment(zipped), zipped, fields), 401, "request_mismatch");
    assertRefused(
        post(comment(zipped).contentEncoding("gzip"), zipped, fields), 400, "invalid_request");
    SentHttp upload =
        sent("PUT", "/uploads").content("application/json", zipped).contentEncoding("gzip");
    assertThat(post(upload, zipped, fields).status()).isEqualTo(200);
    assertThat(service().reached.get(0).content()).isEqualTo(zipped);
  }

  @Test
  void content_multipart_isForToolsThatTakeItWhole() throws Exception {
    byte[] parts = bytes("--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n");
    String type = "multipart/form-data; boundary=x";
    String[] fields = {"Content-Type: " + type, "Content-Length: " + parts.length};
    assertRefused(
        post(sent("POST", COMMENT).content(type, parts), parts, fields), 400, "invalid_request");
    assertThat(post(sent("PUT", "/uploads").content(type, parts), parts, fields).status())
        .isEqualTo(200);
    assertThat(service().reached.get(0).content()).isEqualTo(parts);
  }

  @Test
  void content_form_isArguments() throws Exception {
    byte[] form = bytes("name=a%20b");
    String type = "application/x-www-form-urlencoded";
    String[] fields = {"Content-Type: " + type, "Content-Length: " + form.length};
    assertThat(post(sent("POST", "/forms").content(type, form), form, fields).status())
        .isEqualTo(200);
    assertThat(service().reached.get(0).call()).contains("\"name\":\"a b\"");
    assertThat(service().reached.get(0).content()).isEqualTo(form);
  }

  /** What the servers themselves refuse: nobody can say where such a request ends. */
  @Test
  void content_ofOddLengths_isRefused() throws Exception {
    byte[] json = bytes("{\"text\":\"a\"}");
    String type = "Content-Type: application/json";
    String length = "Content-Length: ";
    refused(
        post(comment(json), json, type, length + json.length, length + (json.length + 1)),
        "400",
        "400");
    refused(post(comment(json), json, type, length + "-1"), "400", "400");
    refused(post(comment(json), json, type, length + "1x"), "400", "400");
    refused(post(comment(json), json, type, "Transfer-Encoding: gzip"), "501", "400");
    String chunked = "Transfer-Encoding: chunked";
    assertRefused(
        post(comment(json), bytes("zz\r\nx\r\n0\r\n\r\n"), type, chunked), 400, "invalid_request");
    assertRefused(post(comment(json), bytes("c\r\n{\"te"), type, chunked), 400, "invalid_request");
  }
}
