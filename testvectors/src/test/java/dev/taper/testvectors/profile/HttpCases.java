package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Arriving.byPlanner;
import static dev.taper.testvectors.profile.Arriving.proven;
import static dev.taper.testvectors.profile.Served.served;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.crypto.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Requests that reach the handler of a guarded service, in all the ways in which they may come. */
final class HttpCases {
  static final String ORIGIN = "https://jira.example.com";
  static final String JSON = "application/json";
  static final String TITLE = "{\"project\":\"ACME\",\"title\":\"x\"}";
  static final String READ_7 = meaning("\"id\":7", "read", "issue/7", "issue.read");
  static final String DELETE_7 = meaning("\"id\":7", "delete", "issue/7", "issue.delete");
  private static final String CREATED =
      meaning("\"project\":\"ACME\",\"title\":\"x\"", "write", "project/ACME", "issue.create");

  private final Cases cases =
      new Cases(
          "http",
          "Requests to a guarded service (docs/binding.md), which answers them in turn. fields are"
              + " those of the request as they stand there; meaning is the canonical form of the"
              + " call that the handler gets. Of a refusal expect has the code, the names of the"
              + " problem's members, and the answer's fields by their names in lower case.");

  private HttpCases() {}

  static JsonNode file() {
    HttpCases all = new HttpCases();
    all.addFields();
    all.addOrigins();
    all.addContents();
    all.addHolders();
    all.addApprovals();
    return all.cases.file();
  }

  private static String meaning(String args, String operation, String on, String tool) {
    return "{\"args\":{%s},\"operation\":\"%s\",\"resource\":\"jira:%s\",\"tool\":\"%s\"}"
        .formatted(args, operation, on, tool);
  }

  static Sent read() {
    return Sent.http("GET", ORIGIN, "/issues/7");
  }

  static Sent createIssue() {
    return Sent.http("POST", ORIGIN, "/issues").content(JSON, TITLE);
  }

  static Sent delete() {
    return Sent.http("DELETE", ORIGIN, "/issues/7");
  }

  static String approval(PrivateKey approver) {
    return Said.of(Served.chain(), DELETE_7).by(approver);
  }

