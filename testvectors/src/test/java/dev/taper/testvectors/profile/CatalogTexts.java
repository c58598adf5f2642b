package dev.taper.testvectors.profile;

/** The catalogs that the vectors are about. */
final class CatalogTexts {
  static final String ORIGIN = "https://acme.example.com";

  /** One service over HTTP, with every kind of argument. */
  static final String HTTP =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "origins": [{"origin": "https://{tenant}.example.com", "prefix": "/jira"},
                   {"origin": "https://api.example.com:8443"}],
       "tools": {
         "issue.search": {
           "operation": "read", "resource": "jira:project/{project}",
           "http": {"method": "GET", "path": "/projects/{project}/issues"},
           "arguments": {
             "tenant": {"type": "string"}, "project": {"type": "string", "required": true},
             "limit": {"type": "integer"}, "ratio": {"type": "number"}, "deep": {"type": "boolean"},
             "tags": {"type": "array", "list": true}, "query": {"type": "string"},
             "any": {"type": "any"}, "trace": {"dropped": true},
             "priority": {"type": "string", "field": "X-Priority"}}},
         "issue.mine": {
           "operation": "read", "http": {"method": "GET", "path": "/projects/mine/issues"},
           "arguments": {"tenant": {"type": "string"}, "limit": {"type": "integer"}}},
         "issue.create": {
           "operation": "write", "http": {"method": "POST", "path": "/issues"},
           "arguments": {
             "tenant": {"type": "string"}, "id": {"type": "string"},
             "title": {"type": "string", "required": true}, "note": {"type": "string", "is": "text"},
             "link": {"type": "string", "is": "url"}, "file": {"type": "string", "is": "path"},
             "host": {"type": "string", "is": "host"}, "amount": {"type": "number", "unit": "EUR"},
             "list": {"type": "array", "list": true}, "map": {"type": "object", "opaque": true},
             "due": {"type": "string", "nullable": true},
             "links": {"type": "array", "is": "url"}}},
         "issue.attach": {
           "operation": "write", "resource": "jira:issue/{id}",
           "http": {"method": "PUT", "path": "/issues/{id}/file"},
           "content": {"argument": "upload"},
           "arguments": {
             "tenant": {"type": "string"}, "id": {"type": "integer"},
             "upload": {"type": "any", "opaque": true}}}}}
      """;

  /** A server of the Model Context Protocol, and a tool that is called by its name alone. */
  static final String MCP =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "tools": {
         "files.read": {
           "operation": "read", "resource": "{+uri}", "mcp": {"method": "resources/read"},
           "arguments": {"uri": {"type": "string", "required": true}}},
         "files.prompt": {
           "operation": "read", "mcp": {"method": "prompts/get"},
           "arguments": {"name": {"type": "string"}, "arguments": {"type": "object"}}},
         "files.write": {
           "operation": "write", "resource": "file://{+path}",
           "mcp": {"method": "tools/call", "name": "write_file"},
           "arguments": {
             "path": {"type": "string", "is": "path", "required": true},
             "content": {"type": "string", "is": "text"}, "arguments": {"type": "integer"}}},
         "jira.search": {
           "operation": "read", "resource": "jira:project/ACME/{project}",
           "arguments": {
             "project": {"type": "string", "required": true}, "limit": {"type": "integer"},
             "note": {"type": "string", "opaque": true}}}}}
      """;

  private CatalogTexts() {}

  /** A catalog of one tool {@code t}, whose other members are given. */
  static String tool(String members) {
    return catalog("\"tools\":{\"t\":{" + members + "}}");
  }

  /** A catalog of one tool {@code t} that is called over HTTP. */
  static String httpTool(String path, String members) {
    return catalog(
        "\"origins\":[{\"origin\":\"https://x.example\"}],\"tools\":{\"t\":{\"http\":{\"method\":\"GET\","
            + "\"path\":\""
            + path
            + "\"}"
            + (members.isEmpty() ? "" : "," + members)
            + "}}");
  }

  static String catalog(String members) {
    return "{\"format\":\"taper/1 catalog\",\"audience\":\"svc:x\"," + members + "}";
  }
}
