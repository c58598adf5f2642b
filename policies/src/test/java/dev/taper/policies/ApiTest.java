package dev.taper.policies;

import dev.taper.testing.ApiContract;

class ApiTest extends ApiContract {
  @Override
  protected Class<?> anchor() {
    return Policies.class;
  }
}
