package dev.taper.integrations.langchain4j;

import dev.taper.testing.ApiContract;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return McpCredentials.class;
  }
}
