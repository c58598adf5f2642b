package dev.taper.agent.catalog;

import static dev.taper.agent.catalog.Catalogs.ORIGIN;
import static dev.taper.agent.catalog.Catalogs.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.ArgumentType.Kind;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import dev.taper.testing.Refused;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tool an HTTP request calls, by its origin, method and path. */
class HttpRoutesTest {
  private final ToolCatalog catalog = Catalogs.http();

  @ParameterizedTest
  @CsvSource({
    "/projects/Q3/issues, issue.search, Q3",
    "/projects/Q%203/issues, issue.search, Q 3",
    "/projects/a+b/issues, issue.search, a+b", // no space in a path
    "/projects/%C3%A9/issues, issue.search, é",
    "/projects/mine/issues, issue.mine, ", // a literal comes before a name
    "/projects/Mine/issues, issue.search, Mine",
  })
  void call_path_takesTheRoute(String path, String tool, @Nullable String project) {
    ToolCall call = catalog.call(get(path));

    assertThat(call.tool()).isEqualTo(tool);
    if (project != null) {
      assertThat(call.arguments().string("project")).isEqualTo(project);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, UNKNOWN_TOOL",
    "/projects, UNKNOWN_TOOL",
    "/projects/Q3, UNKNOWN_TOOL",
    "/projects/Q3/issues/, UNKNOWN_TOOL",
    "/projects/Q3/issues/1, UNKNOWN_TOOL",
    "/Projects/Q3/issues, UNKNOWN_TOOL",
    "/projects/Q3/issues.json, UNKNOWN_TOOL",
    "/issues, UNKNOWN_TOOL", // POST only
    "//projects/Q3/issues, AMBIGUOUS_PATH",
    "/projects//issues, AMBIGUOUS_PATH",
    "/projects/./issues, AMBIGUOUS_PATH",
    "/projects/x/../mine/issues, AMBIGUOUS_PATH",
    "/projects/../projects/Q3/issues, AMBIGUOUS_PATH",
    "/../jira/projects/Q3/issues, AMBIGUOUS_PATH",
    "/projects/%2e%2e/issues, AMBIGUOUS_PATH",
    "/projects/..;/issues, AMBIGUOUS_PATH",
    // Servers drop what is behind a semicolon, and would take the first for issue.mine:
    "/projects/mine;x/issues, AMBIGUOUS_PATH",
    "/projects/mine;/issues, AMBIGUOUS_PATH",
    "/projects/a;b/issues, AMBIGUOUS_PATH",
    "/projects/Q3/issues;v=1, AMBIGUOUS_PATH",
    "/projects/..%20/issues, AMBIGUOUS_PATH",
    "/projects/%20/issues, AMBIGUOUS_PATH",
    "/projects/a%2Fb/issues, AMBIGUOUS_PATH",
    "/projects/a%5Cb/issues, AMBIGUOUS_PATH",
    "/projects/a%252Fb/issues, AMBIGUOUS_PATH",
    "/projects/%41/issues, AMBIGUOUS_PATH", // A, which needs no escape
    "/projects/%c3%a9/issues, AMBIGUOUS_PATH", // escapes in lower case
    "/projects/e%CC%81/issues, AMBIGUOUS_PATH",
    "/projects/%E2%81%84/issues, AMBIGUOUS_PATH", // looks like a slash
    "/projects/%C0%AF/issues, AMBIGUOUS_PATH",
    "/projects/%00/issues, AMBIGUOUS_PATH",
    "/projects/%/issues, AMBIGUOUS_PATH",
    // One segment, which does not become two segments of the resource:
    "/projects/a:b/issues, INVALID_ARGUMENT_VALUE",
    "/projects/a@b/issues, INVALID_ARGUMENT_VALUE",
    "/projects/a%3Fb/issues, INVALID_ARGUMENT_VALUE",
    "/projects/a%23b/issues, INVALID_ARGUMENT_VALUE",
    "/projects/http:/issues, AMBIGUOUS_URL",
  })
  void call_otherPath_isRefused(String path, ErrorCode code) {
    Refused.with(code, () -> catalog.call(get(path)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "POST", "PUT", "DELETE", "OPTIONS", "M-SEARCH"})
  void call_otherMethod_isUnknown(String method) {
    Refused.with(
        ErrorCode.UNKNOWN_TOOL,
        () -> catalog.call(SentHttp.of(method, ORIGIN, "/jira/projects/Q3/issues")));
  }

  @Test
  void call_routesThatBothMatch_theOneThatIsLiteralEarlierIsTaken() {
    ToolCatalog routes =
        ToolCatalog.of("svc:x")
            .origin("https://x.example")
            .tool(routed("all", "/{a}/{b}/{c}"))
            .tool(routed("last", "/{a}/{b}/c"))
            .tool(routed("middle", "/{a}/b/{c}"))
            .tool(routed("first", "/a/{b}/{c}"))
            .tool(routed("none", "/a/b/c"))
            .build();

    for (String[] expected :
        new String[][] {
          {"/a/b/c", "none"},
          {"/a/b/x", "first"},
          {"/a/x/c", "first"},
          {"/x/b/c", "middle"},
          {"/x/x/c", "last"},
          {"/x/x/x", "all"},
          {"/a/x/x", "first"},
        }) {
      SentHttp sent = SentHttp.of("GET", "https://x.example", expected[0]);
      assertThat(routes.call(sent).tool()).as(expected[0]).isEqualTo(expected[1]);
    }
    Refused.with(
        ErrorCode.UNKNOWN_TOOL,
        () -> routes.call(SentHttp.of("GET", "https://x.example", "/x/x/")));
  }

  private static CatalogTool routed(String name, String path) {
    CatalogTool tool = CatalogTool.of(name).http(new CatalogTool.HttpRoute("GET", path));
    for (String argument : new CatalogTool.HttpRoute("GET", path).names()) {
      tool = tool.argument(argument, CatalogTool.Argument.required(ArgumentType.of(Kind.STRING)));
    }
    return tool;
  }

  // Origins

  @ParameterizedTest
  @CsvSource({
    "https://acme.example.com, /jira/projects/Q3/issues, acme",
    "https://a.example.com, /jira/projects/Q3/issues, a",
    "https://a-1.example.com, /jira/projects/Q3/issues, a-1",
    "https://api.example.com:8443, /projects/Q3/issues, ",
  })
  void call_originOfTheService_givesItsLabel(
      String origin, String target, @Nullable String tenant) {
    ToolCall call = catalog.call(SentHttp.of("GET", origin, target));

    assertThat(call.arguments().has("tenant")).isEqualTo(tenant != null);
    if (tenant != null) {
      assertThat(call.arguments().string("tenant")).isEqualTo(tenant);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, /jira/projects/Q3/issues",
    "https://a.b.example.com, /jira/projects/Q3/issues",
    "https://acme.example.com:8443, /jira/projects/Q3/issues",
    "http://acme.example.com, /jira/projects/Q3/issues",
    "https://acme.example.org, /jira/projects/Q3/issues",
    "https://acmeexample.com, /jira/projects/Q3/issues",
    "https://api.example.com:8444, /projects/Q3/issues",
    // The prefix belongs to one origin and not to the other:
    "https://acme.example.com, /projects/Q3/issues",
    "https://acme.example.com, /jirax/projects/Q3/issues",
    "https://acme.example.com, /JIRA/projects/Q3/issues",
    "https://acme.example.com, /jira",
    "https://api.example.com:8443, /jira/projects/Q3/issues",
  })
  void call_otherOrigin_isUnknown(String origin, String target) {
    Refused.with(ErrorCode.UNKNOWN_TOOL, () -> catalog.call(SentHttp.of("GET", origin, target)));
  }

  /** The usual mistake is another port, or its absence: the message has both. */
  @Test
  void call_otherPort_isToldBesideTheServicesOwn() {
    ToolCatalog one =
        ToolCatalog.of("svc:x").origin("https://x.example").tool(routed("a", "/a")).build();
    assertThatThrownBy(() -> one.call(SentHttp.of("GET", "https://x.example:8443", "/a")))
        .hasMessageContaining(
            "the request is signed for https://x.example:8443, and this service is"
                + " https://x.example");
  }

  /** A tenant must not take over the origin of the service itself. */
  @Test
  void origin_literalAndNamed_theLiteralIsTaken() {
    for (List<String> order :
        List.of(
            List.of("https://{who}.example.com", "https://api.example.com"),
            List.of("https://api.example.com", "https://{who}.example.com"))) {
      ToolCatalog.Builder both = ToolCatalog.of("svc:x");
      order.forEach(both::origin);
      ToolCatalog origins = both.build();
      assertThat(origins.origin("https://api.example.com"))
          .isEqualTo(new ToolCatalog.Origin("https://api.example.com", ""));
      assertThat(origins.origin("https://a.example.com"))
          .isEqualTo(new ToolCatalog.Origin("https://{who}.example.com", ""));
      assertThat(origins.origin("https://b.org")).isNull();
    }
  }
}
