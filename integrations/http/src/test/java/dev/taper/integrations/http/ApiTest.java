package dev.taper.integrations.http;

import dev.taper.testing.ApiContract;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return HttpGuard.class;
  }
}
