package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.integrations.http.Wire.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What every guarded service does with requests that no honest client sends. */
abstract class BadInputContract extends ServiceContract {
  private static final String SEARCH = "/projects/ACME/issues?limit=5";
  private static final String COMMENT = "/issues/7/comments";

  private List<String> search() {
    return world.presented(sent("GET", SEARCH));
  }

  private static List<String> with(List<String> fields, String... more) {
    List<String> all = new ArrayList<>(fields);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void fields_doubled_areRefused() throws Exception {
    for (int i = 0; i < 2; i++) {
      Answer answer = get(SEARCH, with(search(), search().get(i)));
      assertRefused(answer, 400, "invalid_request");
    }
    assertRefused(
        get(SEARCH, with(search(), "Taper-Token: " + world.token.encodeBase64())),
        400,
        "invalid_request");
    assertRefused(get(SEARCH, with(search(), "Authorization: Basic eDp5")), 400, "invalid_request");
    String joined = search().get(1);
    assertRefused(
        get(SEARCH, List.of(search().get(0), joined + ", " + joined.substring(13))),
        401,
        "malformed_holder_proof");
    assertRefused(
        get(SEARCH, with(search(), "X-HTTP-Method-Override: DELETE")), 400, "invalid_request");
  }

  /** Servers refuse a folded field, or hand on what is no token. */
  @Test
  void fields_folded_areRefused() throws Exception {
    String token = world.token.encodeBase64();
    Answer answer =
        get(
            SEARCH,
            List.of(
                "Taper-Token: " + token.substring(0, 20) + "\r\n " + token.substring(20),
                search().get(1)));
    assertThat(answer.status()).isIn(400, 401);
    assertThat(service().reached).isEmpty();
  }

  @Test
  void fields_tooLong_areRefused() throws Exception {
    Answer token = get(SEARCH, List.of("Authorization: Taper " + "A".repeat(64 * 1024)));
    assertThat(token.status()).isEqualTo(431);
    Answer proof = get(SEARCH, with(search().subList(0, 1), "Taper-Proof: " + "A".repeat(8193)));
    assertThat(proof.status()).isEqualTo(431);
    assertThat(service().reached).isEmpty();
  }

  @Test
  void fields_notBase64url_areRefused() throws Exception {
    List<String> good = search();
    for (String bad : List.of("%41", "a b", "a/b", "ä", "a=b=", "é", "a\tb")) {
      assertThat(get(SEARCH, List.of("Taper-Token: " + bad)).status()).isIn(400, 401);
      assertThat(get(SEARCH, List.of(good.get(0), "Taper-Proof: " + bad)).status()).isIn(400, 401);
      assertThat(get(SEARCH, with(good, "Taper-Approval: " + bad)).status()).isIn(400, 401);
    }
    assertRefused(get(SEARCH, List.of(good.get(0) + "=", good.get(1))), 401, "invalid_base64");
    assertRefused(
        get(SEARCH, List.of(good.get(0), good.get(1) + "=")), 401, "malformed_holder_proof");
    assertRefused(get(SEARCH, with(good, "Taper-Approval: AA")), 401, "malformed_approval");
    assertRefused(get(SEARCH, with(good, "Taper-Approval: AA,")), 401, "malformed_approval");
    assertRefused(
        get(SEARCH, with(good, "Taper-Approval: " + "A,".repeat(20))), 401, "malformed_approval");
  }

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
    assertThat(early.status()).isNotEqualTo(200);
    Answer both =
        post(
            comment(json),
            chunked(json),
            type,
            "Content-Length: " + json.length,
            "Transfer-Encoding: chunked");
    assertThat(both.status()).isEqualTo(400);
    assertThat(service().reached).isEmpty();
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

  @Test
  void target_inOtherForms_isRefused() throws Exception {
    for (String target :
        List.of(
            "http://127.0.0.1:" + service().port() + SEARCH + "&x=1",
            "*",
            "//127.0.0.1" + SEARCH,
            SEARCH + "#x",
            "/projects/./ACME/issues",
            "/projects/x/../ACME/issues?limit=5",
            "/projects//ACME/issues",
            "/projects/AC%2fME/issues",
            "/projects/ACME/issues;a=b",
            "/projects/ACME/issues%3Flimit=5")) {
      Answer answer = get(target, search());
      assertThat(answer.status()).as(target).isIn(400, 401, 404);
      assertThat(service().reached).isEmpty();
    }
  }

  @Test
  void method_ofAnotherSpelling_isRefused() throws Exception {
    for (String method : List.of("get", "Get", "TRACE", "HEAD", "OPTIONS", "FOO")) {
      Answer answer = Wire.send(service(), method + " " + SEARCH + " HTTP/1.1", search(), NOTHING);
      assertThat(answer.status()).as(method).isIn(400, 401, 405, 501);
      assertThat(service().reached).isEmpty();
    }
  }

  @Test
  void host_missingDoubledOrAnother_isRefused() throws Exception {
    List<String> presented = search();
    String fields = String.join("\r\n", presented) + "\r\nConnection: close\r\n\r\n";
    String start = "GET " + SEARCH + " HTTP/1.1\r\n";
    String host = "Host: 127.0.0.1:" + service().port() + "\r\n";
    for (String hosts :
        List.of("", host + host, "Host: jira.example.com\r\n", "Host: a b\r\n", "Host: \r\n")) {
      Answer answer = Wire.raw(service().port(), start + hosts + fields, NOTHING);
      assertThat(answer.status()).as(hosts).isIn(400, 401);
      assertThat(service().reached).isEmpty();
    }
    assertThat(Wire.raw(service().port(), start + host + fields, NOTHING).status()).isEqualTo(200);
  }

  /** A cache between must not answer anybody with what it has from an earlier call. */
  @Test
  void answers_throughACache_areNeverKept() throws Exception {
    assertThat(get(SEARCH, search()).has("Cache-Control", "no-store")).isTrue();
    assertThat(get(SEARCH, List.of()).has("Cache-Control", "no-store")).isTrue();
    assertThat(get("/.well-known/taper", List.of()).has("Cache-Control", "no-store")).isTrue();
  }
}
