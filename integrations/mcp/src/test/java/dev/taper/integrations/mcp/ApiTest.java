package dev.taper.integrations.mcp;

import dev.taper.testing.ApiContract;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return McpGuard.class;
  }
}