  static String token() {
    return Messages.base64(Served.chain().held());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void good(String name, Arriving request, String meaning) {
    new Served(name, null).gets(request, served(meaning)).addTo(cases);
  }

  private static Arriving reading() {
    return byPlanner(read(), Served.chain());
  }

  private void addFields() {
    good("a token and a proof", reading(), READ_7);
    good(
        "the scheme in another case, and more spaces",
        reading().changed("Authorization", "tAPER   " + token()),
        READ_7);
    String padded = Base64.getUrlEncoder().encodeToString(Served.chain().held());
    good("a token with its padding", reading().changed("Authorization", "Taper " + padded), READ_7);
    good(
        "a declared field that is empty, as if it was not there",
        reading().with("X-Site", ""),
        READ_7);
    good(
        "the names of fields in another case",
        reading()
            .without("Authorization")
            .with("aUTHORIZATION", "Taper " + token())
            .changed("Accept", "*/*"),
        READ_7);
    good(
        "a field for the token beside another scheme",
        reading().changed("Authorization", "Bearer abc").with("Taper-Token", token()),
        READ_7);
    good(
        "a field for the token alone",
        reading().without("Authorization").with("taper-token", token()),
        READ_7);
    good(
        "fields that nobody judges",
        reading().with("Cookie", "a=b").with("Cookie", "c=d").with("User-Agent", "x"),
        READ_7);
    Sent declared = read().field("x-site", "A, b");
    good(
        "a field that the catalog declares",
        byPlanner(declared, Served.chain()).without("x-site").with("X-Site", "A, b"),
        meaning("\"id\":7,\"site\":\"A, b\"", "read", "issue/7", "issue.read"));
    good(
        "a target with escapes and a query",
        byPlanner(Sent.http("GET", ORIGIN, "/issues/7?part=a%20b&part=c"), Served.chain()),
        meaning("\"id\":7,\"part\":[\"a b\",\"c\"]", "read", "issue/7", "issue.read"));
  }

  private void addOrigins() {
    good(
        "the host in capital letters, with the default port",
        reading().changed("Host", "JIRA.example.com:443"),
        READ_7);
    good(
        "an origin with a port",
        byPlanner(Sent.http("GET", "http://[::1]:8080", "/issues/7"), Served.chain()),
        READ_7);
  }

  private void addContents() {
    good("content of JSON", byPlanner(createIssue(), Served.chain()), CREATED);
    good(
        "content in chunks",
        byPlanner(createIssue(), Served.chain())
            .without("Content-Length")
            .with("Transfer-Encoding", "chunked"),
        CREATED);
    good(
        "content of a form",
        byPlanner(
            Sent.http("POST", ORIGIN, "/issues")
                .content("application/x-www-form-urlencoded", "project=ACME&title=x"),
            Served.chain()),
        CREATED);
    good("a length of nothing", reading().with("Content-Length", "0"), READ_7);
    good(
        "a type without content",
        byPlanner(read().content("text/plain", ""), Served.chain()).without("Content-Length"),
        READ_7);
    good(
        "the longest content",
        byPlanner(attach(new byte[65_536], "application/octet-stream"), Served.chain()),
        attached(new byte[65_536]));
    byte[] packed = {31, (byte) 139, 8, 0};
    good(
        "content that is compressed, and that nobody unpacks",
        byPlanner(attach(packed, "text/plain").encoded("gzip"), Served.chain()),
        attached(packed));
    byte[] parts = utf8("--b\r\n\r\nx\r\n--b--\r\n");
    good(
        "content of several parts, which nobody takes apart",
        byPlanner(attach(parts, "multipart/form-data; boundary=b"), Served.chain()),
        attached(parts));
    good("content of no type", byPlanner(attach(parts, null), Served.chain()), attached(parts));
  }

  private static Sent attach(byte[] content, @Nullable String type) {
    return Sent.http("PUT", ORIGIN, "/issues/7/file").content(type, content);
  }

  private static String attached(byte[] content) {
    String digest = "sha256:" + Json.hex(Messages.sha256(content));
    String args = "\"id\":7,\"upload\":\"" + digest + "\"";
    return meaning(args, "write", "issue/7", "issue.attach");
  }

  private void addHolders() {
    Chain handedOn =
        Served.chain().then("holder(\"agent:scraper\");", Cast.PLANNER, Cast.SCRAPER.publicKey());
    good("a token that was handed on", proven(read(), handedOn, Cast.SCRAPER), READ_7);
    String bearer =
        Messages.base64(
            Served.chain()
                .then("", Cast.PLANNER, Cast.THROW_AWAY.publicKey())
                .bearer(Cast.THROW_AWAY));
    new Served("a bearer token where they are taken", null)
        .with("bearer", true)
        .gets(Arriving.of(read()).with("Authorization", "Taper " + bearer), served(READ_7))
        .addTo(cases);
    String sealed = Messages.base64(Served.chain().sealed(Cast.PLANNER));
    new Served("a sealed token where they are taken", null)
        .with("sealed", true)
        .gets(Arriving.of(read()).with("Taper-Token", sealed), served(READ_7))
        .addTo(cases);
    new Served("a proof at the last moment of its window", null)
        .after(Duration.ofSeconds(60))
        .gets(reading(), served(READ_7))
        .addTo(cases);
  }

  private void addApprovals() {
    String boss = approval(Cast.BOSS);
    String lawyer = approval(Cast.LAWYER);
    good("an approval", byPlanner(delete(), Served.chain(), boss), DELETE_7);
    good("two in two fields", byPlanner(delete(), Served.chain(), lawyer, boss), DELETE_7);
    Arriving both = byPlanner(delete(), Served.chain(), boss, lawyer).without("Taper-Approval");
    good("two in one field", both.with("Taper-Approval", boss + "," + lawyer), DELETE_7);
    good("two with spaces", both.with("Taper-Approval", lawyer + " ,  " + boss), DELETE_7);
  }
}
